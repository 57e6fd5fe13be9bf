/* Which addresses are inside. */
#include "net/address.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

static const char *const inside[] = {"0.0.0.0", "0.1.2.3", "10.0.0.0",
    "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",
    "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255",
    "192.168.0.1", "192.168.255.255", "198.18.0.1", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "::", "::1", "fc00::1", "fdff::1", "fe80::1",
    "febf:ffff::1", "fec0::1", "ff02::1", "::127.0.0.1", "::ffff:127.0.0.1",
    "::ffff:10.1.2.3", "::ffff:169.254.169.254", "::ffff:0:192.168.1.1",
    "64:ff9b::10.0.0.1", "64:ff9b:1::192.168.0.1",
    "2002:7f00:1::", "2002:c0a8:101::1"};

static const char *const outside[] = {"1.1.1.1", "9.255.255.255", "11.0.0.0",
    "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
    "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",
    "192.167.255.255", "192.169.0.0", "203.0.113.7", "223.255.255.255",
    "2001:db8::1", "2606:4700::1111", "fbff::1", "::ffff:1.1.1.1",
    "64:ff9b::1.1.1.1", "2002:101:101::1"};

static bool of_socket(const char *text)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } at = {.v4.sin_family = AF_INET};

    if (inet_pton(AF_INET, text, &at.v4.sin_addr) != 1) {
        at.v6 = (struct sockaddr_in6){.sin6_family = AF_INET6};
        assert_int_equal(inet_pton(AF_INET6, text, &at.v6.sin6_addr), 1);
    }
    return address_is_inside(&at.any);
}

static void check(const char *text, bool expected)
{
    if (address_text_is_inside(text) != expected || of_socket(text) != expected)
        fail_msg("%s is not %s", text, expected ? "inside" : "outside");
}

static void test_addresses(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        check(inside[i], true);
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
        check(outside[i], false);
}

static void test_what_is_none(void **state)
{
    struct sockaddr other = {.sa_family = AF_UNIX};

    (void)state;
    assert_true(address_is_inside(&other));
    assert_true(address_text_is_inside(""));
    assert_true(address_text_is_inside("acme.example"));
    assert_true(address_text_is_inside("1.1.1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_what_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
