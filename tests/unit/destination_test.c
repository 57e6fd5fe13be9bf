/* Where a request may go: by libcurl's reading, which is compared with ours
 * (base/url.h) over thousands of odd URLs. */
#include "net/destination.h"

#include "base/url.h"

#include "seed.h"
#include "transfer_rig.h"

#include <stdio.h>
#include <string.h>

#define ORIGIN "https://acme.omnitron.test:4434"
#define LOOK   "https://acme.omnitron.test"

static const char *const leads_elsewhere[] = {
    "5/api/i1/orders/",       // a digit more of the port
    ".attacker.example/api/", // a longer name
    "x/api/",
    "-x.example/api/",          //
    "@attacker.example/api/",   // a user
    ":x@attacker.example/api/", //
    "#@attacker.example/api/",  //
    "?@attacker.example/api/",  // no path at all
    "\\@attacker.example/api/", //
    "/api/#x",
    "api/",
    "", //
    "/",
    "/api",
    "/API/",
    "//api/", //
    "/x/api/",
    "/./api/",
    "/../api/", //
    "/%61pi/",
    "/ api/",
    "\t/api/", //
    "/api/../x",
    "/api/./x", //
    "/api/%2e%2e/x",
    "/api/%252e%252E/x",
    "/api/..;x/y",
    "/api/..%2fx",
    "/api/..%5cx",
    "/api/x%2f..%2fy",
    "/api/\\..\\x",
    "/api/..",
    "/api/%2e",
    "/api/\r\nX: y/",
    "/api/%0d%0aX:%20y/",
    "/api/%00",
    "/api/%c0%ae%c0%ae/",
};

static const char *const stays[] = {"/api/", "/api/i1/orders/?limit=1",
    "/api/i1/orders/?next=../../x&a=%2e%2e/", "/api/i1/x?y=create_mapping",
    "/api/?x@y", "/api//", "/api/v1/orders/12/"};

static bool may_go(const char *origin, const char *target)
{
    char url[300];
    struct error err;

    snprintf(url, sizeof url, "%s%s", origin, target);
    CURLU *to = destination_read(url, &err);
    CURLU *only = destination_read(origin, &err);
    bool ok = to && destination_is_at(to, only, &err) &&
              destination_is_api(to, NULL, &err);
    curl_url_cleanup(to);
    curl_url_cleanup(only);
    return ok;
}

static void test_targets(void **state)
{
    static const char *const origins[] = {
        ORIGIN, LOOK, "http://127.0.0.1:4434", "http://[::1]:4434"};

    (void)state;
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        const char *origin = origins[i];
        for (size_t j = 0; j < sizeof stays / sizeof *stays; j++)
            if (!may_go(origin, stays[j]))
                fail_msg("%s%s is refused", origin, stays[j]);
        for (size_t j = 0; j < sizeof leads_elsewhere / sizeof *leads_elsewhere;
             j++)
            if (may_go(origin, leads_elsewhere[j]))
                fail_msg("%s%s is taken", origin, leads_elsewhere[j]);
    }
}

static bool is_at(const char *url, const char *origin)
{
    struct error err;
    CURLU *to = destination_read(url, &err);
    CURLU *only = destination_read(origin, &err);
    bool ok = to && only && destination_is_at(to, only, &err);

    curl_url_cleanup(to);
    curl_url_cleanup(only);
    return ok;
}

static void test_origins(void **state)
{
    (void)state;
    assert_true(is_at("https://a.example:443/x", "https://a.example"));
    assert_true(is_at("HTTPS://A.Example/x", "https://a.example"));
    assert_true(is_at("http://[0:0::1]/x", "http://[::1]"));
    assert_false(is_at("http://a.example/x", "https://a.example"));
    assert_false(is_at("http://a.example:443/x", "https://a.example"));
    assert_false(is_at("https://a.example:444/x", "https://a.example"));
    assert_false(is_at("https://a.example./x", "https://a.example"));
    assert_false(is_at("https://b.example/x", "https://a.example"));
    assert_false(is_at("https://u@a.example/x", "https://a.example"));
    assert_false(is_at("https://a.example/x#y", "https://a.example"));
    assert_false(is_at("ftp://a.example/x", "https://a.example"));
    assert_false(is_at("a.example/x", "https://a.example"));
}

/* What a URL is put together from, the odd and the common. */
static const char *const pieces[] = {"http", "https", "HTTP", "ftp", "sftp",
    "file", ":", "://", "//", "/", "\\", "@", "#", "?", ".", "..", "%", "%2e",
    "%40", "%2f", "%5c", "%00", "[", "]", "::1", "[::1]", "[::1%25lo]",
    "fe80::", "127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1",
    "localhost", "acme.omnitron.test", "ACME.Omnitron.test", "attacker.example",
    "a", "user", "user:pw", "80", "443", "0", "65535", "65536", "4434", "5",
    " ", "\t", "\r", "\n", "\x01", "\x7f", "\xC3\xB6", "\xEF\xBC\x8E",
    "\xE3\x80\x82", "xn--", "-", "_", "+", "*", "'", "\"", "<", ">", "|", "^",
    "`", "{", "}", ";", ",", "=", "&", "!", "$", "(", ")", "~", "/api/", "x.y",
    "@attacker.example", ":80@attacker.example", "#@attacker.example",
    "\\@attacker.example"};

static const char *const starts[] = {"http://", "https://", "http://127.0.0.1",
    "https://acme.omnitron.test", "https://acme.omnitron.test:4434",
    "https://[::1]:443", "ftp://", ""};

static unsigned draw(unsigned *seed, size_t most)
{
    *seed = *seed * 1103515245u + 12345u;
    return (*seed >> 16) % (unsigned)most;
}

static void invent(unsigned *seed, char *out, size_t size)
{
    size_t at = (size_t)snprintf(
        out, size, "%s", starts[draw(seed, sizeof starts / sizeof *starts)]);

    for (unsigned n = draw(seed, 7); n > 0; n--)
        at += (size_t)snprintf(out + at, size - at, "%s",
            pieces[draw(seed, sizeof pieces / sizeof *pieces)]);
}

/* What both take has the same scheme, host and port to both. */
static void test_two_readers(void **state)
{
    char text[400];
    unsigned seed = (unsigned)seed_take(7);
    int taken = 0, refused = 0;

    (void)state;
    for (int i = 0; i < 60000; i++) {
        struct url url;
        const char *why;
        struct error err;
        invent(&seed, text, sizeof text);
        if (!url_read_any(text, &url, &why))
            continue;
        CURLU *to = destination_read(text, &err);
        CURLU *origin = destination_read(url.origin, &err);
        if (!to || !origin)
            refused++;
        else if (destination_is_at(to, origin, &err))
            taken++;
        else
            fail_msg("\"%s\" is %s to us", text, url.origin);
        curl_url_cleanup(to);
        curl_url_cleanup(origin);
    }
    print_message(
        "%d are the same to both, %d are none to libcurl\n", taken, refused);
    assert_true(taken > 5000);
}

/* A transfer with the token, as those that send it prepare it. */
static struct transfer_request with_token(const char *origin)
{
    struct transfer_request request = rig_request("POST");
    static const char *const none[] = {NULL};

    request.headers = none;
    request.only_origin = origin;
    request.only_api = true;
    request.token = "the-token";
    return request;
}

static const struct hostile_row answers[] = {
    {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 0, HOSTILE_KEEP}};

static void test_bound(void **state)
{
    struct rig rig;
    struct error err;
    char origin[60], url[120];

    (void)state;
    rig_open(&rig, answers, 1);
    snprintf(origin, sizeof origin, "http://127.0.0.1:%d", rig.server.port);
    struct transfer_request request = with_token(origin);
    assert_true(transfer_prepare(rig.transfer, &request, &err));
    for (size_t i = 0; i < sizeof leads_elsewhere / sizeof *leads_elsewhere;
         i++) {
        snprintf(url, sizeof url, "%s%s", origin, leads_elsewhere[i]);
        if (transfer_aim(rig.transfer, url, "{}", 2, &err))
            fail_msg("%s is taken", url);
        assert_null(strchr(err.text, '\n'));
    }
    assert_false(
        transfer_aim(rig.transfer, "http://127.0.0.1:9/api/", "", 0, &err));
    assert_false(transfer_set_base(rig.transfer, "http://127.0.0.1:9", &err));
    assert_int_equal(rig.server.accepted, 0);
    snprintf(url, sizeof url, "%s/api/x/", origin);
    rig_fetch(&rig, url, "{}");
    assert_non_null(
        strstr(rig.server.last, "\r\nAuthorization: Token the-token\r\n"));
    rig_close(&rig);
}

static void test_base_of_bound(void **state)
{
    struct rig rig;
    struct error err;
    char origin[60];

    (void)state;
    rig_open(&rig, answers, 1);
    snprintf(origin, sizeof origin, "http://127.0.0.1:%d", rig.server.port);
    struct transfer_request request = with_token(origin);
    assert_true(transfer_prepare(rig.transfer, &request, &err));
    assert_true(transfer_set_base(rig.transfer, origin, &err));
    assert_true(transfer_aim_path(rig.transfer, "/api/x/1/", "", 0, &err));
    assert_false(transfer_aim_path(rig.transfer, "/x/1/", "", 0, &err));
    assert_false(transfer_aim_path(rig.transfer, "/api/../x", "", 0, &err));
    assert_false(transfer_aim_path(rig.transfer, "/api/%2e", "", 0, &err));
    assert_false(transfer_aim_path(rig.transfer, "@x/api/", "", 0, &err));
    rig_close(&rig);
}

/* No token without its place. */
static void test_unbound(void **state)
{
    struct transfer_request request = with_token(NULL);
    struct rig rig;
    struct error err;

    (void)state;
    rig_open(&rig, answers, 1);
    assert_false(transfer_prepare(rig.transfer, &request, &err));
    request = with_token("https://acme.omnitron.test");
    request.only_api = false;
    assert_false(transfer_prepare(rig.transfer, &request, &err));
    request = with_token("acme.omnitron.test");
    assert_false(transfer_prepare(rig.transfer, &request, &err));
    rig_close(&rig);
}

static void test_methods(void **state)
{
    static const char *const methods[] = {"get", "Get", "GET ", "G-T",
        "CONNECT", "TRACE", "GET\n", "G\xC3\xA9T", "G1"};
    struct rig rig;
    struct error err;

    (void)state;
    rig_open(&rig, answers, 1);
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        struct transfer_request request = rig_request(methods[i]);
        assert_false(transfer_prepare(rig.transfer, &request, &err));
    }
    prepare(&rig, "GET");
    assert_false(
        transfer_aim(rig.transfer, "http://127.0.0.1:9/", "{}", 2, &err));
    prepare(&rig, "HEAD");
    assert_false(
        transfer_aim(rig.transfer, "http://127.0.0.1:9/", "", 0, &err));
    rig_close(&rig);
}

/* Also by a connection that is open already. */
static void test_from_outside(void **state)
{
    struct transfer_request request = rig_request("GET");
    struct rig rig;
    struct error err;

    (void)state;
    rig_open(&rig, answers, 1);
    request.from_outside = true;
    assert_true(transfer_prepare(rig.transfer, &request, &err));
    for (int i = 0; i < 2; i++) {
        const struct transfer_reply *reply = rig_exchange(&rig, NULL);
        assert_false(reply->sent);
        assert_string_equal(reply->kind, "protocol");
        assert_non_null(strstr(reply->error, "an address of this machine"));
        assert_int_equal(rig.server.accepted, i);
        request.from_outside = false;
        assert_true(transfer_prepare(rig.transfer, &request, &err));
        assert_int_equal(rig_exchange(&rig, NULL)->status, 200);
        assert_true(transfer_was_inside(rig.transfer));
        request.from_outside = true;
        assert_true(transfer_prepare(rig.transfer, &request, &err));
    }
    assert_int_equal(rig.server.accepted, 2); // what is aborted is closed
    assert_int_equal(rig.server.bodies, 2);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_targets),
        cmocka_unit_test(test_origins),
        cmocka_unit_test(test_two_readers),
        cmocka_unit_test(test_bound),
        cmocka_unit_test(test_base_of_bound),
        cmocka_unit_test(test_unbound),
        cmocka_unit_test(test_methods),
        cmocka_unit_test(test_from_outside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
