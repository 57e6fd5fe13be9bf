#include "base/secret.h"
#include "delivery/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ECHO "\"content_type\":66,\"integration_type\":\"external_company\""

struct echo {
    const char *body;
    const char *why; // NULL: it echoes item 46761 and code "E-1"
};

static const struct echo echoes[] = {
    {"{\"pk\":4183,\"object_id\":46761,\"code\":\"E-1\"," ECHO "}", NULL},
    {"{\"pk\":4183,\"object_id\":\"46761\",\"code\":\"E-1\"," ECHO "}", NULL},
    {" {\"code\" : \"E\\u002d1\" ,\n\"more\":[{}],\"object_id\":46761,"
     "\"pk\":4183," ECHO "} ",
        NULL},
    {"", "empty"},
    {"   ", "not JSON"},
    {"<html>ok</html>", "not JSON"},
    {"{\"pk\":4183,\"object_id\":46761,\"code\":\"E-1\"", "not JSON"},
    {"{\"pk\":4183,\"object_id\":46761,\"code\":\"E-1\"} x", "not JSON"},
    {"null", "not a JSON object"},
    {"true", "not a JSON object"},
    {"\"E-1\"", "not a JSON object"},
    {"[{\"pk\":4183,\"object_id\":46761,\"code\":\"E-1\"}]",
        "not a JSON object"},
    {"{}", "object_id"},
    {"{\"data\":{\"pk\":4183,\"object_id\":46761,\"code\":\"E-1\"}}",
        "object_id"},
    {"{\"pk\":4183,\"object_id\":46762,\"code\":\"E-1\"}", "object_id"},
    {"{\"pk\":4183,\"object_id\":46761.5,\"code\":\"E-1\"}", "object_id"},
    {"{\"pk\":4183,\"object_id\":-46761,\"code\":\"E-1\"}", "object_id"},
    {"{\"pk\":4183,\"object_id\":\"046761\",\"code\":\"E-1\"}", "object_id"},
    {"{\"pk\":4183,\"object_id\":\" 46761\",\"code\":\"E-1\"}", "object_id"},
    {"{\"pk\":4183,\"object_id\":null,\"code\":\"E-1\"}", "object_id"},
    {"{\"pk\":4183,\"object_id\":46761}", "code"},
    {"{\"pk\":4183,\"object_id\":46761,\"code\":\"E-2\"}", "code"},
    {"{\"pk\":4183,\"object_id\":46761,\"code\":\"e-1\"}", "code"},
    {"{\"pk\":4183,\"object_id\":46761,\"code\":\"E-1 \"}", "code"},
    {"{\"pk\":4183,\"object_id\":46761,\"code\":\"E-1\\u0000\"}", "code"},
    {"{\"pk\":4183,\"object_id\":46761,\"code\":\"\"}", "code"},
    {"{\"pk\":4183,\"object_id\":46761,\"code\":null}", "code"},
    {"{\"object_id\":46761,\"code\":\"E-1\"}", "pk"},
    {"{\"pk\":null,\"object_id\":46761,\"code\":\"E-1\"}", "pk"},
    {"{\"pk\":\"4183\",\"object_id\":46761,\"code\":\"E-1\"}", "pk"},
    {"{\"pk\":4183.5,\"object_id\":46761,\"code\":\"E-1\"}", "pk"},
};

static void test_echoes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof echoes / sizeof *echoes; i++) {
        const struct echo *e = &echoes[i];
        struct journal_mapping mapping = {0};
        const char *why = "";
        bool echoed = reply_echoes(
            e->body, strlen(e->body), 46761, "E-1", &mapping, &why);
        if (echoed != !e->why)
            fail_msg("%s: %d, %s", e->body, echoed, why);
        assert_int_equal(mapping.known, echoed);
        if (e->why && !strstr(why, e->why))
            fail_msg("%s: %s", e->body, why);
        if (e->why)
            continue;
        assert_int_equal(mapping.pk, 4183);
        assert_int_equal(mapping.content_type, 66);
        assert_string_equal(mapping.integration_type, "external_company");
    }
}

/* A body that is cut anywhere is no echo. */
static void test_cut_echo(void **state)
{
    const char *body = echoes[0].body;
    struct journal_mapping mapping;
    const char *why;

    (void)state;
    for (size_t len = 0; len < strlen(body); len++)
        assert_false(reply_echoes(body, len, 46761, "E-1", &mapping, &why));
    assert_true(reply_echoes(body, strlen(body), 46761, "E-1", &mapping, &why));
}

/* What a double would take for the same number is not. */
static void test_large_ids(void **state)
{
    const char *body = "{\"pk\":9007199254740993,\"object_id\":"
                       "9007199254740993,\"code\":\"\xc4\xb0/1\"}";
    struct journal_mapping mapping = {0};
    const char *why;

    (void)state;
    assert_true(reply_echoes(
        body, strlen(body), 9007199254740993, "\xc4\xb0/1", &mapping, &why));
    assert_true(mapping.pk == 9007199254740993);
    assert_int_equal(mapping.content_type, 0);
    assert_string_equal(mapping.integration_type, "");
    assert_false(reply_echoes(
        body, strlen(body), 9007199254740992, "\xc4\xb0/1", &mapping, &why));
}

static const struct {
    int status;
    const char *body, *words;
} words[] = {
    {404, "{\"detail\":\"Not found.\"}", "404 Not found."},
    {400, "{\"code\":[\"This field may not be blank.\"]}",
        "400 code: This field may not be blank."},
    {400, "{\"non_field_errors\":[\"No stock.\"]}", "400 No stock."},
    {400, "{\"non_field_errors\":\"No stock.\"}", "400 No stock."},
    {400, "{\"detail\":\"a\",\"code\":\"b\"}", "400 a code: b"},
    {400, "[\"a\",\"b\"]", "400 a b"},
    {400, "\"plain\"", "400 plain"},
    {406, "{\"error\":\"Order is canceled\"}", "406 Order is canceled"},
    {400, "{\"a\":{\"b\":{\"c\":1}}}", "400 a: b: c: 1"},
    {400, "{\"a\":null}", "400 a: null"},
    {400, "{\"a\":\"x\\r\\ny\\u001b[31m\"}", "400 a: x  y [31m"},
    {400, "\xc2y \xc2", "400 \xc2y \xc2"},
    {400, "{\"a\":\"x\\u009b31m \\u00a0y\"}", "400 a: x 31m \xc2\xa0y"},
    // a page, and nothing: the name of the status
    {502, "<h1>Bad\r\nGateway</h1>\n", "502 Bad Gateway"},
    {502, "\r\n <!DOCTYPE html>", "502 Bad Gateway"},
    {520, "<html>", "520 an HTML page"},
    {200, "<html>Log in</html>", "200 an HTML page"},
    {302, "", "302 Found"},
    {500, "", "500 Internal Server Error"},
    {500, "  ", "500 Internal Server Error"},
    {418, "", "418"},
    {418, " \n", "418"},
    {401, "{}", "401"},
    // a plain text, its beginning
    {503, "busy\tnow\n", "503 busy now"},
    {503, "{\"detail\":", "503 {\"detail\":"},
    {503,
        "123456789 123456789 123456789 123456789 123456789 123456789 "
        "123456789 123456789 1",
        "503 123456789 123456789 123456789 "
        "123456789 123456789 123456789 123456789 123456789"},
    {403, "{}", "403"},
};

static void test_words(void **state)
{
    char out[512];

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        reply_words(words[i].status, words[i].body, strlen(words[i].body), out,
            sizeof out);
        assert_string_equal(out, words[i].words);
    }
}

static bool plain(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return false;
    return true;
}

/* A text that is cut ends before a character, not in the midst of one. */
static void test_cut_words(void **state)
{
    const char *body = "{\"detail\":\"a\xc3\xa9\xe2\x82\xac\xf0\x9f\x93\xa6"
                       "\xc3\xa9\xe2\x82\xac\"}";
    const char *whole = "400 a\xc3\xa9\xe2\x82\xac\xf0\x9f\x93\xa6"
                        "\xc3\xa9\xe2\x82\xac";
    char out[64];

    (void)state;
    for (size_t cap = 6; cap <= sizeof out; cap++) {
        memset(out, 'x', sizeof out);
        reply_words(400, body, strlen(body), out, cap);
        size_t len = strlen(out);
        assert_true(len < cap);
        assert_memory_equal(out, whole, len);
        if ((whole[len] & 0xc0) == 0x80)
            fail_msg("cut in a character at %zu of %zu: %s", len, cap, out);
    }
    assert_string_equal(out, whole);
}

/* Nesting, sizes and bytes of any kind: one line, within its room. */
static void test_hostile_words(void **state)
{
    char body[4000], out[128];

    (void)state;
    memset(body, '[', sizeof body);
    reply_words(400, body, sizeof body, out, sizeof out);
    assert_true(plain(out));
    for (int depth = 1; depth < 30; depth++) {
        memset(body, '[', (size_t)depth);
        memset(body + depth, ']', (size_t)depth);
        reply_words(400, body, (size_t)depth * 2, out, sizeof out);
        assert_true(plain(out));
    }
    for (size_t i = 0; i < sizeof body; i++)
        body[i] = (char)(i * 7 + i / 256);
    reply_words(599, body, sizeof body, out, sizeof out);
    assert_true(plain(out));
    assert_memory_equal(out, "599 ", 4);
}

static const char token[] = "0123456789abcdef0123456789abcdef01234567";

static struct secret *remember(const char *text)
{
    struct error err;
    struct secret *s = secret_new("a test", text, strlen(text), &err);

    assert_non_null(s);
    return s;
}

static const struct {
    int status;
    const char *body, *words; // each % is the secret
} masked[] = {
    {401, "{\"detail\":\"Invalid token %.\"}", "401 Invalid token ***."},
    {400, "{\"%\":[\"%\"]}", "400 ***: ***"},
    {500, "Traceback: Token %", "500 Traceback: Token ***"},
    {502, "<html>%</html>", "502 Bad Gateway"},
    {500,
        "123456789 123456789 123456789 123456789 123456789 123456789 "
        "123456789 %",
        "500 123456789 123456789 123456789 123456789 "
        "123456789 123456789 123456789 ***"},
    {0, "cannot reach %", "cannot reach ***"}, // libcurl's words
};

static void fill(char *out, size_t cap, const char *pattern)
{
    int n = 0;

    for (out[0] = '\0'; *pattern; pattern++)
        n += *pattern == '%'
                 ? snprintf(out + n, cap - (size_t)n, "%s", token)
                 : snprintf(out + n, cap - (size_t)n, "%c", *pattern);
}

static void test_explain(void **state)
{
    struct secret *s = remember(token);
    char body[400], out[512];

    (void)state;
    for (size_t i = 0; i < sizeof masked / sizeof *masked; i++) {
        fill(body, sizeof body, masked[i].body);
        struct wire_reply reply = {.status = masked[i].status,
            .error = body,
            .body = body,
            .body_len = strlen(body)};
        memset(out, 'x', sizeof out);
        reply_explain(&reply, out, sizeof out);
        assert_null(strstr(out, "012345"));
        assert_string_equal(out, masked[i].words);
    }
    secret_free(s);
}

/* A JSON string may write a secret in other bytes than its own; the words
 * say what they mean. */
static void test_secret_in_escapes(void **state)
{
    struct secret *s = remember(token), *odd = remember("a\"b\\c/d");
    const char *body = "{\"detail\":\"\\u00301234567\\u0038"
                       "9abcdef0123456789abcdef01234567, "
                       "a\\\"b\\\\c\\/d\"}";
    struct wire_reply reply = {
        .status = 400, .error = "", .body = body, .body_len = strlen(body)};
    char out[512];

    (void)state;
    reply_explain(&reply, out, sizeof out);
    assert_string_equal(out, "400 ***, ***");
    secret_free(s);
    secret_free(odd);
}

/* Wherever a line ends, no piece of a secret is in it. */
static void test_secret_across_a_cut(void **state)
{
    struct secret *s = remember(token);
    char body[400], out[128];

    (void)state;
    for (int before = 0; before < 120; before++)
        for (size_t cap = 8; cap <= sizeof out; cap += 5) {
            snprintf(body, sizeof body, "{\"detail\":\"%0*d%s\"}", before + 1,
                9, token);
            struct wire_reply reply = {.status = 400,
                .error = "",
                .body = body,
                .body_len = strlen(body)};
            reply_explain(&reply, out, cap);
            assert_true(strlen(out) < cap);
            assert_null(strstr(out, "901"));
        }
    secret_free(s);
}

/* Where a redirect leads: host and path, nothing else of it. */
static void test_redirect_words(void **state)
{
    static const char *const rows[][2] = {
        {"https://eva:pw@acme.example/login/?next=/api/#x",
            "302 Found to acme.example/login/"},
        {"http://acme.example?u=a@b", "302 Found to acme.example"},
        {"/login/?next=a://b@c", "302 Found to /login/"},
        {"https://a.example/p@q/", "302 Found to a.example/p@q/"},
        {"", "302 Found"},
    };
    char out[200];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wire_reply reply = {.status = 302,
            .error = "",
            .body = "",
            .location = rows[i][0],
            .location_len = strlen(rows[i][0])};
        reply_explain(&reply, out, sizeof out);
        assert_string_equal(out, rows[i][1]);
    }
}

/* A long one is cut. */
static void test_long_redirect(void **state)
{
    char to[1000], out[1000];
    struct wire_reply reply = {.status = 308, .error = "", .body = ""};

    (void)state;
    memset(to, 'a', sizeof to);
    reply.location = to;
    reply.location_len = sizeof to;
    reply_explain(&reply, out, sizeof out);
    assert_true(strlen(out) < 200);
    assert_string_equal(out + strlen(out) - strlen("a…"), "a…");
}

/* Nothing came: libcurl's words; no words at all are none. */
static void test_no_reply(void **state)
{
    struct wire_reply reply = {.error = "Could not resolve host", .body = ""};
    char out[12];

    (void)state;
    reply_explain(&reply, out, sizeof out);
    assert_string_equal(out, "Could not r");
    reply.error = "";
    reply_explain(&reply, out, sizeof out);
    assert_string_equal(out, "");
}

/* Whatever a log-in gave, and was no use, may be a key. */
static void test_login_words(void **state)
{
    static const struct {
        int status;
        const char *body, *words;
    } rows[] = {
        {200, "{\"token\":\"k123\"}", "200 without a usable key"},
        {201, "{\"key\":123}", "201 without a usable key"},
        {200, "<html>", "200 without a usable key"},
        {204, "", "204 without a usable key"},
        {302, "{\"key\":\"k123\"}", "302 Found"},
        {429, "{\"key\":\"k123\"}", "429 Too Many Requests"},
        {500, "{\"key\":\"k123\"}", "500 Internal Server Error"},
        {599, "{\"key\":\"k123\"}", "599"},
        {400, "{\"detail\":\"no\"}", "400 no"},
        {401, "{\"detail\":\"no\"}", "401 no"},
        {403, "{\"detail\":\"no\"}", "403 no"},
        {0, "", "no connection"},
    };
    char out[80];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wire_reply reply = {.status = rows[i].status,
            .error = "no connection",
            .body = rows[i].body,
            .body_len = strlen(rows[i].body)};
        reply_explain_login(&reply, out, sizeof out);
        assert_string_equal(out, rows[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_echoes),
        cmocka_unit_test(test_cut_echo),
        cmocka_unit_test(test_large_ids),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_cut_words),
        cmocka_unit_test(test_hostile_words),
        cmocka_unit_test(test_explain),
        cmocka_unit_test(test_secret_in_escapes),
        cmocka_unit_test(test_secret_across_a_cut),
        cmocka_unit_test(test_redirect_words),
        cmocka_unit_test(test_long_redirect),
        cmocka_unit_test(test_no_reply),
        cmocka_unit_test(test_login_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
