/* What each fault of the mock puts on the wire, byte for byte, how the
 * connection ends, and what the ledger says of it. */
#include "mock_rig.h"

#include "base/clock.h"

#include <dirent.h>
#include <errno.h>
#include <time.h>

#define CODE    "{\"code\":\"abc\"}"
#define MAPPING "/api/i1/order_items/46761/create_mapping/"
#define BODY                                                                   \
    "{\"pk\":4183,\"content_type\":66,\"object_id\":46761,"                    \
    "\"integration_type\":\"external_company\",\"code\":\"abc\"}"
#define JSON    "Content-Type: application/json\r\n"
#define CREATED "HTTP/1.1 201 Created\r\n" JSON
#define DATE    "Date: Mon, 23 Nov 2026 13:02:08 GMT\r\n"
#define WHOLE   CREATED "Content-Length: 98\r\n\r\n" BODY

enum ending { OPEN, CLOSED, RESET };

enum { TEXT_MAX = 40000, QUIET_MS = 150 };

struct wire { // what a client saw
    char text[TEXT_MAX];
    size_t len;
    enum ending ending;
};

/* A date is the only thing that differs from run to run. */
static void leave_out_date(struct wire *wire)
{
    char *date = strstr(wire->text, "Date: ");
    char *end = date ? strstr(date, "\r\n") : NULL;

    if (!end)
        return;
    memmove(date, end + 2, strlen(end + 2) + 1);
    wire->len -= (size_t)(end + 2 - date);
}

/* Reads until the end, a whole reply, `most` bytes, or nothing in wait_ms. */
static struct wire *listen_for(int fd, size_t most, int wait_ms)
{
    static struct wire wire;
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    ssize_t got = 1;

    memset(&wire, 0, sizeof wire);
    while (got > 0 && wire.len < most &&
           !rig_complete(wire.text, wire.len, false) &&
           poll(&ready, 1, wait_ms) == 1) {
        got = recv(fd, wire.text + wire.len, most - wire.len, 0);
        wire.len += got > 0 ? (size_t)got : 0;
    }
    if (got <= 0)
        wire.ending = got < 0 && errno == ECONNRESET ? RESET : CLOSED;
    leave_out_date(&wire);
    return &wire;
}

static struct wire *listen_to(int fd, size_t most)
{
    return listen_for(fd, most, RIG_WAIT_MS);
}

/* How a connection that has said all ends; `expected` says how long to wait
 * for it. */
static enum ending end_of(int fd, const struct wire *wire, enum ending expected)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    char byte;
    ssize_t got;

    if (wire->ending != OPEN)
        return wire->ending;
    if (poll(&ready, 1, expected == OPEN ? QUIET_MS : RIG_WAIT_MS) == 0)
        return OPEN;
    got = recv(fd, &byte, 1, 0);
    assert_true(got <= 0);
    return got < 0 ? RESET : CLOSED;
}

static const char *ledger(const struct mock *mock)
{
    return rig_ask(mock, "GET", "/__mock__/ledger", "", NULL)->body;
}

#define DROPPED(applied, status, fault)                                        \
    applied ",\"status\":" status ",\"dropped\":true,\"fault\":\"" fault "\"}"
#define ANSWERED(applied, status, fault)                                       \
    applied ",\"status\":" status ",\"fault\":\"" fault "\"}"

static const struct {
    const char *fault;
    const char *bytes;
    enum ending ending;
    const char *kept; // how the ledger's entry ends
} wires[] = {
    {"drop-after", "", CLOSED, DROPPED("true", "201", "drop-after")},
    {"reset-after", "", RESET, DROPPED("true", "201", "reset-after")},
    {"silence-after", "", OPEN, DROPPED("true", "201", "silence-after")},
    {"status-after:502",
        "HTTP/1.1 502 Bad Gateway\r\n" JSON "Content-Length: 48\r\n\r\n"
        "{\"detail\":\"This server was told to answer 502.\"}",
        OPEN, ANSWERED("true", "502", "status-after")},
    {"close-before", "", CLOSED, DROPPED("false", "0", "close-before")},
    {"reset-before", "", RESET, DROPPED("false", "0", "reset-before")},
    {"close-read", "", CLOSED, DROPPED("false", "0", "close-read")},
    {"reset-read", "", RESET, DROPPED("false", "0", "reset-read")},
    {"silence", "", OPEN, DROPPED("false", "0", "silence")},
    {"status:404",
        "HTTP/1.1 404 Not Found\r\n" JSON "Content-Length: 48\r\n\r\n"
        "{\"detail\":\"This server was told to answer 404.\"}",
        OPEN, ANSWERED("false", "404", "status")},
    {"retry-after:7",
        "HTTP/1.1 429 Too Many Requests\r\n" JSON
        "Retry-After: 7\r\nContent-Length: 35\r\n\r\n"
        "{\"detail\":\"Request was throttled.\"}",
        OPEN, ANSWERED("false", "429", "retry-after")},
    {"redirect",
        "HTTP/1.1 302 Found\r\nContent-Type: text/html; charset=utf-8\r\n"
        "Location: /login/?next=" MAPPING "\r\nContent-Length: 52\r\n\r\n"
        "<!doctype html>\n<title>Found</title>\n<h1>Found</h1>\n",
        OPEN, ANSWERED("false", "302", "redirect")},
    {"cut:25", "HTTP/1.1 201 Created\r\nCon", CLOSED,
        ANSWERED("true", "201", "cut")},
    {"cut-reset:25", "HTTP/1.1 201 Created\r\nCon", RESET,
        ANSWERED("true", "201", "cut-reset")},
    {"unframed", CREATED "Connection: close\r\n\r\n" BODY, CLOSED,
        ANSWERED("true", "201", "unframed")},
    {"lengths",
        CREATED "Content-Length: 98\r\nContent-Length: 196\r\n\r\n" BODY,
        CLOSED, ANSWERED("true", "201", "lengths")},
    {"drip:1", WHOLE, CLOSED, ANSWERED("true", "201", "drip")},
    {"half-json",
        CREATED "Content-Length: 49\r\n\r\n"
                "{\"pk\":4183,\"content_type\":66,\"object_id\":46761,\"i",
        OPEN, ANSWERED("true", "201", "half-json")},
    {"empty", "HTTP/1.1 200 OK\r\n" JSON "Content-Length: 0\r\n\r\n", OPEN,
        ANSWERED("true", "200", "empty")},
    {"html",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
        "Content-Length: 54\r\n\r\n"
        "<!doctype html>\n<title>Log in</title>\n<h1>Log in</h1>\n",
        OPEN, ANSWERED("true", "200", "html")},
    {"other-id",
        CREATED "Content-Length: 98\r\n\r\n"
                "{\"pk\":4183,\"content_type\":66,\"object_id\":46762,"
                "\"integration_type\":\"external_company\",\"code\":\"abc\"}",
        OPEN, ANSWERED("true", "201", "other-id")},
    {"other-code",
        CREATED "Content-Length: 104\r\n\r\n"
                "{\"pk\":4183,\"content_type\":66,\"object_id\":46761,"
                "\"integration_type\":\"external_company\","
                "\"code\":\"abc-other\"}",
        OPEN, ANSWERED("true", "201", "other-code")},
};

enum { WIRES = sizeof wires / sizeof wires[0] };

static void check_wire(size_t i)
{
    char fault[60];
    const char *end;
    struct mock *mock;
    struct wire *wire;
    enum ending ending;
    bool silent;
    int fd;

    snprintf(fault, sizeof fault, "%s=1", wires[i].fault);
    mock = rig_start_with(fault);
    fd = rig_connect(mock);
    rig_send(fd, "POST", MAPPING, rig_json, CODE);
    silent = !*wires[i].bytes && wires[i].ending == OPEN;
    wire = listen_for(fd, TEXT_MAX - 1, silent ? QUIET_MS : RIG_WAIT_MS);
    ending = end_of(fd, wire, wires[i].ending);
    if (strcmp(wire->text, wires[i].bytes) != 0 || ending != wires[i].ending)
        fail_msg("%s: ending %d, '%s'", fault, ending, wire->text);
    end = strstr(ledger(mock), "\"applied\":");
    assert_non_null(end);
    if (strncmp(end + strlen("\"applied\":"), wires[i].kept,
            strlen(wires[i].kept)) != 0)
        fail_msg("%s: %s", fault, end);
    close(fd);
    mock_stop(mock);
}

static void test_bytes_on_the_wire(void **state)
{
    (void)state;
    for (size_t i = 0; i < WIRES; i++)
        check_wire(i);
}

/* 304 and 204 have no body; the others say which status it is. */
static void test_every_status(void **state)
{
    struct mock *mock = rig_start_with(NULL);
    char body[60];

    (void)state;
    for (unsigned status = 200; status < 600; status++) {
        snprintf(body, sizeof body, "{\"fault\":\"status:%u=1\"}", status);
        rig_control(mock, "fault", body, 200);
        if (status == 204 || status == 304)
            continue; // without a length: no reply that rig_read could end
        assert_int_equal(rig_map(mock, 1, CODE)->status, status);
    }
    mock_stop(mock);
}

/* The whole reply ends after k bytes, for every k. */
static void check_cuts(const struct mock *mock, const char *how, enum ending e)
{
    size_t whole = strlen(WHOLE);
    char body[60];

    for (size_t k = 0; k <= whole + 1; k++) {
        size_t want = k < whole ? k : whole;
        int fd = rig_connect(mock);
        snprintf(body, sizeof body, "{\"fault\":\"%s:%zu@46761\"}", how, k);
        rig_control(mock, "fault", body, 200);
        rig_send(fd, "POST", MAPPING, rig_json, CODE);
        struct wire *wire = listen_to(fd, TEXT_MAX - 1);
        enum ending ending = end_of(fd, wire, e);
        if (ending != e || wire->len != want ||
            memcmp(wire->text, WHOLE, want) != 0)
            fail_msg("%s: ending %d, '%s'", body, ending, wire->text);
        close(fd);
    }
}

static void test_cut_at_every_byte(void **state)
{
    struct mock *mock = rig_start_with(NULL);

    (void)state;
    check_cuts(mock, "cut", CLOSED);
    check_cuts(mock, "cut-reset", RESET);
    mock_stop(mock);
}

/* A refusal is cut, and echoed, no worse than a success; what was not applied
 * is not dropped. */
static void test_refusals_under_faults(void **state)
{
    struct mock *mock = rig_start_with("cut:12@46761,drop-after=1");
    int fd = rig_connect(mock);

    (void)state;
    rig_send(fd, "POST", MAPPING, rig_json, "{}");
    assert_string_equal(listen_to(fd, TEXT_MAX - 1)->text, "HTTP/1.1 400");
    assert_int_equal(rig_map(mock, 5, "{}")->status, 400);
    assert_string_equal(ledger(mock),
        "[{\"order_item_id\":5,\"received\":[{\"code\":null,"
        "\"update_stock\":true,\"applied\":false,\"status\":400}]},"
        "{\"order_item_id\":46761,\"received\":[{\"code\":null,"
        "\"update_stock\":true,\"applied\":false,\"status\":400,"
        "\"fault\":\"cut\"}]}]");
    close(fd);
    mock_stop(mock);
}

static void test_retry_date(void **state)
{
    struct mock *mock = rig_start_with("retry-date:100=1");
    const char *text;
    struct tm utc = {0};
    time_t now = time(NULL);

    (void)state;
    text = strstr(rig_map(mock, 1, CODE)->head, "Retry-After: ");
    assert_non_null(text);
    assert_non_null(strptime(text, "Retry-After: %a, %d %b %Y %T GMT", &utc));
    assert_in_range(timegm(&utc), now + 100, time(NULL) + 100);
    mock_stop(mock);
}

static void test_push_waits_on_the_idle_connection(void **state)
{
    struct mock *mock = rig_start_with("push@46761*1");
    int fd = rig_connect(mock);

    (void)state;
    rig_send(fd, "POST", MAPPING, rig_json, CODE);
    struct wire *wire = listen_to(fd, strlen(WHOLE) + strlen(DATE));
    assert_string_equal(wire->text, WHOLE);
    wire = listen_to(fd, TEXT_MAX - 1);
    assert_string_equal(wire->text,
        "HTTP/1.1 400 Bad Request\r\n" JSON "Content-Length: 20\r\n\r\n"
        "{\"detail\":\"Unasked\"}");
    rig_send(fd, "POST", MAPPING, rig_json, CODE); // and it goes on
    wire = listen_to(fd, TEXT_MAX - 1);
    assert_string_equal(wire->text, WHOLE);
    close(fd);
    mock_stop(mock);
}

/* Reads `most` bytes of a reply that goes on; it does not begin again. */
static void swallow(int fd, size_t most)
{
    static char bytes[65536];

    while (most > 0) {
        ssize_t got = recv(
            fd, bytes, most < sizeof bytes ? most : sizeof bytes, MSG_WAITALL);
        assert_true(got > 0);
        assert_null(memmem(bytes, (size_t)got, "HTTP/1.1 201", 12));
        most -= (size_t)got;
    }
}

static size_t descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    size_t count = 0;

    assert_non_null(folder);
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

/* The client went: so does the mock's end. */
static void wait_for_descriptors(size_t count)
{
    int64_t end = clock_monotonic_ms() + RIG_WAIT_MS;

    while (descriptors() > count && clock_monotonic_ms() < end)
        poll(NULL, 0, 5);
    assert_int_equal(descriptors(), count);
}

static void test_replies_without_an_end(void **state)
{
    static const struct {
        const char *fault, *begin;
    } endless[] = {
        {"endless",
            CREATED "Transfer-Encoding: chunked\r\n\r\n"
                    "10\r\n{\"pk\": 1}       \r\n10\r\n{\"pk\": 1}       "},
        {"headers", CREATED "X-More: and one more header\r\n"
                            "X-More: and one more header\r\nX-More"},
        {"continues",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof endless / sizeof endless[0]; i++) {
        char fault[60];
        snprintf(fault, sizeof fault, "%s@46761", endless[i].fault);
        struct mock *mock = rig_start_with(fault);
        size_t before = descriptors();
        int fd = rig_connect(mock);
        rig_send(fd, "POST", MAPPING, rig_json, CODE);
        assert_string_equal(
            listen_to(fd, strlen(endless[i].begin))->text, endless[i].begin);
        assert_int_equal(rig_map(mock, 2, CODE)->status, 201); // beside it
        swallow(fd, 3 << 20);
        close(fd);
        wait_for_descriptors(before);
        mock_stop(mock);
    }
}

static void test_a_body_beyond_every_limit(void **state)
{
    struct mock *mock = rig_start_with("huge=1");
    int fd = rig_connect(mock);

    (void)state;
    rig_send(fd, "POST", MAPPING, rig_json, CODE);
    assert_non_null(
        strstr(listen_to(fd, 400)->text, "\r\nContent-Length: 2097250\r\n"));
    swallow(fd, (2 << 20) - 400);
    close(fd);
    mock_stop(mock);
}

/* Silent, slow and endless replies hold up neither the others nor the end,
 * and leave nothing behind. */
static void test_unfinished_replies_are_let_go(void **state)
{
    static const char *const faults[] = {
        "silence=1", "silence-after=1", "drip:60000=1", "headers=1"};
    size_t before = descriptors();
    int fds[40];

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct mock *mock = rig_start_with(faults[i]);
        size_t idle = descriptors();
        for (int n = 0; n < 40; n++) {
            fds[n] = rig_connect(mock);
            rig_send(fds[n], "POST", MAPPING, rig_json, CODE);
        }
        assert_int_equal(rig_get(mock, "/api/i1/orders/")->status, 200);
        for (int n = 0; n < 20; n++)
            close(fds[n]);
        wait_for_descriptors(idle + 40);
        mock_stop(mock);
        for (int n = 20; n < 40; n++)
            close(fds[n]);
        assert_int_equal(descriptors(), before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_on_the_wire),
        cmocka_unit_test(test_every_status),
        cmocka_unit_test(test_cut_at_every_byte),
        cmocka_unit_test(test_refusals_under_faults),
        cmocka_unit_test(test_retry_date),
        cmocka_unit_test(test_push_waits_on_the_idle_connection),
        cmocka_unit_test(test_replies_without_an_end),
        cmocka_unit_test(test_a_body_beyond_every_limit),
        cmocka_unit_test(test_unfinished_replies_are_let_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
