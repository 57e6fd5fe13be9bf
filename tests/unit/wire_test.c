/* What delivery sends, as a server of its own sees it: releases (wire.h), the
 * first look and the log-in (request.h). */
#include "delivery/request.h"
#include "delivery/wire.h"

#include "hostile_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { TIMEOUT_MS = 5000 };

#define HEAD(status)  "HTTP/1.1 " status "\r\nContent-Type: application/json\r\n"
#define EMPTY(status) HEAD(status) "Content-Length: 2\r\n\r\n{}"
#define KEY           HEAD("200 OK") "Content-Length: 15\r\n\r\n{\"key\": \"k3y!\"}"
#define UNASKED       "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"

struct rig {
    struct hostile server;
    struct net *net;
    struct wire *wire;
    struct request *visit;
    char origin[60];
    struct wire_reply reply; // its texts are those of the transfer
    char retry_after[40];
    char token[40]; // that request_token found
    int replies;
};

static void take(struct rig *rig, const struct wire_reply *reply)
{
    struct secret *token = request_token(reply);

    rig->replies++;
    rig->reply = *reply;
    snprintf(
        rig->token, sizeof rig->token, "%s", token ? secret_text(token) : "");
    snprintf(rig->retry_after, sizeof rig->retry_after, "%.*s",
        (int)(reply->retry_after ? reply->retry_after_len : 0),
        reply->retry_after ? reply->retry_after : "");
    secret_free(token);
}

static void on_reply(struct wire_call *call, const struct wire_reply *reply)
{
    take(call->owner, reply);
}

static void on_visit(void *arg, const struct wire_reply *reply)
{
    take(arg, reply);
}

static void rig_open(
    struct rig *rig, const struct hostile_row *rows, size_t count)
{
    struct error err;

    memset(rig, 0, sizeof *rig);
    alarm(60); // whatever hangs
    assert_true(hostile_open(&rig->server, rows, count));
    snprintf(rig->origin, sizeof rig->origin, "http://127.0.0.1:%d",
        rig->server.port);
    rig->net = net_open(&err);
    assert_non_null(rig->net);
    rig->wire = wire_new(rig->net,
        &(struct wire_options){.origin = rig->origin,
            .prefix = "i1",
            .at_once = 2,
            .route.timeout_ms = TIMEOUT_MS,
            .route.connect_timeout_ms = TIMEOUT_MS},
        &err);
    rig->visit = request_new(rig->net,
        &(struct request_options){.origin = rig->origin,
            .prefix = "i1",
            .path = "/api/i1/orders/?limit=1",
            .route.timeout_ms = TIMEOUT_MS,
            .route.connect_timeout_ms = TIMEOUT_MS},
        &err);
    assert_non_null(rig->wire);
    assert_non_null(rig->visit);
}

static void rig_close(struct rig *rig)
{
    wire_free(rig->wire);
    request_free(rig->visit);
    net_close(rig->net);
    hostile_close(&rig->server);
    assert_int_equal(rig->server.wrong, 0);
    alarm(0);
}

static void set_token(struct rig *rig, const char *token)
{
    struct error err;

    assert_true(
        wire_set_token(rig->wire, token, wire_token_no(rig->wire) + 1, &err));
}

static void wait_for(struct rig *rig, int replies)
{
    while (rig->replies < replies) {
        net_poll(rig->net, 1000);
        net_turn(rig->net);
    }
    assert_int_equal(rig->replies, replies);
}

static const char body[] = "{\"update_stock\":true,\"code\":\"E-1\"}";

static struct wire_call call_of(struct rig *rig, int64_t item)
{
    return (struct wire_call){.order_item_id = item,
        .body = body,
        .body_len = strlen(body),
        .owner = rig,
        .replied = on_reply};
}

static void send_one(struct rig *rig, int64_t item)
{
    struct wire_call call = call_of(rig, item);
    struct error err;

    if (!wire_send(rig->wire, &call, &err))
        fail_msg("%s", err.text);
    wait_for(rig, rig->replies + 1);
}

static void look(struct rig *rig, const char *token)
{
    request_look(rig->visit, token, on_visit, rig);
    wait_for(rig, rig->replies + 1);
}

static void log_in(struct rig *rig, const char *user, const char *password)
{
    request_log_in(rig->visit, user, password, on_visit, rig);
    wait_for(rig, rig->replies + 1);
}

/* The latest request begins so, has all of these in it, and none of those. */
static void check_request(
    const struct rig *rig, const char *line, const char *has)
{
    const char *last = rig->server.last;

    if (strncmp(last, line, strlen(line)) != 0 || !strstr(last, has))
        fail_msg("\"%s\" and \"%s\" expected of: %s", line, has, last);
}

static void check_without(const struct rig *rig, const char *text)
{
    if (strstr(rig->server.last, text))
        fail_msg("\"%s\" is in: %s", text, rig->server.last);
}

static void test_release(void **state)
{
    static const struct hostile_row rows[] = {
        {HEAD("429 Busy") "Retry-After: 120\r\nContent-Length: 0\r\n\r\n", 0,
            HOSTILE_KEEP}};
    const char *post = "POST /api/i1/order_items/9007199254740993/"
                       "create_mapping/ HTTP/1.1\r\n";
    struct rig rig;

    (void)state;
    rig_open(&rig, rows, 1);
    set_token(&rig, "t0ken");
    send_one(&rig, 9007199254740993);
    check_request(&rig, post, "\r\nAuthorization: Token t0ken\r\n");
    check_request(&rig, post, "\r\nContent-Type: application/json\r\n");
    check_request(&rig, post, "\r\nAccept: application/json\r\n");
    check_request(&rig, post, "\r\n\r\n{\"update_stock\":true,\"code\"");
    check_without(&rig, "Expect:");
    assert_true(rig.reply.sent && rig.reply.complete);
    assert_int_equal(rig.reply.status, 429);
    assert_string_equal(rig.retry_after, "120");
    rig_close(&rig);
}

/* A token that changes between two requests: the next one has the new one,
 * in each slot, and the old one is gone. */
static void test_token_changes(void **state)
{
    static const struct hostile_row rows[] = {
        {EMPTY("400 No"), 0, HOSTILE_KEEP}};
    struct rig rig;
    struct wire_call two[2];
    struct error err;

    (void)state;
    rig_open(&rig, rows, 1);
    struct wire_call call = call_of(&rig, 1);
    assert_false(wire_send(rig.wire, &call, &err)); // no token yet
    assert_non_null(strstr(err.text, "no token"));
    set_token(&rig, "first");
    send_one(&rig, 1);
    check_request(&rig, "POST", "Token first\r\n");
    set_token(&rig, "second");
    for (int i = 0; i < 2; i++) {
        two[i] = call_of(&rig, i + 2);
        assert_true(wire_send(rig.wire, &two[i], &err));
    }
    assert_false(wire_send(rig.wire, &call, &err)); // at_once is 2
    assert_non_null(strstr(err.text, "no request slot"));
    set_token(&rig, "third"); // these keep the one they have
    wait_for(&rig, 3);
    check_request(&rig, "POST", "Token second\r\n");
    send_one(&rig, 4);
    check_request(&rig, "POST", "Token third\r\n");
    check_without(&rig, "second");
    assert_null(rig.reply.retry_after);
    rig_close(&rig);
}

static void test_look(void **state)
{
    static const struct hostile_row rows[] = {
        {EMPTY("200 OK"), 0, HOSTILE_KEEP}};
    const char *get = "GET /api/i1/orders/?limit=1 HTTP/1.1\r\n";
    struct rig rig;

    (void)state;
    rig_open(&rig, rows, 1);
    look(&rig, "t0ken");
    check_request(&rig, get, "\r\nAuthorization: Token t0ken\r\n");
    check_request(&rig, get, "\r\nAccept: application/json\r\n");
    check_without(&rig, "Content-Length");
    assert_int_equal(rig.reply.status, 200);
    assert_string_equal(rig.token, "");
    // nothing of a log-in before is in the next look
    log_in(&rig, "anna", "pass");
    look(&rig, "other");
    check_request(&rig, get, "Token other\r\n");
    check_without(&rig, "pass");
    check_without(&rig, "Content-Type");
    rig_close(&rig);
}

/* Neither the token nor anything else that is secret is in a header of the
 * log-in; the texts are JSON, whatever is in them. */
static void test_log_in(void **state)
{
    static const struct hostile_row rows[] = {{KEY, 0, HOSTILE_KEEP}};
    const char *post = "POST /api/i1/auth/login/ HTTP/1.1\r\n";
    struct rig rig;

    (void)state;
    rig_open(&rig, rows, 1);
    look(&rig, "t0ken");
    log_in(&rig, "a\"b\\c", "p\",\"x\":\"\\/%s \xc4\xb0");
    check_request(&rig, post, "\r\nContent-Type: application/json\r\n");
    check_request(&rig, post,
        "\r\n\r\n{\"username\":\"a\\\"b\\\\c\",\"password\":"
        "\"p\\\",\\\"x\\\":\\\"\\\\/%s \xc4\xb0\"}");
    check_without(&rig, "Authorization");
    check_without(&rig, "t0ken");
    assert_string_equal(rig.token, "k3y!");
    rig_close(&rig);
}

/* The key of a log-in's answer, and only a text that can be a token. */
static void test_key(void **state)
{
    static const struct {
        const char *body, *key; // NULL: none
    } rows[] = {
        {"{\"key\":\"0123456789abcdef\"}", "0123456789abcdef"},
        {" {\"user\":{\"key\":\"no\"},\"key\":\"\\u0061bcd\"} ", "abcd"},
        {"{\"key\":\"\"}", NULL},
        {"{\"key\":null}", NULL},
        {"{\"key\":12345}", NULL},
        {"{\"key\":[\"abcd\"]}", NULL},
        {"{\"key\":\"a\\r\\nX-Evil: 1\"}", NULL},
        {"{\"key\":\"a\\u0000b\"}", NULL},
        {"{\"key\":\"\xc4\xb0\"}", NULL},
        {"{\"key\":\"abcd\",\"key\":\"efgh\"}", NULL},
        {"{\"token\":\"abcd\"}", NULL},
        {"[{\"key\":\"abcd\"}]", NULL},
        {"\"key\"", NULL},
        {"<html>key</html>", NULL},
        {"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wire_reply reply = {
            .body = rows[i].body, .body_len = strlen(rows[i].body)};
        struct secret *token = request_token(&reply);
        if (!token != !rows[i].key)
            fail_msg("%s", rows[i].body);
        if (token)
            assert_string_equal(secret_text(token), rows[i].key);
        secret_free(token);
    }
}

/* An answer that nobody asked for waits on the kept connection: the visit
 * goes over a new one, once more and not for ever. */
static void test_stale_connection(void **state)
{
    static const struct hostile_row rows[] = {
        {EMPTY("200 OK"), 0, HOSTILE_KEEP}};
    static const char *const stale[] = {UNASKED, NULL};
    struct rig rig;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        rig_open(&rig, rows, 1);
        look(&rig, "t");
        hostile_push(&rig.server, stale[i]); // NULL: it is closed
        look(&rig, "t");
        assert_int_equal(rig.reply.status, 200);
        assert_int_equal(rig.server.bodies, 2);
        assert_int_equal(rig.server.accepted, 2);
        hostile_push(&rig.server, stale[i]);
        log_in(&rig, "anna", "pass");
        assert_int_equal(rig.reply.status, 200);
        assert_int_equal(rig.server.bodies, 3);
        rig_close(&rig);
    }
}

/* A log-in that was read and not answered is not made again. */
static void test_log_in_once(void **state)
{
    static const struct hostile_row rows[] = {
        {EMPTY("200 OK"), 0, HOSTILE_KEEP}, {"", 0, HOSTILE_CLOSE}};
    struct rig rig;

    (void)state;
    rig_open(&rig, rows, 2);
    look(&rig, "t");
    log_in(&rig, "anna", "pass");
    assert_true(rig.reply.curl != 0);
    assert_true(rig.reply.sent);
    assert_int_equal(rig.server.bodies, 2);
    rig_close(&rig);
}

/* A redirect is an answer, and nobody is asked where it leads. */
static void test_redirect(void **state)
{
    static const struct hostile_row rows[] = {
        {HEAD("302 Found") "Location: /api/i1/auth/login/\r\n"
                           "Content-Length: 0\r\n\r\n",
            0, HOSTILE_KEEP}};
    struct rig rig;

    (void)state;
    rig_open(&rig, rows, 1);
    set_token(&rig, "t");
    look(&rig, "t");
    assert_int_equal(rig.reply.status, 302);
    log_in(&rig, "anna", "pass");
    assert_int_equal(rig.reply.status, 302);
    send_one(&rig, 1);
    assert_int_equal(rig.reply.status, 302);
    assert_int_equal(rig.server.bodies, 3);
    rig_close(&rig);
}

/* What cannot even be started is answered at once. */
static void test_cannot_start(void **state)
{
    static const struct hostile_row rows[] = {
        {EMPTY("200 OK"), 0, HOSTILE_KEEP}};
    struct rig rig;

    (void)state;
    rig_open(&rig, rows, 1);
    request_look(rig.visit, "bad\r\nX-Evil: 1", on_visit, &rig);
    assert_int_equal(rig.replies, 1);
    assert_false(rig.reply.sent);
    assert_int_equal(rig.reply.status, 0);
    assert_int_equal(rig.server.accepted, 0);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_release),
        cmocka_unit_test(test_token_changes),
        cmocka_unit_test(test_look),
        cmocka_unit_test(test_log_in),
        cmocka_unit_test(test_key),
        cmocka_unit_test(test_stale_connection),
        cmocka_unit_test(test_log_in_once),
        cmocka_unit_test(test_redirect),
        cmocka_unit_test(test_cannot_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
