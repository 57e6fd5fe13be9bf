/* A mock that is down and heals, what it counts, and tokens that run out. */
#include "mock_rig.h"

#define CODE   "{\"code\":\"abc\"}"
#define ORDERS "/api/i1/orders/?limit=1"
#define LOGIN  "/api/i1/auth/login/"

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

static void set_outage(const char *body, int status)
{
    rig_control(mock, "outage", body, status);
}

static const char *own(const char *path)
{
    return rig_ask(mock, "GET", path, "", NULL)->body;
}

/* How a request is answered: its status; 0: closed, -1: not at all. */
static int outcome(const char *method, const char *path, const char *body)
{
    struct pollfd ready = {.fd = rig_connect(mock), .events = POLLIN};
    struct rig_reply reply = {.status = -1};

    rig_send(ready.fd, method, path, rig_json, body);
    if (poll(&ready, 1, 300) == 1)
        rig_read(ready.fd, &reply, false);
    close(ready.fd);
    return reply.status;
}

static void test_every_request_is_hit(void **state)
{
    static const struct {
        const char *kind;
        int status;
        const char *kept;
    } kinds[] = {
        {"502-html", 502, "\"status\":502,"},
        {"503", 503, "\"status\":503,"},
        {"login-page", 200, "\"status\":200,"},
        {"404", 404, "\"status\":404,"},
        {"401", 401, "\"status\":401,"},
        {"redirect", 302, "\"status\":302,"},
        {"silence", -1, "\"status\":0,\"dropped\":true,"},
        {"close", 0, "\"status\":0,\"dropped\":true,"},
    };
    char text[200], path[100];

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        snprintf(text, sizeof text, "{\"kind\":\"%s\"}", kinds[i].kind);
        set_outage(text, 200);
        snprintf(path, sizeof path, "/api/i1/order_items/%zu/create_mapping/",
            i + 1);
        assert_int_equal(outcome("POST", path, CODE), kinds[i].status);
        assert_int_equal(outcome("GET", ORDERS, NULL), kinds[i].status);
        assert_int_equal(outcome("POST", LOGIN, "{}"), kinds[i].status);
        assert_int_equal(outcome("GET", "/nothing", NULL), kinds[i].status);
        snprintf(text, sizeof text,
            "{\"order_item_id\":%zu,\"received\":[{\"code\":\"abc\","
            "\"update_stock\":true,\"applied\":false,%s\"outage\":\"%s\"}]}",
            i + 1, kinds[i].kept, kinds[i].kind);
        if (!strstr(own("/__mock__/ledger"), text))
            fail_msg("no %s in %s", text, own("/__mock__/ledger"));
    }
    set_outage("{\"kind\":null}", 200);
    assert_int_equal(outcome("GET", ORDERS, NULL), 200);
    assert_int_equal(rig_map(mock, 1, CODE)->status, 201);
}

static void test_pages_are_html(void **state)
{
    (void)state;
    set_outage("{\"kind\":\"502-html\"}", 200);
    struct rig_reply *reply = rig_get(mock, ORDERS);
    assert_non_null(strstr(reply->head, "Content-Type: text/html"));
    set_outage("{\"kind\":\"login-page\"}", 200);
    reply = rig_get(mock, ORDERS);
    assert_non_null(strstr(reply->head, "Content-Type: text/html"));
    assert_non_null(strstr(reply->body, "<h1>Log in</h1>"));
    set_outage("{\"kind\":\"redirect\"}", 200);
    reply = rig_get(mock, ORDERS);
    assert_non_null(
        strstr(reply->head, "Location: /login/?next=/api/i1/orders/\r\n"));
    set_outage("{\"kind\":\"503\"}", 200);
    reply = rig_get(mock, ORDERS);
    assert_non_null(strstr(reply->head, "Content-Type: application/json"));
}

static void test_mistakes_change_nothing(void **state)
{
    static const char *const bad[] = {"{\"kind\":\"504\"}", "{\"kind\":503}",
        "{}", "[]", "{", "{\"kind\":\"\"}"};

    (void)state;
    set_outage("{\"kind\":\"404\"}", 200);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        set_outage(bad[i], 400);
    assert_int_equal(outcome("GET", ORDERS, NULL), 404);
    struct rig_reply *reply = rig_ask(
        mock, "POST", "/__mock__/outage", rig_json, "{\"kind\":\"504\"}");
    assert_string_equal(reply->body,
        "{\"detail\":\"there is no outage '504'; known: 502-html, 503, "
        "login-page, 404, 401, redirect, silence, close\"}");
    assert_int_equal(rig_get(mock, "/__mock__/outage")->status, 405);
}

/* As curl -d sends it, and who forgets the type altogether. */
static void test_any_type_of_body(void **state)
{
    static const char *const types[] = {
        "Content-Type: application/x-www-form-urlencoded\r\n", "", rig_json};

    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        const char *path = "/__mock__/outage", *kind = "{\"kind\":\"503\"}";
        assert_int_equal(
            rig_ask(mock, "POST", path, types[i], kind)->status, 200);
        assert_int_equal(outcome("GET", ORDERS, NULL), 503);
        assert_int_equal(
            rig_ask(mock, "POST", path, types[i], "null")->status, 200);
        assert_int_equal(outcome("GET", ORDERS, NULL), 200);
    }
}

/* A fault of the first requests is not used up by an outage. */
static void test_an_outage_comes_before_faults(void **state)
{
    struct mock_options options = {0};
    struct error err = {0};

    (void)state;
    rig_fault(&options, "status:410@5*1");
    assert_true(mock_read_outage("503", &options, &err));
    mock = rig_start(&options);
    assert_int_equal(rig_map(mock, 5, CODE)->status, 503);
    set_outage("{\"kind\":null}", 200);
    assert_int_equal(rig_map(mock, 5, CODE)->status, 410);
    assert_int_equal(rig_map(mock, 5, CODE)->status, 201);
    assert_false(mock_read_outage("5xx", &options, &err));
    assert_non_null(strstr(err.text, "there is no outage '5xx'; known: "));
    stop(NULL);
}

static void test_requests_are_counted(void **state)
{
    (void)state;
    assert_string_equal(own("/__mock__/requests"), "{}");
    rig_get(mock, ORDERS);
    rig_map(mock, 5, CODE);
    rig_map(mock, 6, "{}");
    rig_get(mock, "/api/v1/orders/");
    rig_ask(mock, "GET", ORDERS, "", NULL); // 401
    rig_get(mock, "/api/i1/orders");        // 301
    rig_get(mock, "/nothing");
    rig_ask(mock, "BREW", "/pot", "", NULL);
    rig_ask(mock, "STEEP", "/pot", "", NULL);
    set_outage("{\"kind\":\"close\"}", 200);
    outcome("GET", ORDERS, NULL);
    assert_string_equal(own("/__mock__/requests"),
        "{\"GET orders/\":4,"
        "\"POST order_items/#/create_mapping/\":2,"
        "\"GET other\":2,\"other other\":2}");
}

static int ask_with(const char *token)
{
    char headers[200];

    snprintf(headers, sizeof headers, "Authorization: Token %s\r\n", token);
    return rig_ask(mock, "GET", ORDERS, headers, NULL)->status;
}

static const char *log_in(void)
{
    return rig_ask(mock, "POST", LOGIN, rig_json,
        "{\"username\":\"mock\",\"password\":\"mock\"}")
        ->body;
}

static void test_tokens_run_out(void **state)
{
    struct mock_options options = {.token_uses = 2, .token = "t"};

    (void)state;
    mock = rig_start(&options);
    assert_int_equal(ask_with("wrong"), 401); // not a use
    assert_int_equal(ask_with("t"), 200);
    assert_string_equal(log_in(), "{\"key\":\"t\"}"); // good still
    assert_int_equal(ask_with("t"), 200);
    assert_int_equal(ask_with("t"), 401);
    assert_int_equal(ask_with("t-1"), 401); // before its log-in
    assert_string_equal(log_in(), "{\"key\":\"t-1\"}");
    assert_int_equal(ask_with("t"), 401);
    assert_int_equal(ask_with("t-1"), 200);
    assert_int_equal(ask_with("t-1"), 200);
    assert_int_equal(ask_with("t-1"), 401);
    assert_string_equal(log_in(), "{\"key\":\"t-2\"}");
    assert_int_equal(ask_with("t-2"), 200);
    stop(NULL);
}

static void test_a_spent_token_applies_nothing(void **state)
{
    struct mock_options options = {.token_uses = 1};

    (void)state;
    mock = rig_start(&options);
    assert_int_equal(rig_map(mock, 5, CODE)->status, 201);
    struct rig_reply *reply = rig_map(mock, 6, CODE);
    assert_int_equal(reply->status, 401);
    assert_string_equal(reply->body, "{\"detail\":\"Token has expired.\"}");
    assert_non_null(strstr(own("/__mock__/ledger"),
        "{\"order_item_id\":6,\"received\":[{\"code\":\"abc\","
        "\"update_stock\":true,\"applied\":false,\"status\":401}]}"));
    stop(NULL);
}

#define PLAIN(test) cmocka_unit_test_setup_teardown(test, start_plain, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAIN(test_every_request_is_hit),
        PLAIN(test_pages_are_html),
        PLAIN(test_mistakes_change_nothing),
        PLAIN(test_any_type_of_body),
        cmocka_unit_test(test_an_outage_comes_before_faults),
        PLAIN(test_requests_are_counted),
        cmocka_unit_test(test_tokens_run_out),
        cmocka_unit_test(test_a_spent_token_applies_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
