#include "base/instant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static const struct {
    const char *text;
    int64_t seconds;
    int nanoseconds;
} good[] = {
    {"1970-01-01", 0, 0},
    {"1969-12-31", -86400, 0},
    {"2025-11-22", 1763769600, 0},
    {"2025-11-22 02:14:07", 1763777647, 0},
    {"2025-11-22T02:14:07", 1763777647, 0},
    {"2025-11-22T02:14:07Z", 1763777647, 0},
    {"2025-11-22t02:14:07z", 1763777647, 0},
    {"2025-11-22T05:14:07+03:00", 1763777647, 0},
    {"2025-11-22T05:14:07+0300", 1763777647, 0},
    {"2025-11-22T05:14:07+03", 1763777647, 0},
    {"2025-11-21T20:44:07-05:30", 1763777647, 0},
    {"2025-11-22T02:14", 1763777640, 0},
    {"2025-11-22T02:14Z", 1763777640, 0},
    {"2025-11-22 02:14:07.5", 1763777647, 500000000},
    {"2025-11-22T02:14:07.123Z", 1763777647, 123000000},
    {"2025-11-22T02:14:07,123456789012Z", 1763777647, 123456789},
    {"2016-12-31T23:59:60Z", 1483228800, 0},
    {"2024-02-29", 1709164800, 0},
    {"2000-02-29", 951782400, 0},
    {"0001-01-01", -62135596800, 0},
    {"9999-12-31T23:59:59Z", 253402300799, 0},
    {"/Date(1763777647123)/", 1763777647, 123000000},
    {"/Date(1763777647123+0180)/", 1763777647, 123000000},
    {"/Date(-1)/", -1, 999000000},
    {"/Date(-1000)/", -1, 0},
    {"/Date(0)/", 0, 0},
};

static void what_is_read(void **state)
{
    struct instant got;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        if (!instant_read(good[i].text, strlen(good[i].text), &got))
            fail_msg("%s was refused", good[i].text);
        if (got.seconds != good[i].seconds ||
            got.nanoseconds != good[i].nanoseconds)
            fail_msg("%s is %lld + %d", good[i].text, (long long)got.seconds,
                got.nanoseconds);
    }
}

static const char *const bad[] = {"", " ", "2025", "2025-11", "2025-11-2",
    "2025-13-01", "2025-00-01", "2025-02-29", "1900-02-29", "2025-04-31",
    "2025-11-00", "0000-01-01", "22.11.2025", "11/22/2025", "20251122",
    "2025-11-22T", "2025-11-22T24:00:00", "2025-11-22T02", "2025-11-22T02:60",
    "2025-11-22T02:14:61", "2025-11-22T02:14:07.", "2025-11-22T02:14:07 Z",
    "2025-11-22T02:14:07+3", "2025-11-22T02:14:07+03:", "2025-11-22Z",
    "2025-11-22T02:14:07+24:00", "2025-11-22T02:14:07ZZ", " 2025-11-22",
    "2025-11-22 ", "-025-11-22", "2025-+1-22", "/Date()/", "/Date(1)",
    "/Date(1)/x", "/Date(--1)/", "/Date(1+1)/", "/Date(9999999999999999)/",
    "/Date(999999999999999)/", "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-01:00", "2025-11-22T02:14:07\xC2\xA0"};

static void what_is_refused(void **state)
{
    struct instant got;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (instant_read(bad[i], strlen(bad[i]), &got))
            fail_msg("%s was read as %lld", bad[i], (long long)got.seconds);
    assert_false(instant_read("2025-11-22\0", 11, &got));
    assert_false(instant_read("2025-11-22x", 9, &got));
}

/* Each day of 9999 years, against the C library's calendar at some. */
static void what_is_written_is_read_back(void **state)
{
    char text[INSTANT_TEXT_MAX], wanted[INSTANT_TEXT_MAX];
    struct instant at = {0}, back;

    (void)state;
    for (int64_t s = -62135596800; s <= 253402300799; s += 86399) {
        at.seconds = s;
        assert_true(instant_write(at, text));
        assert_true(instant_read(text, strlen(text), &back));
        assert_int_equal(back.seconds, s);
        if (s % 97)
            continue;
        time_t t = (time_t)s;
        struct tm tm;
        gmtime_r(&t, &tm);
        snprintf(wanted, sizeof wanted, "%04d-%02d-%02dT%02d:%02d:%02dZ",
            tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
            tm.tm_sec);
        assert_string_equal(text, wanted);
    }
}

static void how_fractions_are_written(void **state)
{
    char text[INSTANT_TEXT_MAX];

    (void)state;
    assert_true(instant_write((struct instant){0, 5000000}, text));
    assert_string_equal(text, "1970-01-01T00:00:00.005Z");
    assert_true(instant_write((struct instant){-1, 5000}, text));
    assert_string_equal(text, "1969-12-31T23:59:59.000005Z");
    assert_true(instant_write((struct instant){0, 999}, text));
    assert_string_equal(text, "1970-01-01T00:00:00Z");
    assert_false(instant_write((struct instant){253402300800, 0}, text));
    assert_false(instant_write((struct instant){-62135596801, 0}, text));
}

static const struct {
    const char *text;
    int64_t seconds;
    const char *wanted; // NULL: refused
} earlier[] = {
    {"2025-11-22 00:05:00", 600, "2025-11-21 23:55:00"},
    {"2025-11-22T00:05:00.25+03:00", 600, "2025-11-21T23:55:00.25+03:00"},
    {"2025-11-22T00:05:00,5Z", 0, "2025-11-22T00:05:00,5Z"},
    {"2025-11-22T00:05-05", 1, "2025-11-22T00:04-05"},
    {"2025-11-22T00:05Z", 60, "2025-11-22T00:04Z"},
    {"2025-03-01", 1, "2025-02-28"},
    {"2025-03-01", 0, "2025-03-01"},
    {"/Date(1763777647123)/", 1, "/Date(1763777646123)/"},
    {"/Date(123+0180)/", 1, "/Date(-877+0180)/"},
    {"/Date(-1)/", 1, "/Date(-1001)/"},
    {"0001-01-01", 1, NULL},
    {"/Date(-62135596800000)/", 1, NULL},
    {"2025-11-22", -1, NULL},
    {"2025-11-22", INT64_MAX, NULL},
    {"2025-11-22T00:05:00.12345678901234567890Z", 1, NULL},
    {"22.11.2025", 1, NULL},
    {"/Date(x)/", 1, NULL},
    {"", 1, NULL},
};

static void what_was_earlier(void **state)
{
    char out[INSTANT_TEXT_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof earlier / sizeof *earlier; i++) {
        const char *text = earlier[i].text;
        bool is = instant_earlier(text, strlen(text), earlier[i].seconds, out);
        if (is != (earlier[i].wanted != NULL) ||
            (is && strcmp(out, earlier[i].wanted) != 0))
            fail_msg("%s was %s", text, is ? out : "refused");
    }
}

static void what_has_a_zone(void **state)
{
    static const struct {
        const char *text;
        bool zoned;
    } rows[] = {{"2025-11-22", false}, {"2025-11-22 02:14", false},
        {"2025-11-22T02:14:07.5", false}, {"2025-11-22T02:14Z", true},
        {"2025-11-22T02:14:07-03", true}, {"/Date(0)/", true}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (instant_has_zone(rows[i].text, strlen(rows[i].text)) !=
            rows[i].zoned)
            fail_msg("%s", rows[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(how_fractions_are_written),
        cmocka_unit_test(what_was_earlier),
        cmocka_unit_test(what_has_a_zone),
    };
    return cmocka_run_group_tests_name("instant", tests, NULL, NULL);
}
