#include "base/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct good {
    const char *text, *origin, *place, *path;
    int port;
    bool loopback;
};

static const struct good good[] = {
    {"https://acme.omnitron.net", "https://acme.omnitron.net",
        "acme.omnitron.net", "", 443, false},
    {"https://acme.omnitron.net/", "https://acme.omnitron.net",
        "acme.omnitron.net", "/", 443, false},
    {"HTTPS://ACME.Omnitron.NET:443/A?b=C", "https://acme.omnitron.net",
        "acme.omnitron.net", "/A?b=C", 443, false},
    {"https://a.example:8443?q=u@h:1", "https://a.example:8443",
        "a.example:8443", "?q=u@h:1", 8443, false},
    {"http://a.example:443", "http://a.example:443", "a.example:443", "", 443,
        false},
    {"http://localhost:8080/x", "http://localhost:8080", "localhost:8080", "/x",
        8080, true},
    {"http://LOCALHOST", "http://localhost", "localhost", "", 80, true},
    {"http://127.0.0.1:1", "http://127.0.0.1:1", "127.0.0.1:1", "", 1, true},
    {"http://127.255.1.2", "http://127.255.1.2", "127.255.1.2", "", 80, true},
    {"http://128.0.0.1", "http://128.0.0.1", "128.0.0.1", "", 80, false},
    {"http://[::1]:65535/", "http://[::1]:65535", "[::1]:65535", "/", 65535,
        true},
    {"http://[0:0:0:0:0:0:0:1]", "http://[::1]", "[::1]", "", 80, true},
    {"https://[2001:DB8::0:1]", "https://[2001:db8::1]", "[2001:db8::1]", "",
        443, false},
    {"http://localhost.example", "http://localhost.example",
        "localhost.example", "", 80, false},
    {"http://127.0.0.1.example", "http://127.0.0.1.example",
        "127.0.0.1.example", "", 80, false},
    {"https://a_b-c.example", "https://a_b-c.example", "a_b-c.example", "", 443,
        false},
};

static void test_good(void **state)
{
    struct url url;
    const char *why;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        if (!url_read(good[i].text, &url, &why))
            fail_msg("%s: %s", good[i].text, why);
        assert_string_equal(url.origin, good[i].origin);
        assert_string_equal(url_place(&url), good[i].place);
        assert_string_equal(url.path, good[i].path);
        assert_int_equal(url.port, good[i].port);
        assert_int_equal(url.loopback, good[i].loopback);
        assert_int_equal(url.https, url.origin[4] == 's');
    }
}

static const char *const bad[][2] = {
    {"", "must begin with https://"},
    {"acme.omnitron.net", "must begin with https://"},
    {"ftp://a.example", "must begin with https://"},
    {"https:/a.example", "must begin with https://"},
    {"https://", "has no host"},
    {"https:///x", "has no host"},
    {"https://:443", "has no host"},
    {"https://eva:secret@a.example",
        "must not have a user or a password in it"},
    {"https://eva@a.example", "must not have a user or a password in it"},
    {"https://[::1]@a.example", "must not have a user or a password in it"},
    {"https://a.example/ x", "has a space in it"},
    {"https://a.example\n", "has a control character in it"},
    {"https://a.example/\x7f", "has a control character in it"},
    {"https://acm\xc3\xa9.example", "has a character in it that is not ASCII"},
    {"https://a.example\\@b.example", "has a backslash in it"},
    {"https://a.example/#x", "has a fragment (#) in it"},
    {"https://a%2eexample",
        "has a character in its host that no host name has"},
    {"https://a..example", "has a dot too many in its host"},
    {"https://.a.example", "has a dot too many in its host"},
    {"https://a.example.", "has a dot too many in its host"},
    {"https://a.example:", "must have a port from 1 to 65535 behind the colon"},
    {"https://a.example:0",
        "must have a port from 1 to 65535 behind the colon"},
    {"https://a.example:65536",
        "must have a port from 1 to 65535 behind the colon"},
    {"https://a.example:99999999999",
        "must have a port from 1 to 65535 behind the colon"},
    {"https://a.example:8x/",
        "must have a port from 1 to 65535 behind the colon"},
    {"https://a:b:1", "must have a port from 1 to 65535 behind the colon"},
    {"https://127.1", "has an IPv4 address that is not four plain numbers"},
    {"https://2130706433",
        "has an IPv4 address that is not four plain numbers"},
    {"https://127.0.0.0x1",
        "has an IPv4 address that is not four plain numbers"},
    {"https://0177.0.0.1",
        "has an IPv4 address that is not four plain numbers"},
    {"https://127.0.0.256",
        "has an IPv4 address that is not four plain numbers"},
    {"https://[::1", "has no IPv6 address in brackets"},
    {"https://[", "has no IPv6 address in brackets"},
    {"https://[]", "has no IPv6 address in brackets"},
    {"https://[fe80::1%25eth0]", "has no IPv6 address in brackets"},
    {"https://[::1]x", "has something between its host and its path"},
};

static void test_bad(void **state)
{
    struct url url;
    const char *why;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (url_read(bad[i][0], &url, &why))
            fail_msg("%s was accepted as %s", bad[i][0], url.origin);
        assert_string_equal(why, bad[i][1]);
    }
}

static void test_files(void **state)
{
    struct url url;
    const char *why;

    (void)state;
    assert_true(url_read_any("FTP://A.example/x", &url, &why));
    assert_string_equal(url.origin, "ftp://a.example");
    assert_string_equal(url_place(&url), "a.example");
    assert_int_equal(url.port, 21);
    assert_false(url.web);
    assert_true(url_read_any("sftp://a.example:2222", &url, &why));
    assert_string_equal(url.origin, "sftp://a.example:2222");
    assert_true(url_read_any("sftp://127.0.0.1:22/x", &url, &why));
    assert_string_equal(url.origin, "sftp://127.0.0.1");
    assert_string_equal(url.scheme, "sftp");
    assert_true(url.loopback);
    assert_true(url_read_any("https://a.example", &url, &why));
    assert_true(url.web && url.https);
    assert_false(url_read("sftp://a.example", &url, &why));
    assert_false(url_read_any("ftps://a.example", &url, &why));
    assert_false(url_read_any("file:///etc/passwd", &url, &why));
    assert_false(url_read_any("ftp://u:p@a.example", &url, &why));
}

static void test_longest_host(void **state)
{
    char text[300] = "https://";
    struct url url;
    const char *why;

    (void)state;
    memset(text + 8, 'a', 253);
    strcpy(text + 8 + 253, ":65535");
    assert_true(url_read(text, &url, &why));
    assert_string_equal(url.origin, text);
    strcpy(text + 8 + 253, "a");
    assert_false(url_read(text, &url, &why));
    assert_string_equal(why, "has a host of more than 253 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_longest_host),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
