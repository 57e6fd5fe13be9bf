#include "delivery/retry.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* Draws that the jitter may get. */
static const double draws[] = {0, 0.001, 0.25, 0.5, 0.75, 0.999, 0.9999999999};

/* 0.5 s doubling to 60 s. */
static void test_full_jitter(void **state)
{
    static const int64_t most[] = {
        500, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000};

    (void)state;
    for (int tries = 1; tries <= 10; tries++)
        for (size_t i = 0; i < sizeof draws / sizeof *draws; i++) {
            double top = (double)most[tries - 1];
            int64_t got = retry_delay_ms(tries, draws[i], -1);
            assert_int_equal(got, (int64_t)(draws[i] * top));
            assert_in_range(got, 0, most[tries - 1] - 1);
        }
    assert_int_equal(retry_delay_ms(1, 0.999, -1), 499);
    assert_int_equal(retry_delay_ms(8, 0.9999, -1), 59994);
    assert_int_equal(retry_delay_ms(INT32_MAX, 0.9999, -1), 59994);
    assert_int_equal(retry_delay_ms(0, 0.999, -1), 499);
}

/* The greater of the two, and a server gets 5 minutes at most. */
static void test_what_was_asked_for(void **state)
{
    static const struct {
        int tries;
        double draw;
        int64_t after, delay;
    } rows[] = {
        {1, 0, 0, 0},
        {1, 0, -1, 0},
        {1, 0, INT64_MIN, 0},
        {1, 0.5, 0, 250},
        {1, 0.5, 249, 250},
        {1, 0.5, 250, 250},
        {1, 0.5, 251, 251},
        {1, 0.5, 120000, 120000},
        {8, 0.5, 20000, 30000},
        {1, 0.5, 300000, 300000},
        {1, 0.5, 300001, 300000},
        {8, 0.999, INT64_MAX, 300000},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(
            retry_delay_ms(rows[i].tries, rows[i].draw, rows[i].after),
            rows[i].delay);
}

/* 1994-11-06 08:49:37 UTC, the moment of RFC 9110, 5.6.7. */
#define MOMENT_S INT64_C(784111777)

struct header {
    const char *text;
    int64_t wall_s; // seconds after the moment
    int64_t ms;
};

static const struct header headers[] = {
    // seconds
    {"0", 0, 0},
    {"1", 0, 1000},
    {"00120", 0, 120000},
    {"299", 0, 299000},
    {"300", 0, 300000},
    {"301", 0, 300000},
    {"86400", 0, 300000},
    {"2147483648", 0, 300000},
    {"18446744073709551617", 0, 300000},
    {"99999999999999999999999999999999999999999999999999999999999", 0, 300000},
    {"00000000000000000000000000000000000000000000000000000000007", 0, 7000},
    // as floats, of which a part is a second
    {"2.0", 0, 2000},
    {"2.000000", 0, 2000},
    {"1.5", 0, 2000},
    {"0.0", 0, 0},
    {"299.9", 0, 300000},
    {"99999999999999999999999999999999.5", 0, 300000},
    // more than one: the longest
    {"4, 4", 0, 4000},
    {"120, 60", 0, 120000},
    {"60,120.0 ,\t7", 0, 120000},
    {"Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:38 GMT", -90,
        91000},
    {"7, Sun, 06 Nov 1994 08:49:37 GMT", -90, 90000},
    // the three forms of a date
    {"Sun, 06 Nov 1994 08:49:37 GMT", 0, 0},
    {"Sun, 06 Nov 1994 08:49:37 GMT", -90, 90000},
    {"Sunday, 06-Nov-94 08:49:37 GMT", -90, 90000},
    {"Sun Nov  6 08:49:37 1994", -90, 90000},
    {"Sun, 06 Nov 1994 08:49:37 -0000", -90, 90000},
    {"Sun, 06 Nov 1994 08:49:37 +0000", -90, 90000},
    {"Sun, 06 Nov 1994 08:49:37 UTC", -90, 90000},
    // in the past, and far in the future
    {"Sun, 06 Nov 1994 08:49:37 GMT", 1, 0},
    {"Sunday, 06-Nov-94 08:49:37 GMT", 1, 0},
    {"Sun Nov  6 08:49:37 1994", 1, 0},
    {"Thu, 01 Jan 1970 00:00:00 GMT", 0, 0},
    {"Mon, 01 Jan 0001 00:00:00 GMT", 0, 0},
    {"Sun, 06 Nov 1994 08:49:37 GMT", -299, 299000},
    {"Sun, 06 Nov 1994 08:49:37 GMT", -301, 300000},
    {"Fri, 31 Dec 9999 23:59:59 GMT", 0, 300000},
    // neither
    {"", 0, -1},
    {"-1", 0, -1},
    {"-99999999999999999999", 0, -1},
    {"+5", 0, -1},
    {"1e3", 0, -1},
    {"0x10", 0, -1},
    {"5 s", 0, -1},
    {"5s", 0, -1},
    {"2.", 0, -1},
    {".5", 0, -1},
    {"2.0.0", 0, -1},
    {"2,5,", 0, -1},
    {",5", 0, -1},
    {"4, soon", 0, -1},
    {"4 4", 0, -1},
    {" ", 0, -1},
    {"soon", 0, -1},
    {"\xd9\xa1\xd9\xa2", 0, -1},
    {"Sun, 06 Nov 1994 08:49:37", 0, -1},
    {"Sun, 06 Nov 1994 08:49:37 GMT+3", 0, -1},
    {"Sun, 06 Nov 1994 08:49:37 +0300", 0, -1},
    {"Sun, 32 Nov 1994 08:49:37 GMT", 0, -1},
    {"Sun, 06 Nov 1994 25:49:37 GMT", 0, -1},
    {"Paz, 06 Kas 1994 08:49:37 GMT", 0, -1},
    {"1994-11-06T08:49:37Z", 0, -1},
    {"Sun, 06 Nov 1994", 0, -1},
};

static void check_headers(void)
{
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        const struct header *h = &headers[i];
        int64_t now_ms = (MOMENT_S + h->wall_s) * 1000;
        int64_t got = retry_after_ms(h->text, strlen(h->text), now_ms);
        if (got != h->ms)
            fail_msg("\"%s\": %lld", h->text, (long long)got);
    }
}

static void test_headers(void **state)
{
    (void)state;
    check_headers();
}

/* The locale that the program has set, and a time zone that is not UTC: the
 * names of RFC 9110 are English and its times Greenwich's. */
static void test_headers_in_turkey(void **state)
{
    (void)state;
    setenv("LC_ALL", "tr_TR.UTF-8", 1);
    setenv("TZ", "TRT-3", 1);
    tzset();
    setlocale(LC_CTYPE, "");
    check_headers();
    unsetenv("LC_ALL");
    unsetenv("TZ");
    tzset();
    setlocale(LC_CTYPE, "C");
}

/* Milliseconds count, and nothing behind the value is looked at. */
static void test_exact(void **state)
{
    const char *date = "Sun, 06 Nov 1994 08:49:37 GMTX";
    char longest[80];

    (void)state;
    assert_int_equal(
        retry_after_ms(date, strlen(date) - 1, MOMENT_S * 1000 - 1), 1);
    assert_int_equal(retry_after_ms("1207", 2, 0), 12000);
    assert_int_equal(retry_after_ms("1\0002", 3, 0), -1);
    assert_int_equal(retry_after_ms("7", 1, INT64_MAX), 7000);
    memset(longest, '9', sizeof longest);
    assert_int_equal(retry_after_ms(longest, 63, 0), 300000);
    for (size_t len = 64; len <= sizeof longest; len++)
        assert_int_equal(retry_after_ms(longest, len, 0), -1);
}

/* Whatever bytes come: an answer within its bounds. */
static void test_any_bytes(void **state)
{
    const char *date = headers[11].text;
    char text[40];

    (void)state;
    for (size_t at = 0; at < strlen(date); at++)
        for (int c = 0; c < 256; c++) {
            snprintf(text, sizeof text, "%s", date);
            text[at] = (char)c;
            int64_t got = retry_after_ms(text, strlen(date), 0);
            assert_true(got >= -1 && got <= RETRY_AFTER_MOST_MS);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full_jitter),
        cmocka_unit_test(test_what_was_asked_for),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_headers_in_turkey),
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_any_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
