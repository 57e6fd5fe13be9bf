#include "session/progress_line.h"

#include "base/escape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A run in its middle. */
static struct delivery_tally tally = {
    .by_verdict = {[VERDICT_CONFIRMED] = 396, [VERDICT_ALREADY] = 1}};
static struct script_rows rows = {.rows = 412, .later = 12, .failed = 3};
static struct run_progress progress = {.rows = &rows, .tally = &tally};

static const char *line(int columns, bool colour)
{
    static char text[1000];
    struct buf out = {0};

    assert_true(progress_line_put(&out, &progress, 9400, columns, colour));
    snprintf(text, sizeof text, "%s", buf_text(&out));
    buf_free(&out);
    return text;
}

static const struct {
    int columns;
    int64_t expected;
    size_t in_flight;
    const char *says;
} lines[] = {
    {200, 412, 0,
        "412 of 412 [####################] 396 released, 3 failed, 12 wait, "
        "1 already   9 s  43/s"},
    {200, 824, 16,
        "412 of 824 [##########..........] 396 released, 16 in flight, "
        "3 failed, 12 wait, 1 already   9 s  43/s  9 s left"},
    {200, 100, 0,
        "412 of 412 [####################] 396 released, 3 failed, 12 wait, "
        "1 already   9 s  43/s"},
    {200, 0, 1,
        "412 lines: 396 released, 1 in flight, 3 failed, 12 wait, 1 already"
        "   9 s  43/s"},
    {79, 412, 0,
        "412 of 412 [###########] 396 released, 3 failed, 12 wait, 1 already"
        "   9 s  43/s"},
    {79, 824, 16,
        "412 of 824: 396 released, 3 failed, 12 wait, 1 already"
        "   9 s  43/s  9 s left"},
    {88, 824, 16,
        "412 of 824 [#####.....] 396 released, 3 failed, 12 wait, 1 already"
        "   9 s  43/s  9 s left"},
    {39, 412, 0, "412 of 412: 396 released, …   9 s  43/s"},
    {39, 824, 16, "412 of 824: 396 released, …   9 s  43/s"},
    {30, 824, 16, "412 of 824: 396 released, …"},
    {20, 824, 16, "412 of 824: …"},
    {12, 824, 16, "412 of 824: "},
    {11, 824, 16, ""},
    {10, 824, 16, ""},
    {0, 824, 16, ""},
};

static void says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        progress.expected = lines[i].expected;
        progress.in_flight = lines[i].in_flight;
        assert_string_equal(line(lines[i].columns, false), lines[i].says);
    }
}

/* Of all numbers, the largest: never wider than it may be. */
static void fits_any_width(void **state)
{
    struct delivery_tally most;
    struct script_rows all = {.rows = INT64_MAX / 10000,
        .later = INT64_MAX,
        .failed = INT64_MAX,
        .invalid = INT64_MAX,
        .skipped = INT64_MAX};
    struct run_progress p = {.rows = &all,
        .tally = &most,
        .expected = INT64_MAX / 1000,
        .in_flight = 64};

    (void)state;
    for (int i = 0; i < VERDICTS; i++)
        most.by_verdict[i] = INT64_MAX;
    for (int columns = 0; columns <= 400; columns++) {
        struct buf out = {0};
        assert_true(progress_line_put(&out, &p, 1, columns, false));
        assert_in_range(escape_width(buf_text(&out), out.len), 0, columns);
        buf_free(&out);
    }
}

static void has_colour(void **state)
{
    (void)state;
    progress.expected = 412;
    progress.in_flight = 0;
    assert_non_null(strstr(line(79, true), "\x1B[32m396 released\x1B[0m, "
                                           "\x1B[31m3 failed\x1B[0m, "
                                           "\x1B[33m12 wait\x1B[0m"));
    assert_null(strchr(line(79, false), '\x1B'));
}

static void begins(void **state)
{
    static const struct script_rows none;
    static const struct delivery_tally nothing;
    struct run_progress p = {
        .rows = &none, .tally = &nothing, .expected = 5, .in_flight = 2};
    struct buf out = {0};

    (void)state;
    assert_true(progress_line_put(&out, &p, 0, 79, false));
    assert_string_equal(
        out.data, "0 of 5 [....................] 2 in flight   0 s  0/s");
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says),
        cmocka_unit_test(fits_any_width),
        cmocka_unit_test(has_colour),
        cmocka_unit_test(begins),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
