#include "mock_rig.h"

#include "base/clock.h"
#include "json/json.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>

static struct mock *mock;

static int start_plain(void **state)
{
    (void)state;
    mock = rig_start(&(struct mock_options){0});
    return 0;
}

static int stop(void **state)
{
    (void)state;
    mock_stop(mock);
    mock = NULL;
    return 0;
}

/* A member of the object that a reply's body is. */
static struct json_value member(const char *body, const char *name)
{
    struct json_value object, value = {0};
    struct error err = {0};

    if (!json_parse(body, strlen(body), &object, &err))
        fail_msg("%s: %s", err.text, body);
    if (!json_member(&object, name, &value))
        fail_msg("no %s in %s", name, body);
    return value;
}

static int64_t number(const char *body, const char *name)
{
    struct json_value value = member(body, name);
    int64_t got = -1;

    assert_true(json_integer(&value, &got));
    return got;
}

static const char *ledger(void)
{
    return rig_ask(mock, "GET", "/__mock__/ledger", "", NULL)->body;
}

static void test_mapping_echoes_item_and_code(void **state)
{
    (void)state;
    struct rig_reply *reply =
        rig_map(mock, 46761, "{\"update_stock\": true, \"code\": \"A-1/1\"}");

    assert_int_equal(reply->status, 201);
    assert_string_equal(reply->body,
        "{\"pk\":4183,\"content_type\":66,\"object_id\":46761,"
        "\"integration_type\":\"external_company\",\"code\":\"A-1/1\"}");
    reply = rig_map(mock, 46762, "{\"code\": \"A-1/1\"}");
    assert_int_equal(number(reply->body, "pk"), 4184);
}

static void test_codes_are_kept_as_a_char_field_keeps_them(void **state)
{
    static const struct {
        const char *sent, *kept;
    } codes[] = {
        {"\" A 1\\t\"", "\"A 1\""},
        {"\"\\u00a0\\u3000Ç\\u2009\\n\"", "\"Ç\""},
        {"\"\\u0085x\\u001f\"", "\"x\""},
        {"\"\\ufeffx\"", "\"\xef\xbb\xbfx\""},
        {"4711", "\"4711\""},
        {"123456789012345678901234567890",
            "\"123456789012345678901234567890\""},
        {"-0", "\"0\""},
        {"1.50", "\"1.5\""},
        {"1e3", "\"1000.0\""},
        {"1e15", "\"1000000000000000.0\""},
        {"123456789012e5", "\"1.23456789012e+16\""},
        {"0.0001", "\"0.0001\""},
        {"0.00001", "\"1e-05\""},
        {"0.1", "\"0.1\""},
        {"-2.5e-7", "\"-2.5e-07\""},
    };
    char body[200];

    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        snprintf(body, sizeof body, "{\"code\":%s}", codes[i].sent);
        struct rig_reply *reply = rig_map(mock, 100 + (long)i, body);
        struct json_value code = member(reply->body, "code");
        assert_int_equal(reply->status, 201);
        snprintf(body, sizeof body, "%.*s", (int)code.len, code.text);
        assert_string_equal(body, codes[i].kept);
    }
}

static void test_long_codes_are_counted_in_characters(void **state)
{
    char body[600] = "{\"code\":\" ";

    (void)state;
    for (int i = 0; i < 255; i++)
        strcat(body, "ş");
    strcat(body, " \"}");
    assert_int_equal(rig_map(mock, 1, body)->status, 201);
    strcpy(strrchr(body, ' '), "x\"}");
    struct rig_reply *reply = rig_map(mock, 2, body);
    assert_int_equal(reply->status, 400);
    assert_string_equal(reply->body,
        "{\"code\":[\"Ensure this field has no more than 255 "
        "characters.\"]}");
}

static void test_update_stock_takes_what_a_boolean_field_takes(void **state)
{
    static const struct {
        const char *sent;
        const char *seen; // in the ledger; NULL: refused
    } flags[] = {
        {"true", "true"},
        {"false", "false"},
        {"1", "true"},
        {"0", "false"},
        {"1.0", "true"},
        {"\"yes\"", "true"},
        {"\"OFF\"", "false"},
        {"\"True\"", "true"},
        {"\"maybe\"", NULL},
        {"2", NULL},
        {"[]", NULL},
        {"{}", NULL},
        {"\"\"", NULL},
        {"\"true\\u0000\"", NULL},
    };
    char body[200], entry[200];

    (void)state;
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        snprintf(body, sizeof body, "{\"code\":\"x\",\"update_stock\":%s}",
            flags[i].sent);
        assert_int_equal(rig_map(mock, 100 + (long)i, body)->status,
            flags[i].seen ? 201 : 400);
        snprintf(entry, sizeof entry,
            "{\"order_item_id\":%zu,\"received\":[{\"code\":\"x\","
            "\"update_stock\":%s,\"applied\":%s,",
            100 + i, flags[i].seen ? flags[i].seen : "null",
            flags[i].seen ? "true" : "false");
        assert_non_null(strstr(ledger(), entry));
    }
}

static const char token[] = "Authorization: Token mock\r\n";
static const char none[] = "";

#define MAPPING "/api/i1/order_items/46761/create_mapping/"

static const struct refusal {
    const char *method, *path, *headers, *body;
    int status;
    const char *reply; // how the body begins
} refusals[] = {
    {"POST", MAPPING, rig_json, "{}", 400,
        "{\"code\":[\"This field is required.\"]}"},
    {"POST", MAPPING, rig_json, NULL, 400,
        "{\"code\":[\"This field is required.\"]}"},
    {"POST", MAPPING, rig_json, "{\"code\":null}", 400,
        "{\"code\":[\"This field may not be null.\"]}"},
    {"POST", MAPPING, rig_json, "{\"code\":\" \\t\"}", 400,
        "{\"code\":[\"This field may not be blank.\"]}"},
    {"POST", MAPPING, rig_json, "{\"code\":true}", 400,
        "{\"code\":[\"Not a valid string.\"]}"},
    {"POST", MAPPING, rig_json, "{\"code\":[\"x\"]}", 400,
        "{\"code\":[\"Not a valid string.\"]}"},
    {"POST", MAPPING, rig_json, "{\"code\":\"a\\u0000b\"}", 400,
        "{\"code\":[\"Null characters are not allowed.\"]}"},
    {"POST", MAPPING, rig_json, "{\"update_stock\":\"maybe\"}", 400,
        "{\"code\":[\"This field is required.\"],"
        "\"update_stock\":[\"Must be a valid boolean.\"]}"},
    {"POST", MAPPING, rig_json, "{\"code\":\"x\",\"update_stock\":null}", 400,
        "{\"update_stock\":[\"This field may not be null.\"]}"},
    {"POST", MAPPING, rig_json, "{\"code\":", 400,
        "{\"detail\":\"JSON parse error - line 1, column 9: "},
    {"POST", MAPPING, rig_json, "[]", 400,
        "{\"non_field_errors\":[\"Invalid data. Expected a dictionary, but "
        "got list.\"]}"},
    {"POST", MAPPING, token, "{\"code\":\"x\"}", 415,
        "{\"detail\":\"Unsupported media type \\\"\\\" in request.\"}"},
    {"POST", MAPPING,
        "Authorization: Token mock\r\nContent-Type: text/plain\r\n", "x", 415,
        "{\"detail\":\"Unsupported media type \\\"text/plain\\\" in "
        "request.\"}"},
    {"POST", MAPPING, none, "{\"code\":\"x\"}", 401,
        "{\"detail\":\"Authentication credentials were not provided.\"}"},
    {"POST", MAPPING, "Authorization: Bearer mock\r\n", "{\"code\":\"x\"}", 401,
        "{\"detail\":\"Authentication credentials were not provided."},
    {"POST", MAPPING, "Authorization: Token mocked\r\n", "{\"code\":\"x\"}",
        401, "{\"detail\":\"Invalid token.\"}"},
    {"POST", MAPPING, "Authorization: Token\r\n", "{\"code\":\"x\"}", 401,
        "{\"detail\":\"Invalid token header. No credentials provided.\"}"},
    {"POST", MAPPING, "Authorization: Token mo ck\r\n", "{\"code\":\"x\"}", 401,
        "{\"detail\":\"Invalid token header. Token string should not "
        "contain spaces.\"}"},
    {"POST", "/api/i1/order_items/99999/create_mapping/", rig_json,
        "{\"code\":\"x\"}", 404, "{\"detail\":\"Not found.\"}"},
    {"POST", "/api/i1/order_items/0/create_mapping/", rig_json,
        "{\"code\":\"x\"}", 404, "{\"detail\":\"Not found.\"}"},
    {"POST", "/api/i1/order_items/abc/create_mapping/", rig_json,
        "{\"code\":\"x\"}", 404, "{\"detail\":\"Not found.\"}"},
    {"POST", "/api/i1/order_items/9223372036854775808/create_mapping/",
        rig_json, "{\"code\":\"x\"}", 404, "{\"detail\":\"Not found.\"}"},
    {"POST", "/api/i1/order_items/18446744073709598377/create_mapping/",
        rig_json, "{\"code\":\"x\"}", 404, "{\"detail\":\"Not found.\"}"},
    {"GET", MAPPING, rig_json, NULL, 405,
        "{\"detail\":\"Method \\\"GET\\\" not allowed.\"}"},
    {"DELETE", "/api/v1/orders/18705/", rig_json, NULL, 405,
        "{\"detail\":\"Method \\\"DELETE\\\" not allowed.\"}"},
    {"GET", MAPPING, none, NULL, 401, "{\"detail\":"},
    {"GET", "/api/i1/orders/?limit=1", none, NULL, 401, "{\"detail\":"},
    {"GET", "/api/i2/orders/?limit=1", rig_json, NULL, 404, "<!doctype"},
    {"GET", "/api/i1/nothing/", rig_json, NULL, 404, "<!doctype"},
    {"GET", "/", none, NULL, 404, "<!doctype"},
    {"GET", "/api/i1/orders/?page=2&limit=100", rig_json, NULL, 404,
        "{\"detail\":\"Invalid page.\"}"},
    {"GET", "/api/i1/orders/?page=0", rig_json, NULL, 404,
        "{\"detail\":\"Invalid page.\"}"},
    {"GET", "/api/i1/orders/0/", rig_json, NULL, 404,
        "{\"detail\":\"Not found.\"}"},
    {"GET", "/api/i1/orders/9223372036854775807/", rig_json, NULL, 404,
        "{\"detail\":\"Not found.\"}"},
    {"PATCH", "/api/v1/orders/18705/", rig_json, "{\"is_send\":\"x\"}", 400,
        "{\"is_send\":[\"Must be a valid boolean.\"]}"},
    {"POST", "/api/i1/auth/login/", "Content-Type: application/json\r\n",
        "{\"username\":\"mock\",\"password\":\"wrong\"}", 400,
        "{\"non_field_errors\":[\"Unable to log in with provided "
        "credentials.\"]}"},
    {"POST", "/api/i1/auth/login/", "Content-Type: application/json\r\n",
        "{\"username\":\"\"}", 400,
        "{\"username\":[\"This field may not be blank.\"],"
        "\"password\":[\"This field is required.\"]}"},
};

static void test_refusals(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const struct refusal *r = &refusals[i];
        struct rig_reply *reply =
            rig_ask(mock, r->method, r->path, r->headers, r->body);
        if (reply->status != r->status ||
            strncmp(reply->body, r->reply, strlen(r->reply)) != 0)
            fail_msg("%s %s %s: %d %s", r->method, r->path,
                r->body ? r->body : "", reply->status, reply->body);
    }
}

static void test_a_missing_slash_is_a_redirect(void **state)
{
    (void)state;
    struct rig_reply *reply =
        rig_get(mock, "/api/i1/orders?limit=1&a=%26%C3%A7");

    assert_int_equal(reply->status, 301);
    assert_non_null(strstr(
        reply->head, "\r\nLocation: /api/i1/orders/?limit=1&a=%26%C3%A7\r\n"));
    reply = rig_ask(mock, "POST", "/api/i1/order_items/7/create_mapping",
        rig_json, "{\"code\":\"x\"}");
    assert_int_equal(reply->status, 301);
    assert_string_equal(ledger(), "[]");
}

static void test_refusals_say_how_to_ask(void **state)
{
    (void)state;
    assert_non_null(strstr(rig_ask(mock, "GET", MAPPING, none, NULL)->head,
        "\r\nWWW-Authenticate: Token\r\n"));
    assert_non_null(
        strstr(rig_ask(mock, "PUT", "/api/v1/orders/1/", token, NULL)->head,
            "\r\nAllow: GET, PATCH\r\n"));
    assert_non_null(strstr(rig_get(mock, "/api/v1/orders/1/")->head,
        "\r\nContent-Type: application/json\r\n"));
}

static void test_a_body_without_end_is_cut_off(void **state)
{
    enum { SIZE = 3 << 20 };
    char head[300], *body = calloc(1, SIZE);
    int fd = rig_connect(mock);
    struct rig_reply reply;

    (void)state;
    assert_non_null(body);
    memset(body, 'x', SIZE);
    snprintf(head, sizeof head,
        "POST " MAPPING " HTTP/1.1\r\nHost: x\r\n%sContent-Length: %d\r\n\r\n",
        rig_json, SIZE);
    rig_write(fd, head, strlen(head));
    rig_write(fd, body, SIZE);
    rig_read(fd, &reply, false);
    assert_int_equal(reply.status, 413);
    close(fd);
    free(body);
}

static void test_ledger_keeps_every_body_in_order(void **state)
{
    (void)state;
    rig_map(mock, 300, "{\"code\":\" b \",\"update_stock\":false}");
    rig_map(mock, 20, "{\"code\":\"ş\\n\"}");
    rig_map(mock, 300, "{\"code\":\"c\"}");
    rig_map(mock, 20, "{");
    rig_map(mock, 99999, "{\"code\":7,\"update_stock\":\"maybe\"}");
    rig_ask(mock, "POST", "/api/v1/order_items/0020/create_mapping/", none,
        "{\"code\":\"late\"}");
    rig_ask(mock, "POST", "/api/v1/order_items/20/create_mapping/",
        "Content-Type: application/json\r\n", "{\"code\":\"later\"}");
    assert_string_equal(ledger(),
        "[{\"order_item_id\":20,\"received\":["
        "{\"code\":\"ş\\n\",\"update_stock\":true,\"applied\":true,"
        "\"status\":201},"
        "{\"code\":null,\"update_stock\":null,\"applied\":false,"
        "\"status\":400},"
        "{\"code\":null,\"update_stock\":null,\"applied\":false,"
        "\"status\":401},"
        "{\"code\":\"later\",\"update_stock\":true,\"applied\":false,"
        "\"status\":401}]},"
        "{\"order_item_id\":300,\"received\":["
        "{\"code\":\" b \",\"update_stock\":false,\"applied\":true,"
        "\"status\":201},"
        "{\"code\":\"c\",\"update_stock\":true,\"applied\":false,"
        "\"status\":400}]},"
        "{\"order_item_id\":99999,\"received\":["
        "{\"code\":\"7\",\"update_stock\":null,\"applied\":false,"
        "\"status\":404}]}]");
}

static void test_ledger_of_a_body_that_never_ended(void **state)
{
    static const char part[] = "POST " MAPPING " HTTP/1.1\r\nHost: x\r\n"
                               "Authorization: Token mock\r\n"
                               "Content-Type: application/json\r\n"
                               "Content-Length: 14\r\n\r\n{\"code\":\"x\"";
    int fd = rig_connect(mock);

    (void)state;
    rig_write(fd, part, sizeof part - 1);
    close(fd);
    assert_string_equal(ledger(), "[]");
}

/* Many items, backwards, by a stride that shares its low bits. */
static void map_many(int fd, int status)
{
    enum { ITEMS = 1000 };
    static struct rig_reply reply;
    char path[100];

    for (long i = 0; i < ITEMS; i++) {
        snprintf(path, sizeof path, "/api/i1/order_items/%ld/create_mapping/",
            (ITEMS - i) * 4096);
        rig_send(fd, "POST", path, rig_json, "{\"code\":\"x\"}");
        rig_read(fd, &reply, false);
        assert_int_equal(reply.status, status);
    }
}

static void test_ledger_grows(void **state)
{
    struct mock_options options = {.repeat = MOCK_REFUSE};
    int fd;

    (void)state;
    mock = rig_start(&options);
    fd = rig_connect(mock);
    map_many(fd, 201);
    map_many(fd, 400); // each is found again
    close(fd);
    stop(NULL);
}

static const struct repeat_case {
    const char *name;
    const char *body; // of the second request
    int status;       // of it
    int64_t pk;
    const char *third; // then the first body again: status and pk
} repeats[] = {
    {"same", "{\"code\":\"a \"}", 201, 4183, "201 4183"},
    {"same", "{\"code\":\"b\"}", 400, 0, "201 4183"},
    {"same", "{\"code\":\"a\",\"update_stock\":false}", 400, 0, "201 4183"},
    {"accept", "{\"code\":\"a\"}", 201, 4184, "201 4185"},
    {"accept", "{\"code\":\"b\"}", 201, 4184, "201 4185"},
    {"refuse", "{\"code\":\"a\"}", 400, 0, "400 0"},
    {"overwrite", "{\"code\":\"b\"}", 201, 4183, "201 4183"},
};

static int64_t pk_of(const struct rig_reply *reply)
{
    return reply->status == 201 ? number(reply->body, "pk") : 0;
}

static void test_a_second_mapping(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof repeats / sizeof repeats[0]; i++) {
        const struct repeat_case *c = &repeats[i];
        struct mock_options options = {0};
        struct error err;
        char third[50];

        assert_true(mock_read_repeat(c->name, &options, &err));
        mock = rig_start(&options);
        rig_map(mock, 5, "{\"code\":\"a\"}");
        struct rig_reply *reply = rig_map(mock, 5, c->body);
        assert_int_equal(reply->status, c->status);
        assert_int_equal(pk_of(reply), c->pk);
        reply = rig_map(mock, 5, "{\"code\":\"a\"}");
        snprintf(
            third, sizeof third, "%d %" PRId64, reply->status, pk_of(reply));
        assert_string_equal(third, c->third);
        stop(NULL);
    }
}

static void test_log_in(void **state)
{
    struct mock_options options = {
        .token = "t0p\"secret", .user = "ayşe", .password = " p "};

    (void)state;
    mock = rig_start(&options);
    struct rig_reply *reply = rig_ask(mock, "POST", "/api/v1/auth/login/",
        "Content-Type: application/json; charset=utf-8\r\n",
        "{\"username\":\" ayşe\",\"password\":\" p \"}");
    assert_int_equal(reply->status, 200);
    assert_string_equal(reply->body, "{\"key\":\"t0p\\\"secret\"}");
    reply = rig_ask(mock, "GET", "/api/i1/orders/?limit=1",
        "Authorization: Token t0p\"secret\r\n", NULL);
    assert_int_equal(reply->status, 200);
    assert_int_equal(rig_get(mock, "/api/i1/orders/")->status, 401);
    stop(NULL);
}

static void test_content_types(void **state)
{
    (void)state;
    assert_string_equal(
        rig_get(mock, "/api/v1/content_types/?model=orderitem")->body,
        "{\"count\":1,\"next\":null,\"previous\":null,\"results\":[{\"pk\":66,"
        "\"app_label\":\"orders\",\"model\":\"orderitem\"}]}");
    assert_int_equal(
        number(rig_get(mock, "/api/v1/content_types/")->body, "count"), 5);
}

static void test_pages_have_links(void **state)
{
    (void)state;
    char next[300], previous[300];
    const char *path = "/api/i1/orders/?is_send=False&limit=7&page=";
    char url[300];

    snprintf(url, sizeof url, "%s2", path);
    const char *body = rig_get(mock, url)->body;
    snprintf(next, sizeof next, "\"next\":\"%s%s3\"", mock_url(mock), path);
    snprintf(previous, sizeof previous,
        "\"previous\":\"%s/api/i1/orders/?is_send=False&limit=7\"",
        mock_url(mock));
    assert_non_null(strstr(body, next));
    assert_non_null(strstr(body, previous));
    snprintf(url, sizeof url, "%s6", path);
    assert_non_null(strstr(rig_get(mock, url)->body, "\"next\":null"));
}

/* The pks of all pages of a list, in order. */
static size_t collect(const char *query, int64_t *pks, size_t max)
{
    struct json_value results, pk, row;
    struct json_iter rows;
    size_t count = 0;
    char path[200];

    for (int page = 1;; page++) {
        snprintf(path, sizeof path, "/api/i1/%s&page=%d", query, page);
        struct rig_reply *reply = rig_get(mock, path);
        if (reply->status == 404)
            return count;
        assert_int_equal(reply->status, 200);
        results = member(reply->body, "results");
        json_iter_init(&rows, &results);
        while (json_iter_next(&rows, NULL, &row)) {
            assert_true(count < max);
            assert_true(json_member(&row, "pk", &pk));
            assert_true(json_integer(&pk, &pks[count++]));
        }
    }
}

static void mark(int64_t order, const char *flag)
{
    char path[100], body[100];

    snprintf(path, sizeof path, "/api/v1/orders/%" PRId64 "/", order);
    snprintf(body, sizeof body, "{\"is_send\":%s}", flag);
    struct rig_reply *reply = rig_ask(mock, "PATCH", path, rig_json, body);
    assert_int_equal(reply->status, 200);
    snprintf(body, sizeof body, "\"is_send\":%s", flag);
    assert_non_null(strstr(reply->body, body));
    assert_non_null(strstr(rig_get(mock, path)->body, body));
}

static void assert_list(const char *query, const int64_t *wanted, size_t count)
{
    int64_t got[100];

    assert_int_equal(collect(query, got, 100), count);
    assert_memory_equal(got, wanted, count * sizeof *wanted);
}

static void test_lists_follow_what_was_sent(void **state)
{
    const int64_t first = 18705, all = 40;
    int64_t waiting[100], sent[100], down[100];
    size_t waits = 0, gone = 0;

    (void)state;
    for (int64_t i = all - 1; i >= 0; i--)
        if (i % 3 == 0 || (i > 20 && i < 30))
            mark(first + i, "true");
    mark(first + 21, "false");
    mark(first + 39, "true"); // once more
    mark(900000, "true");     // beyond the list
    mark(1, "true");
    for (int64_t i = 0; i < all; i++)
        if (i != 21 && (i % 3 == 0 || (i > 20 && i < 30)))
            sent[gone++] = first + i;
        else
            waiting[waits++] = first + i;
    for (size_t i = 0; i < waits; i++)
        down[i] = waiting[waits - 1 - i];
    assert_list("orders/?is_send=True&limit=3", sent, gone);
    assert_list("orders/?is_send=False&limit=3", waiting, waits);
    assert_list(
        "orders/?is_send=false&status=400&sort=-id&limit=100", down, waits);
    assert_list("orders/?status=500", down, 0);
    assert_int_equal(collect("orders/?limit=7", down, 100), all);
    assert_int_equal(collect("orders/?limit=1000", down, 100), all);
    assert_int_equal(collect("orders/?is_send=maybe", down, 100), all);
}

static int64_t hundredths(const struct json_value *object, const char *name)
{
    struct json_value value;
    struct buf text = {0};
    long lira;
    int cents;

    assert_true(json_member(object, name, &value));
    assert_true(json_string(&value, &text));
    assert_int_equal(sscanf(buf_text(&text), "%ld.%2d", &lira, &cents), 2);
    buf_free(&text);
    return lira * 100 + cents;
}

/* One detailed order: the sum of its items is its amount, each names the
 * order and has a sku; *items gets their numbers. */
static size_t check_order(int64_t order, int64_t *items)
{
    struct json_value object, set, item, value;
    struct json_iter it;
    struct error err;
    int64_t sum = 0, number_seen;
    size_t count = 0;
    char path[100];

    snprintf(path, sizeof path,
        "/api/i1/orders_integration/%" PRId64 "/detailed_integration/", order);
    const char *body = rig_get(mock, path)->body;
    assert_true(json_parse(body, strlen(body), &object, &err));
    assert_true(json_member(&object, "orderitem_set", &set));
    json_iter_init(&it, &set);
    while (json_iter_next(&it, NULL, &item)) {
        assert_true(json_member(&item, "order", &value));
        assert_true(json_integer(&value, &number_seen));
        assert_int_equal(number_seen, order);
        assert_true(json_member(&item, "pk", &value));
        assert_true(json_integer(&value, &items[count++]));
        assert_true(json_member(&item, "product", &value));
        assert_true(json_member(&value, "sku", &value));
        sum += hundredths(&item, "price");
    }
    assert_int_equal(hundredths(&object, "amount"), sum);
    return count;
}

static void test_orders_hold_each_item_once(void **state)
{
    int64_t orders[100], items[4], listed[100], next = 46763;
    struct mock_options options = {0};
    struct error err;
    char query[100];

    (void)state;
    assert_true(mock_read_items("46763-46872", &options, &err));
    mock = rig_start(&options);
    size_t count = collect("orders/?sort=id&limit=9", orders, 100);
    for (size_t i = 0; i < count; i++) {
        size_t n = check_order(orders[i], items);
        assert_in_range(n, 1, 4);
        for (size_t k = 0; k < n; k++)
            assert_int_equal(items[k], next++);
        snprintf(query, sizeof query, "order_items/?order=%" PRId64 "&sort=id",
            orders[i]);
        assert_int_equal(collect(query, listed, 100), n);
        assert_memory_equal(items, listed, n * sizeof *items);
    }
    assert_int_equal(next, 46873);
    assert_int_equal(orders[0], 18706);
    assert_int_equal(check_order(18706, items), 4);
    assert_int_equal(rig_get(mock, "/api/v1/order_items/46762/")->status, 404);
    assert_int_equal(rig_get(mock, "/api/v1/order_items/46763/")->status, 200);
    assert_int_equal(rig_get(mock, "/api/v1/orders/18705/")->status, 404);
    assert_int_equal(rig_map(mock, 46762, "{\"code\":\"x\"}")->status, 404);
    assert_int_equal(rig_map(mock, 46872, "{\"code\":\"x\"}")->status, 201);
    stop(NULL);
}

static void test_large_ranges_cost_nothing(void **state)
{
    struct mock_options options = {0};
    struct error err;

    (void)state;
    assert_true(mock_read_items("1-100000000000000000", &options, &err));
    mock = rig_start(&options);
    const char *body =
        rig_get(mock, "/api/i1/orders/?limit=100&page=400000000000000")->body;
    assert_int_equal(number(body, "count"), 40000000000000000);
    assert_non_null(strstr(body, "{\"pk\":40000000000000000,"));
    assert_int_equal(
        rig_get(mock, "/api/i1/orders/?limit=1000&page=400000000000000")
            ->status,
        200);
    assert_int_equal(
        rig_get(mock, "/api/i1/orders/?limit=100&page=400000000000001")->status,
        404);
    stop(NULL);
    mock = rig_start(&(struct mock_options){0});
    body = rig_map(mock, 9223372036854775807, "{\"code\":\"x\"}")->body;
    assert_int_equal(number(body, "object_id"), INT64_MAX);
    stop(NULL);
}

static void test_the_same_mock_invents_the_same(void **state)
{
    char first[2000];

    (void)state;
    strcpy(first, rig_get(mock, "/api/i1/orders/?limit=2")->body +
                      strlen("{\"count\":40,\"next\":\"http://127.0.0.1:"));
    stop(NULL);
    start_plain(NULL);
    assert_string_equal(strchr(first, '/'),
        strchr(rig_get(mock, "/api/i1/orders/?limit=2")->body +
                   strlen("{\"count\":40,\"next\":\"http://127.0.0.1:"),
            '/'));
}

static void test_head_is_get_without_a_body(void **state)
{
    (void)state;
    struct rig_reply *reply =
        rig_ask(mock, "HEAD", "/api/i1/orders/?limit=1", token, NULL);

    assert_int_equal(reply->status, 200);
    assert_string_equal(reply->body, "");
}

/* Which of 400 create_mapping are dropped, as a row of . and x. */
static void drops(uint64_t seed, const char *fault, char *row)
{
    struct mock_options options = {.seed = seed};

    rig_fault(&options, fault);
    mock = rig_start(&options);
    for (long i = 0; i < 400; i++)
        row[i] = rig_map(mock, i + 1, "{\"code\":\"x\"}")->bytes ? '.' : 'x';
    row[400] = '\0';
    for (long i = 0; i < 3; i++) // what is not applied is not dropped
        assert_int_equal(rig_map(mock, i + 1, "{}")->status, 400);
    assert_int_equal(rig_get(mock, "/api/i1/orders/")->status, 200);
    stop(NULL);
}

static void test_drops_follow_the_seed(void **state)
{
    char one[401], again[401], other[401];
    size_t dropped = 0;

    (void)state;
    drops(7, "drop-after=0.25", one);
    drops(7, "drop-after=0.25", again);
    drops(8, "drop-after=0.25", other);
    assert_string_equal(one, again);
    assert_string_not_equal(one, other);
    for (size_t i = 0; i < 400; i++)
        dropped += one[i] == 'x';
    assert_in_range(dropped, 70, 130);
}

static void test_what_is_dropped_was_applied(void **state)
{
    struct mock_options options = {.latency_ms = 20};
    int fd;
    char byte;

    (void)state;
    rig_fault(&options, "drop-after=1");
    mock = rig_start(&options);
    for (long i = 1; i <= 2; i++) {
        fd = rig_connect(mock);
        rig_send(fd, "POST", MAPPING, rig_json, "{\"code\":\"x\"}");
        assert_true(recv(fd, &byte, 1, 0) <= 0); // the end, or a reset
        close(fd);
    }
    assert_string_equal(ledger(),
        "[{\"order_item_id\":46761,\"received\":["
        "{\"code\":\"x\",\"update_stock\":true,\"applied\":true,"
        "\"status\":201,\"dropped\":true,\"fault\":\"drop-after\"},"
        "{\"code\":\"x\",\"update_stock\":true,\"applied\":true,"
        "\"status\":201,\"dropped\":true,\"fault\":\"drop-after\"}]}]");
    stop(NULL);
}

enum { MANY = 256 };

/* `MANY` requests at once on connections that stay open, `rounds` times;
 * returns the milliseconds of a round. */
static int64_t ask_many(int rounds)
{
    static struct rig_reply reply;
    int fds[MANY];
    int64_t begin;

    for (int i = 0; i < MANY; i++)
        fds[i] = rig_connect(mock);
    begin = clock_monotonic_ms();
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < MANY; i++)
            rig_send(fds[i], "POST", MAPPING, rig_json, "{\"code\":\"x\"}");
        for (int i = 0; i < MANY; i++) {
            rig_read(fds[i], &reply, false);
            assert_int_equal(reply.status, 201);
        }
    }
    begin = clock_monotonic_ms() - begin;
    for (int i = 0; i < MANY; i++)
        close(fds[i]);
    return begin / rounds;
}

static void test_many_at_once(void **state)
{
    (void)state;
    ask_many(20);
}

static void test_latency_is_waited_side_by_side(void **state)
{
    struct mock_options options = {.latency_ms = 200};
    int64_t ms;

    (void)state;
    mock = rig_start(&options);
    ms = ask_many(2);
    assert_in_range(ms, 200, 200 * MANY / 10);
    stop(NULL);
}

static void test_stopping_does_not_wait(void **state)
{
    struct mock_options options = {.latency_ms = 600000};
    int fds[20];
    int64_t begin = clock_monotonic_ms();

    (void)state;
    mock = rig_start(&options);
    for (int i = 0; i < 20; i++) {
        fds[i] = rig_connect(mock);
        if (i % 4 == 0)
            rig_send(fds[i], "POST", MAPPING, rig_json, "{\"code\":\"x\"}");
        else if (i % 4 == 1)
            rig_write(fds[i], "POST / HTTP", 11);
    }
    close(fds[0]); // while it waits
    usleep(50000);
    stop(NULL);
    assert_true(clock_monotonic_ms() - begin < 5000);
    for (int i = 1; i < 20; i++)
        close(fds[i]);
}

/* NULL when all went well. */
static void *start_and_stop(void *arg)
{
    struct error err;

    for (int i = 0; i < 20; i++) {
        struct mock *own = mock_start(&(struct mock_options){0}, &err);
        if (!own)
            return arg;
        mock_stop(own);
    }
    return NULL;
}

static void test_starts_and_stops_beside_others(void **state)
{
    pthread_t threads[4];
    void *failed;

    (void)state;
    mock_stop(NULL);
    for (int i = 0; i < 4; i++)
        assert_int_equal(
            pthread_create(&threads[i], NULL, start_and_stop, &mock), 0);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
}

static void test_descriptors_close_on_exec(void **state)
{
    int fd = rig_connect(mock), seen = 0;
    DIR *folder = opendir("/proc/self/fd");
    struct dirent *entry;
    char target[100], path[300];
    ssize_t len;

    (void)state;
    rig_send(fd, "GET", "/", "", NULL);
    assert_int_equal(recv(fd, target, 1, 0), 1);
    assert_non_null(folder);
    while ((entry = readdir(folder))) {
        snprintf(path, sizeof path, "/proc/self/fd/%s", entry->d_name);
        len = readlink(path, target, sizeof target - 1);
        target[len > 0 ? len : 0] = '\0';
        if (strncmp(target, "socket:", 7) != 0 &&
            strncmp(target, "anon_inode:", 11) != 0)
            continue;
        if (atoi(entry->d_name) <= 2)
            continue;
        seen++;
        assert_true(fcntl(atoi(entry->d_name), F_GETFD) & FD_CLOEXEC);
    }
    closedir(folder);
    close(fd);
    assert_true(seen >= 4); // the listener, both ends, epoll
}

static void test_a_port_in_use_is_refused(void **state)
{
    struct error err = {0};
    struct mock_options options = {0};
    char wanted[200];

    (void)state;
    options.port = (uint16_t)atoi(strrchr(mock_url(mock), ':') + 1);
    assert_null(mock_start(&options, &err));
    snprintf(wanted, sizeof wanted,
        "the mock cannot listen on 127.0.0.1:%u: Address already in use; "
        "choose another port, or 0 for a free one",
        options.port);
    assert_string_equal(err.text, wanted);
    assert_int_equal(err.kind, ERROR_USAGE);
}

/* Linux answers for all of 127.0.0.0/8 when a socket listens on any. */
static void test_listens_on_one_address_only(void **state)
{
    struct sockaddr_in other = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)atoi(strrchr(mock_url(mock), ':') + 1)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1),
    };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)state;
    assert_memory_equal(mock_url(mock), "http://127.0.0.1:", 17);
    assert_int_equal(connect(fd, (struct sockaddr *)&other, sizeof other), -1);
    close(fd);
}

static void test_options_are_refused_by_name(void **state)
{
    static const struct {
        bool (*read)(const char *, struct mock_options *, struct error *);
        const char *text, *message;
    } bad[] = {
        {mock_read_items, "9-1", "items '9-1' are not FIRST-LAST"},
        {mock_read_items, "9", "items '9' are not"},
        {mock_read_items, "0-9", "items '0-9' are not"},
        {mock_read_items, "1-9x", "items '1-9x' are not"},
        {mock_read_items, "1- 9", "items '1- 9' are not"},
        {mock_read_items, "1-100000000000000001", "are not"},
        {mock_read_items, "1-99999999999999999999", "are not"},
        {mock_read_repeat, "never",
            "'never' to a repeated create_mapping; known: same, accept, "
            "refuse, overwrite"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct mock_options options = {0}, before = options;
        struct error err = {0};

        assert_false(bad[i].read(bad[i].text, &options, &err));
        if (!strstr(err.text, bad[i].message))
            fail_msg("'%s': %s", bad[i].text, err.text);
        assert_int_equal(err.kind, ERROR_USAGE);
        assert_memory_equal(&options, &before, sizeof options);
    }
}

static void test_options_are_read(void **state)
{
    struct mock_options options = {0};
    struct error err = {0};

    (void)state;
    assert_true(mock_read_items("5-70", &options, &err));
    assert_true(mock_read_repeat("overwrite", &options, &err));
    assert_int_equal(options.first_item, 5);
    assert_int_equal(options.last_item, 70);
    assert_int_equal(options.repeat, MOCK_OVERWRITE);
    options.first_item = 71;
    assert_null(mock_start(&options, &err));
    assert_non_null(strstr(err.text, "the items 71 to 70"));
}

#define PLAIN(test) cmocka_unit_test_setup_teardown(test, start_plain, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAIN(test_mapping_echoes_item_and_code),
        PLAIN(test_codes_are_kept_as_a_char_field_keeps_them),
        PLAIN(test_long_codes_are_counted_in_characters),
        PLAIN(test_update_stock_takes_what_a_boolean_field_takes),
        PLAIN(test_refusals),
        PLAIN(test_a_missing_slash_is_a_redirect),
        PLAIN(test_refusals_say_how_to_ask),
        PLAIN(test_a_body_without_end_is_cut_off),
        PLAIN(test_ledger_keeps_every_body_in_order),
        PLAIN(test_ledger_of_a_body_that_never_ended),
        cmocka_unit_test(test_ledger_grows),
        cmocka_unit_test(test_a_second_mapping),
        cmocka_unit_test(test_log_in),
        PLAIN(test_content_types),
        PLAIN(test_pages_have_links),
        PLAIN(test_lists_follow_what_was_sent),
        cmocka_unit_test(test_orders_hold_each_item_once),
        cmocka_unit_test(test_large_ranges_cost_nothing),
        PLAIN(test_the_same_mock_invents_the_same),
        PLAIN(test_head_is_get_without_a_body),
        cmocka_unit_test(test_drops_follow_the_seed),
        cmocka_unit_test(test_what_is_dropped_was_applied),
        PLAIN(test_many_at_once),
        cmocka_unit_test(test_latency_is_waited_side_by_side),
        cmocka_unit_test(test_stopping_does_not_wait),
        cmocka_unit_test(test_starts_and_stops_beside_others),
        PLAIN(test_descriptors_close_on_exec),
        PLAIN(test_a_port_in_use_is_refused),
        PLAIN(test_listens_on_one_address_only),
        cmocka_unit_test(test_options_are_refused_by_name),
        cmocka_unit_test(test_options_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
