/* The gate against servers that break: a write is sent once, whatever libcurl
 * would like to do by itself. Without CURLOPT_PREREQFUNCTION most of these
 * tests fail. */
#include "delivery/outcome.h"

#include "transfer_rig.h"

#define ECHO_BODY     "{\"pk\":1,\"object_id\":46761,\"code\":\"E-1\"}"
#define HEAD(status)  "HTTP/1.1 " status "\r\nContent-Type: application/json\r\n"
#define CREATED       HEAD("201 Created") "Content-Length: 39\r\n\r\n" ECHO_BODY
#define EMPTY(status) HEAD(status) "Content-Length: 2\r\n\r\n{}"

_Static_assert(sizeof ECHO_BODY - 1 == 39, "CREATED says so");

static const char body[] = "{\"update_stock\":true,\"code\":\"E-1\"}";

static enum outcome judged(const struct transfer_reply *reply, bool echoed)
{
    const char *why;

    return outcome_judge(&(struct outcome_seen){.sent = reply->sent,
                             .curl = reply->curl,
                             .complete = reply->complete,
                             .status = reply->status,
                             .echoed = echoed},
        &why);
}

static void check_created(const struct transfer_reply *reply)
{
    if (reply->curl)
        fail_msg("%d %s", reply->curl, reply->error);
    assert_int_equal(reply->status, 201);
    assert_string_equal(buf_text(&reply->body), ECHO_BODY);
    assert_true(reply->complete);
    assert_true(reply->sent);
    assert_string_equal(reply->error, "");
    assert_string_equal(reply->kind, "");
}

static void check_broken(const struct transfer_reply *reply)
{
    assert_true(reply->curl != 0);
    assert_false(reply->complete);
    assert_true(reply->sent);
    assert_true(reply->error[0] != '\0');
    assert_string_equal(reply->kind, "reset");
    assert_int_equal(judged(reply, true), OUTCOME_UNKNOWN);
}

/* Applied and dropped: the connection is one that libcurl used before, so it
 * would open another and send the body again. */
static void drop_reused(enum hostile_then then, const char *method)
{
    const struct hostile_row rows[] = {
        {CREATED, 0, HOSTILE_KEEP}, {"", 0, then}, {CREATED, 0, HOSTILE_KEEP}};
    struct rig rig;

    rig_open(&rig, rows, 3);
    prepare(&rig, method);
    check_created(rig_exchange(&rig, body));
    const struct transfer_reply *reply = rig_exchange(&rig, body);
    assert_int_equal(rig.server.bodies, 2);
    check_broken(reply);
    // the next attempt, if somebody decides on one, is as good as the first
    check_created(rig_exchange(&rig, body));
    assert_int_equal(rig.server.bodies, 3);
    rig_close(&rig);
}

static void test_applied_and_closed(void **state)
{
    (void)state;
    drop_reused(HOSTILE_CLOSE, "POST");
}

static void test_applied_and_reset(void **state)
{
    (void)state;
    drop_reused(HOSTILE_RESET, "POST");
}

static void test_patch_applied_and_closed(void **state)
{
    (void)state;
    drop_reused(HOSTILE_CLOSE, "PATCH");
}

/* Without a connection that was used before libcurl does not try again. */
static void test_first_connection_closed(void **state)
{
    static const enum hostile_then ends[] = {HOSTILE_CLOSE, HOSTILE_RESET};

    (void)state;
    for (int i = 0; i < 2; i++) {
        const struct hostile_row rows[] = {{"", 0, ends[i]}};
        struct rig rig;
        rig_open(&rig, rows, 1);
        check_broken(rig_exchange(&rig, body));
        assert_int_equal(rig.server.bodies, 1);
        rig_close(&rig);
    }
}

/* What only reads may be sent again: the gate is for writes. */
static void test_a_read_goes_again(void **state)
{
    static const struct hostile_row rows[] = {{CREATED, 0, HOSTILE_KEEP},
        {"", 0, HOSTILE_CLOSE}, {CREATED, 0, HOSTILE_KEEP}};
    struct rig rig;

    (void)state;
    rig_open(&rig, rows, 3);
    prepare(&rig, "GET");
    check_created(rig_exchange(&rig, NULL));
    check_created(rig_exchange(&rig, NULL));
    assert_int_equal(rig.server.bodies, 3);
    rig_close(&rig);
}

/* Bytes that came before the request are no answer to it: either nothing is
 * sent, or it goes by another connection. */
static void check_not_taken(struct rig *rig, const struct transfer_reply *reply)
{
    assert_int_not_equal(reply->status, 400);
    if (reply->sent) {
        check_created(reply);
        assert_int_equal(rig->server.bodies, 2);
        assert_int_equal(rig->server.accepted, 2);
        return;
    }
    assert_true(reply->curl != 0);
    assert_int_equal(reply->status, 0);
    assert_int_equal(rig->server.bodies, 1);
    assert_int_equal(judged(reply, true), OUTCOME_NOT_SENT);
    assert_string_equal(reply->kind, "reset");
}

/* `bytes` wait on the idle connection, NULL: it was closed. */
static void stale(const char *bytes)
{
    static const struct hostile_row rows[] = {{CREATED, 0, HOSTILE_KEEP}};
    struct rig rig;

    rig_open(&rig, rows, 1);
    check_created(rig_exchange(&rig, body));
    hostile_push(&rig.server, bytes);
    poll(NULL, 0, 20);
    check_not_taken(&rig, rig_exchange(&rig, body));
    // that connection is gone for good
    int before = rig.server.bodies;
    check_created(rig_exchange(&rig, body));
    assert_int_equal(rig.server.bodies, before + 1);
    assert_int_equal(rig.server.accepted, 2);
    rig_close(&rig);
}

static void test_unasked_refusal(void **state)
{
    (void)state;
    stale(EMPTY("400 Bad Request"));
}

static void test_unasked_success(void **state)
{
    (void)state;
    stale(EMPTY("200 OK"));
}

static void test_unasked_byte(void **state)
{
    (void)state;
    stale("H");
}

static void test_idle_connection_closed(void **state)
{
    (void)state;
    stale(NULL);
}

/* The first look at a connection finds it new, each further one quiet. */
static bool closed(void *arg)
{
    int *asked = arg;

    ++*asked;
    return false;
}

/* Whoever guards the gate is asked when the connection is there: a write does
 * not leave, a read does. */
static void test_guard(void **state)
{
    const struct hostile_row rows[] = {{CREATED, 0, HOSTILE_KEEP}};
    struct rig rig;
    int asked = 0;

    (void)state;
    rig_open(&rig, rows, 1);
    net_guard(rig.net, closed, &asked);
    const struct transfer_reply *reply = rig_exchange(&rig, body);
    assert_false(reply->sent);
    assert_int_equal(asked, 1);
    assert_int_equal(rig.server.bodies, 0);
    assert_int_equal(judged(reply, false), OUTCOME_NOT_SENT);
    prepare(&rig, "GET");
    check_created(rig_exchange(&rig, NULL));
    rig_close(&rig);
}

static void test_reuse(void **state)
{
    static const struct hostile_row rows[] = {{CREATED, 0, HOSTILE_KEEP}};
    struct rig rig;

    (void)state;
    rig_open(&rig, rows, 1);
    for (int i = 1; i <= 50; i++) {
        check_created(rig_exchange(&rig, body));
        assert_int_equal(rig.server.bodies, i);
    }
    assert_int_equal(rig.server.accepted, 1);
    assert_null(strstr(rig.server.last, "Expect"));
    assert_null(strstr(rig.server.last, "\r\nHost: 127.0.0.1\r\n"));
    assert_non_null(strstr(rig.server.last, "POST / HTTP/1.1\r\n"));
    assert_non_null(strstr(rig.server.last, body));
    rig_close(&rig);
}

struct answer {
    const char *reply;
    int status;
    enum outcome outcome;
};

static const struct answer answers[] = {
    {EMPTY("417 Expectation Failed"), 417, OUTCOME_UNKNOWN},
    {HEAD("401 Unauthorized") "WWW-Authenticate: Basic realm=\"x\"\r\n"
                              "Content-Length: 2\r\n\r\n{}",
        401, OUTCOME_NO_LOGIN},
    {HEAD("401 Unauthorized") "WWW-Authenticate: Digest realm=\"x\", "
                              "nonce=\"1\"\r\nWWW-Authenticate: NTLM\r\n"
                              "Content-Length: 2\r\n\r\n{}",
        401, OUTCOME_NO_LOGIN},
    {HEAD("407 Proxy") "Proxy-Authenticate: Basic realm=\"x\"\r\n"
                       "Content-Length: 2\r\n\r\n{}",
        407, OUTCOME_NO_LOGIN},
    {EMPTY("408 Request Timeout"), 408, OUTCOME_UNKNOWN},
    {HEAD("408 Request Timeout") "Connection: close\r\n"
                                 "Content-Length: 2\r\n\r\n{}",
        408, OUTCOME_UNKNOWN},
    {HEAD("429 Too Many") "Retry-After: 0\r\nContent-Length: 2\r\n\r\n{}", 429,
        OUTCOME_THROTTLED},
    {HEAD("503 Unavailable") "Retry-After: 0\r\nContent-Length: 2\r\n\r\n{}",
        503, OUTCOME_UNKNOWN},
    {HEAD("307 Temporary Redirect") "Location: /\r\n"
                                    "Content-Length: 2\r\n\r\n{}",
        307, OUTCOME_UNKNOWN},
    {HEAD("421 Misdirected") "Content-Length: 2\r\n\r\n{}", 421,
        OUTCOME_UNKNOWN},
    {HEAD("426 Upgrade") "Upgrade: h2c\r\nConnection: Upgrade\r\n"
                         "Content-Length: 2\r\n\r\n{}",
        426, OUTCOME_UNKNOWN},
};

/* None of these makes libcurl send the body again: not on a new connection,
 * not on one that was used before. */
static void test_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        const struct hostile_row rows[] = {{answers[i].reply, 0, HOSTILE_KEEP},
            {CREATED, 0, HOSTILE_KEEP}, {answers[i].reply, 0, HOSTILE_KEEP},
            {CREATED, 0, HOSTILE_KEEP}};
        struct rig rig;
        rig_open(&rig, rows, 4);
        for (int n = 1; n <= 4; n++) {
            const struct transfer_reply *reply = rig_exchange(&rig, body);
            int status = n % 2 ? answers[i].status : 201;
            assert_int_equal(rig.server.bodies, n);
            assert_int_equal(reply->status, status);
            assert_true(reply->complete);
            if (n % 2)
                assert_int_equal(judged(reply, false), answers[i].outcome);
        }
        rig_close(&rig);
    }
}

/* The server closes, or resets, after `len` bytes of the reply. */
static struct transfer_reply cut_at(
    const char *text, size_t len, enum hostile_then then)
{
    const struct hostile_row rows[] = {
        {len ? text : "", len, then}, {CREATED, 0, HOSTILE_KEEP}};
    struct rig rig;

    rig_open(&rig, rows, 2);
    struct transfer_reply reply = *rig_exchange(&rig, body);
    assert_int_equal(rig.server.bodies, 1);
    rig_close(&rig);
    reply.error = reply.kind = "";
    reply.head = reply.body = (struct buf){0};
    return reply;
}

static void check_cuts(const char *text, enum hostile_then then)
{
    size_t head = strlen(text) - strlen(strrchr(text, '\n') + 1);

    for (size_t len = 0; len < strlen(text); len++) {
        struct transfer_reply reply = cut_at(text, len, then);
        assert_true(reply.sent);
        if (reply.complete && len < head)
            fail_msg("complete, %d, after %zu of %zu bytes: %s", reply.status,
                len, head, text);
        if (judged(&reply, true) != OUTCOME_UNKNOWN)
            fail_msg("%s, %d, after %zu of %zu bytes: %s",
                outcome_name(judged(&reply, true)), reply.status, len, head,
                text);
    }
}

static const char *const cuts[] = {
    CREATED,
    EMPTY("400 Bad Request"),
    EMPTY("401 Unauthorized"),
    EMPTY("404 Not Found"),
    EMPTY("429 Too Many Requests"),
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n",
    "HTTP/1.0 403 Forbidden\nServer: x\n\n",
    "HTTP/1.1 100 Continue\r\n\r\n" EMPTY("400 Bad Request"),
    "HTTP/1.1 100 Continue\r\n\r\n" CREATED,
    "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" EMPTY("404 Not Found"),
};

/* libcurl is content with a reply that is cut inside its headers. */
static void test_cut_everywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++)
        check_cuts(cuts[i], HOSTILE_CLOSE);
}

static void test_reset_everywhere(void **state)
{
    (void)state;
    check_cuts(CREATED, HOSTILE_RESET);
    check_cuts(EMPTY("400 Bad Request"), HOSTILE_RESET);
}

/* A whole reply whose end is the end of the connection. */
static void test_unframed(void **state)
{
    const char *text =
        "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n{}";
    struct transfer_reply reply = cut_at(text, strlen(text), HOSTILE_CLOSE);

    (void)state;
    assert_true(reply.complete);
    assert_int_equal(judged(&reply, false), OUTCOME_REFUSED);
}

/* 1xx replies in front of the answer are not the answer. */
static void test_interim(void **state)
{
    static const struct hostile_row rows[] = {
        {"HTTP/1.1 100 Continue\r\nX: 1\r\n\r\n" CREATED, 0, HOSTILE_KEEP},
        {"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n"
         "Location: /x\r\n\r\n" EMPTY("400 Bad Request"),
            0, HOSTILE_KEEP},
        {"HTTP/1.1 100 Continue\r\n\r\n", 0, HOSTILE_CLOSE},
        {CREATED, 0, HOSTILE_KEEP}};
    struct rig rig;
    const char *value;
    size_t len;

    (void)state;
    rig_open(&rig, rows, 4);
    const struct transfer_reply *reply = rig_exchange(&rig, body);
    check_created(reply);
    assert_false(transfer_header(reply, "x", &value, &len));
    reply = rig_exchange(&rig, body);
    assert_int_equal(reply->status, 400);
    assert_int_equal(judged(reply, false), OUTCOME_REFUSED);
    assert_false(transfer_header(reply, "location", &value, &len));
    assert_true(transfer_header(reply, "content-length", &value, &len));
    assert_int_equal(rig.server.bodies, 2);
    reply = rig_exchange(&rig, body);
    assert_int_equal(rig.server.bodies, 3);
    assert_int_equal(judged(reply, true), OUTCOME_UNKNOWN);
    rig_close(&rig);
}

/* A body of `len` spaces, framed or not. */
static struct transfer_reply sized(size_t len, bool framed)
{
    static char text[BODY_MAX + 200];
    int n =
        framed ? snprintf(text, sizeof text,
                     HEAD("400 Bad Request") "Content-Length: %zu\r\n\r\n", len)
               : snprintf(text, sizeof text, HEAD("400 Bad Request") "\r\n");

    memset(text + n, ' ', len);
    return cut_at(text, (size_t)n + len, HOSTILE_CLOSE);
}

static void test_large_bodies(void **state)
{
    (void)state;
    for (int framed = 0; framed < 2; framed++) {
        struct transfer_reply reply = sized(BODY_MAX, framed);
        assert_int_equal(reply.curl, 0);
        assert_true(reply.complete);
        assert_int_equal(judged(&reply, false), OUTCOME_REFUSED);
        reply = sized(BODY_MAX + 1, framed);
        assert_false(reply.complete);
        assert_true(reply.curl != 0);
        assert_int_equal(judged(&reply, false), OUTCOME_UNKNOWN);
    }
}

/* Nobody listens: nothing left. */
static void test_no_connection(void **state)
{
    static const struct hostile_row rows[] = {{CREATED, 0, HOSTILE_KEEP}};
    struct rig rig;

    (void)state;
    rig_open(&rig, rows, 1);
    hostile_freeze(&rig.server);
    shutdown(rig.server.listener, SHUT_RDWR);
    const struct transfer_reply *reply = rig_exchange(&rig, body);
    assert_false(reply->sent);
    assert_string_equal(reply->kind, "connect");
    assert_int_equal(judged(reply, true), OUTCOME_NOT_SENT);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_applied_and_closed),
        cmocka_unit_test(test_applied_and_reset),
        cmocka_unit_test(test_patch_applied_and_closed),
        cmocka_unit_test(test_first_connection_closed),
        cmocka_unit_test(test_a_read_goes_again),
        cmocka_unit_test(test_unasked_refusal),
        cmocka_unit_test(test_unasked_success),
        cmocka_unit_test(test_unasked_byte),
        cmocka_unit_test(test_idle_connection_closed),
        cmocka_unit_test(test_guard),
        cmocka_unit_test(test_reuse),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_cut_everywhere),
        cmocka_unit_test(test_reset_everywhere),
        cmocka_unit_test(test_unframed),
        cmocka_unit_test(test_interim),
        cmocka_unit_test(test_large_bodies),
        cmocka_unit_test(test_no_connection),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
