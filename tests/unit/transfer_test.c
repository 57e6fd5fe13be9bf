/* A transfer against what should not be: replies without an end, requests
 * that would be two, an environment that has other wishes. */
#include "base/mem.h"

#include "transfer_rig.h"

#include <signal.h>

#define OK_HEAD "HTTP/1.1 200 OK\r\n"
#define EMPTY   OK_HEAD "Content-Length: 2\r\n\r\n{}"

enum { ENDLESS = 2 << 20, CAP = 256 * 1024 };

/* A server that says `first`, then `again` for megabytes. */
struct flood {
    const char *title, *first, *again;
};

static const struct flood floods[] = {
    {"headers", OK_HEAD, "X-Line: 0123456789012345678901234567890\r\n"},
    {"one header", OK_HEAD "X-Line: ", "0123456789"},
    {"a status line", "HTTP/1.1 200 ", "OK OK OK "},
    {"no status line", "", "0123456789"},
    {"100 Continue", "", "HTTP/1.1 100 Continue\r\n\r\n"},
    {"103 with a header", "", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"},
    {"trailers", OK_HEAD "Transfer-Encoding: chunked\r\n\r\n0\r\n",
        "X-Trailer: 01234567890123456789\r\n"},
    {"body", OK_HEAD "Content-Length: 9999999\r\n\r\n", "0123456789"},
    {"body without a length", OK_HEAD "\r\n", "0123456789"},
    {"chunks", OK_HEAD "Transfer-Encoding: chunked\r\n\r\n",
        "a\r\n0123456789\r\n"},
    {"chunk extensions", OK_HEAD "Transfer-Encoding: chunked\r\n\r\na;",
        "x=0123456789;"},
    {"body of a refusal", "HTTP/1.1 400 Bad Request\r\n\r\n", "0123456789"},
};

static char *endless(const struct flood *flood)
{
    size_t first = strlen(flood->first), again = strlen(flood->again);
    char *text = mem_calloc(1, first + ENDLESS + again + 1);

    assert_non_null(text);
    memcpy(text, flood->first, first);
    for (size_t n = 0; n < ENDLESS; n += again)
        memcpy(text + first + n, flood->again, again);
    return text;
}

/* Ends by itself, long before the time-out, with little kept. */
static void test_floods(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof floods / sizeof *floods; i++) {
        char *text = endless(&floods[i]);
        const struct hostile_row rows[] = {{text, 0, HOSTILE_CLOSE}};
        struct rig rig;

        rig_open(&rig, rows, 1);
        const struct transfer_reply *reply = rig_exchange(&rig, "{}");
        if (!reply->sent || reply->complete || !reply->curl)
            fail_msg("%s: sent %d, complete %d, %d %s", floods[i].title,
                reply->sent, reply->complete, reply->curl, reply->error);
        if (strcmp(reply->kind, "timeout") == 0 || reply->head.len > CAP ||
            reply->body.len > BODY_MAX)
            fail_msg("%s: %s, %zu and %zu bytes", floods[i].title, reply->kind,
                reply->head.len, reply->body.len);
        hostile_freeze(&rig.server);
        rig.server.wrong = 0; // it could not say all it had to say
        rig_close(&rig);
        mem_free(text);
    }
}

/* Heads of a reply are added up: libcurl keeps them all. */
static void test_floods_are_too_large(void **state)
{
    static const size_t heads[] = {0, 4, 5, 6};

    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        char *text = endless(&floods[heads[i]]);
        const struct hostile_row rows[] = {{text, 0, HOSTILE_CLOSE}};
        struct rig rig;

        rig_open(&rig, rows, 1);
        const struct transfer_reply *reply = rig_exchange(&rig, "{}");
        assert_string_equal(reply->kind, "toolarge");
        hostile_freeze(&rig.server);
        rig.server.wrong = 0;
        rig_close(&rig);
        mem_free(text);
    }
}

static const char *const halts[] = {
    "",
    "HTTP/1.1 20",
    OK_HEAD "X-Li",
    OK_HEAD "Content-Length: 20\r\n\r\n{",
    OK_HEAD "\r\n{}",
    OK_HEAD "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
};

/* A server that stops in the midst of its reply. */
static void test_time_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof halts / sizeof *halts; i++) {
        const struct hostile_row rows[] = {{halts[i], 0, HOSTILE_KEEP}};
        struct transfer_request request = rig_request("POST");
        struct error err;
        struct rig rig;

        rig_open(&rig, rows, 1);
        request.route.timeout_ms = 100;
        assert_true(transfer_prepare(rig.transfer, &request, &err));
        const struct transfer_reply *reply = rig_exchange(&rig, "{}");
        assert_true(reply->sent);
        assert_false(reply->complete);
        assert_string_equal(reply->kind, "timeout");
        rig_close(&rig);
    }
}

/* What libcurl must not take for an answer, nor for a reason to go on. */
static void test_not_http(void **state)
{
    static const char *const texts[] = {
        "{\"pk\":1}", "ICY 200 OK\r\n\r\n", "220 mail\r\n", "\r\n\r\n{}"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct hostile_row rows[] = {{texts[i], 0, HOSTILE_CLOSE}};
        struct rig rig;

        rig_open(&rig, rows, 1);
        const struct transfer_reply *reply = rig_exchange(&rig, "{}");
        assert_true(reply->sent);
        assert_false(reply->complete);
        assert_int_equal(reply->body.len, 0);
        rig_close(&rig);
    }
}

static const struct hostile_row answers[] = {{EMPTY, 0, HOSTILE_KEEP}};

static void refused(struct rig *rig, const struct transfer_request *request)
{
    struct error err;

    assert_false(transfer_prepare(rig->transfer, request, &err));
    assert_true(err.text[0] != '\0');
    assert_null(strchr(err.text, '\n'));
}

static void refused_header(struct rig *rig, const char *line)
{
    const char *const headers[] = {line, NULL};
    struct transfer_request request = rig_request("POST");

    request.headers = headers;
    refused(rig, &request);
}

static void refused_method(struct rig *rig, const char *method)
{
    struct transfer_request request = rig_request(method);

    refused(rig, &request);
}

static void refused_proxy(struct rig *rig, const char *proxy)
{
    struct transfer_request request = rig_request("POST");

    request.route.proxy = proxy;
    refused(rig, &request);
}

/* One request must not become two, nor a header another. */
static void test_line_ends(void **state)
{
    struct error err;
    struct rig rig;

    (void)state;
    rig_open(&rig, answers, 1);
    refused_header(&rig, "X: 1\r\nY: 2");
    refused_header(&rig, "X: 1\nY: 2");
    refused_header(&rig, "X: 1\r");
    refused_header(&rig, "X\t: 1");
    refused_header(&rig, "X: 1\x7f");
    refused_method(&rig, "GET / HTTP/1.1\r\nX: 1\r\n\r\nGET");
    refused_method(&rig, "PUT ");
    refused_method(&rig, "");
    refused_proxy(&rig, "http://127.0.0.1:1\r\nX: 1");
    refused_proxy(&rig, " http://127.0.0.1:1");
    prepare(&rig, "GET");
    assert_false(
        transfer_aim(rig.transfer, "http://127.0.0.1/\r\n", NULL, 0, &err));
    assert_false(
        transfer_aim(rig.transfer, "http://127.0.0.1/\n", NULL, 0, &err));
    rig_close(&rig);
}

/* A POST to a path of the base; what the server read of it. */
static const char *post_to(struct rig *rig, const char *path, const char *body)
{
    struct error err;

    assert_true(
        transfer_aim_path(rig->transfer, path, body, strlen(body), &err));
    assert_true(transfer_start(rig->transfer, on_done, rig, &err));
    for (rig->done = false; !rig->done; net_turn(rig->net))
        net_poll(rig->net, 1000);
    assert_int_equal(transfer_reply(rig->transfer)->status, 200);
    return rig->server.last;
}

static void test_paths_of_a_base(void **state)
{
    static const struct hostile_row row = {EMPTY, 0, HOSTILE_KEEP};
    struct rig rig;
    struct error err;
    char url[64];

    (void)state;
    rig_open(&rig, &row, 1);
    snprintf(url, sizeof url, "http://127.0.0.1:%d", rig.server.port);
    assert_false(transfer_set_base(rig.transfer, "http://[", &err));
    assert_true(transfer_set_base(rig.transfer, url, &err));
    const char *last = post_to(&rig, "/api/12/", "{\"a\":1}");
    assert_memory_equal(last, "POST /api/12/ HTTP/1.1\r\n", 24);
    assert_non_null(strstr(last, "\r\n\r\n{\"a\":1}"));
    last = post_to(&rig, "/b/", "{}");
    assert_memory_equal(last, "POST /b/ HTTP/1.1\r\n", 19);
    assert_non_null(strstr(last, "\r\n\r\n{}"));
    assert_false(transfer_aim_path(rig.transfer, "/\r\nX: y", "", 0, &err));
    assert_int_equal(rig.server.accepted, 1);
    rig_close(&rig);
}

static void test_always_a_time_out(void **state)
{
    struct transfer_request request = rig_request("POST");
    struct rig rig;

    (void)state;
    rig_open(&rig, answers, 1);
    request.route.timeout_ms = 0;
    refused(&rig, &request);
    request = rig_request("POST");
    request.route.connect_timeout_ms = 0;
    refused(&rig, &request);
    rig_close(&rig);
}

/* Not sent: where such a URL would lead is nobody's business here. */
static void test_other_urls(void **state)
{
    static const char *const forms[][2] = {
        {"http://user:password@127.0.0.1:", "/"},
        {"http://user@127.0.0.1:", "/"}, {"ftp://127.0.0.1:", "/"},
        {"gopher://127.0.0.1:", "/"}, {"file:///etc/passwd?", ""},
        {"127.0.0.1:", " x"}, {"dict://127.0.0.1:", "/"},
        {"http://127.0.0.1:", "@/"}};
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct rig rig;
        char url[80];

        rig_open(&rig, answers, 1);
        snprintf(url, sizeof url, "%s%d%s", forms[i][0], rig.server.port,
            forms[i][1]);
        if (transfer_aim(rig.transfer, url, "{}", 2, &err)) {
            const struct transfer_reply *reply = rig_fetch(&rig, url, "{}");
            assert_false(reply->sent);
            assert_false(reply->complete);
            assert_int_equal(reply->body.len, 0);
        }
        assert_int_equal(rig.server.bodies, 0);
        rig_close(&rig);
    }
}

static const char *const proxy_names[] = {
    "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};

static void set_proxies(const char *value)
{
    for (size_t i = 0; i < sizeof proxy_names / sizeof *proxy_names; i++)
        if (value)
            setenv(proxy_names[i], value, 1);
        else
            unsetenv(proxy_names[i]);
}

static void proxy_url(const struct rig *proxy, char out[40])
{
    snprintf(out, 40, "http://127.0.0.1:%d", proxy->server.port);
}

static void test_environment_has_no_proxy(void **state)
{
    struct rig rig, proxy;
    char url[40];

    (void)state;
    rig_open(&rig, answers, 1);
    rig_open(&proxy, answers, 1);
    proxy_url(&proxy, url);
    set_proxies(url);
    assert_true(rig_exchange(&rig, "{}")->complete);
    rig_fetch(&rig, "https://127.0.0.1:1/", "{}");
    set_proxies(NULL);
    assert_int_equal(rig.server.bodies, 1);
    assert_int_equal(proxy.server.accepted, 0);
    rig_close(&rig);
    rig_close(&proxy);
}

/* https goes through the proxy that was named, whatever no_proxy says; the
 * proxy hears where to, and nothing else of the request. */
static void test_named_proxy(void **state)
{
    static const struct hostile_row rows[] = {
        {"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", 0,
            HOSTILE_KEEP}};
    struct transfer_request request = rig_request("POST");
    struct rig rig, proxy;
    struct error err;
    char url[40];

    (void)state;
    rig_open(&rig, answers, 1);
    rig_open(&proxy, rows, 1);
    proxy_url(&proxy, url);
    request.route.proxy = url;
    setenv("no_proxy", "*", 1);
    setenv("NO_PROXY", "127.0.0.1", 1);
    assert_true(transfer_prepare(rig.transfer, &request, &err));
    const struct transfer_reply *reply =
        rig_fetch(&rig, "https://127.0.0.1:1/", "{\"code\":1}");
    unsetenv("no_proxy");
    unsetenv("NO_PROXY");
    assert_false(reply->sent);
    assert_int_equal(proxy.server.bodies, 1);
    hostile_freeze(&proxy.server);
    assert_memory_equal(proxy.server.last, "CONNECT 127.0.0.1:1 ", 20);
    assert_null(strstr(proxy.server.last, "Token"));
    assert_null(strstr(proxy.server.last, "code"));
    rig_close(&rig);
    rig_close(&proxy);
}

/* What is not encrypted must not pass by anybody. */
static void test_no_proxy_for_http(void **state)
{
    struct transfer_request request = rig_request("POST");
    struct rig rig, proxy;
    struct error err;
    char url[40];

    (void)state;
    rig_open(&rig, answers, 1);
    rig_open(&proxy, answers, 1);
    proxy_url(&proxy, url);
    request.route.proxy = url;
    assert_true(transfer_prepare(rig.transfer, &request, &err));
    assert_true(rig_exchange(&rig, "{}")->complete);
    assert_int_equal(rig.server.bodies, 1);
    assert_int_equal(proxy.server.accepted, 0);
    rig_close(&rig);
    rig_close(&proxy);
}

/* A redirect is an answer like any other, also for what only reads. */
static void test_redirect(void **state)
{
    static const int statuses[] = {301, 302, 303, 307, 308};
    static const char *const methods[] = {"GET", "POST", "PATCH"};

    (void)state;
    for (size_t i = 0; i < 15; i++) {
        struct rig rig, other;
        char text[200];
        const struct hostile_row rows[] = {{text, 0, HOSTILE_KEEP}};

        rig_open(&other, answers, 1);
        snprintf(text, sizeof text,
            "HTTP/1.1 %d Moved\r\nLocation: http://127.0.0.1:%d/\r\n"
            "Content-Length: 0\r\n\r\n",
            statuses[i % 5], other.server.port);
        rig_open(&rig, rows, 1);
        prepare(&rig, methods[i / 5]);
        const struct transfer_reply *reply =
            rig_exchange(&rig, i < 5 ? NULL : "{}");
        assert_int_equal(reply->status, statuses[i % 5]);
        assert_int_equal(rig.server.bodies, 1);
        assert_int_equal(other.server.accepted, 0);
        rig_close(&rig);
        rig_close(&other);
    }
}

/* The request has what it was given, and little besides. */
static void test_request(void **state)
{
    struct rig rig;

    (void)state;
    rig_open(&rig, answers, 1);
    assert_true(rig_exchange(&rig, "{\"code\":\"x\"}")->complete);
    hostile_freeze(&rig.server);
    char expected[200];
    snprintf(expected, sizeof expected,
        "POST / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: */*\r\n"
        "Authorization: Token t\r\nContent-Type: application/json\r\n"
        "User-Agent: omnitron\r\nContent-Length: 12\r\n\r\n{\"code\":\"x\"}",
        rig.server.port);
    assert_string_equal(rig.server.last, expected);
    rig_close(&rig);
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_SANITIZER
#endif
#endif

#ifndef UNDER_SANITIZER
/* A token that no constant of this program contains. */
enum { TOKEN_LEN = 48, PIECE = 24, VEIL = 0x80 };

static void make_token(char *out, int veil)
{
    for (int i = 0; i < TOKEN_LEN; i++)
        out[i] = (char)(('A' + (i * 11 + 5) % 26) ^ veil);
    out[TOKEN_LEN] = '\0';
}

static void exchange_token(void)
{
    char line[TOKEN_LEN + 40] = "Authorization: Token ";
    const char *const headers[] = {line, NULL};
    struct transfer_request request = rig_request("POST");
    struct rig rig;
    struct error err;

    make_token(line + strlen(line), 0);
    request.headers = headers;
    rig_open(&rig, answers, 1);
    for (int i = 0; i < 2; i++)
        assert_true(transfer_prepare(rig.transfer, &request, &err));
    assert_true(rig_exchange(&rig, "{}")->complete);
    hostile_freeze(&rig.server);
    assert_non_null(strstr(rig.server.last, line));
    rig_close(&rig);
    explicit_bzero(&rig.server, sizeof rig.server);
    explicit_bzero(line, sizeof line);
}

static bool is_piece(const char *at, const char *veiled)
{
    for (int i = 0; i < PIECE; i++)
        if ((char)(at[i] ^ (char)VEIL) != veiled[i])
            return false;
    return true;
}

/* How often a piece of the token is in these bytes. */
static int count_pieces(const char *from, const char *to)
{
    char veiled[TOKEN_LEN + 1];
    int found = 0;

    make_token(veiled, VEIL);
    for (const char *at = from; at + PIECE <= to; at++)
        found += is_piece(at, veiled) || is_piece(at, veiled + PIECE);
    return found;
}

static int search_memory(int *searched)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    char text[512], mode[8];
    unsigned long from, to;
    int found = 0;

    assert_non_null(maps);
    while (fgets(text, sizeof text, maps)) {
        if (sscanf(text, "%lx-%lx %7s", &from, &to, mode) != 3 ||
            strncmp(mode, "rw", 2) != 0 || strstr(text, "[v"))
            continue;
        found += count_pieces((const char *)from, (const char *)to);
        ++*searched;
    }
    fclose(maps);
    return found;
}

/* When all is closed, no copy of it is left: neither ours nor libcurl's. */
static void test_token_is_wiped(void **state)
{
    int searched = 0;

    (void)state;
    char *kept = mem_alloc(TOKEN_LEN + 1);
    assert_non_null(kept);
    make_token(kept, 0);
    assert_int_equal(search_memory(&searched), 2); // it can be found
    explicit_bzero(kept, TOKEN_LEN + 1);
    mem_free(kept);
    exchange_token();
    assert_int_equal(search_memory(&searched), 0);
    assert_true(searched > 4);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_floods),
        cmocka_unit_test(test_floods_are_too_large),
        cmocka_unit_test(test_time_out),
        cmocka_unit_test(test_not_http),
        cmocka_unit_test(test_line_ends),
        cmocka_unit_test(test_paths_of_a_base),
        cmocka_unit_test(test_always_a_time_out),
        cmocka_unit_test(test_other_urls),
        cmocka_unit_test(test_environment_has_no_proxy),
        cmocka_unit_test(test_named_proxy),
        cmocka_unit_test(test_no_proxy_for_http),
        cmocka_unit_test(test_redirect),
        cmocka_unit_test(test_request),
#ifndef UNDER_SANITIZER // whose own heap keeps what was freed
        cmocka_unit_test(test_token_is_wiped),
#endif
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
