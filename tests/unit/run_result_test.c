#include "ending/counts.h"
#include "ending/run_result.h"
#include "ending/summary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* One thing that went otherwise, in a run that is well but for it. */
static const struct {
    enum exit_code code;
    struct run_result result;
} rows[] = {
    {EXIT_DONE, {.rows = {.rows = 3, .released = 1, .skipped = 1, .later = 1}}},
    {EXIT_ROWS, {.rows = {.rows = 1, .failed = 1}}},
    {EXIT_ROWS, {.rows = {.rows = 1, .invalid = 1}}},
    {EXIT_ROWS, {.tally.by_verdict[VERDICT_REJECTED] = 1}},
    {EXIT_ROWS, {.tally.by_verdict[VERDICT_CONFLICT] = 1}},
    {EXIT_DONE, {.tally.by_verdict[VERDICT_ALREADY] = 1}},
    {EXIT_UNKNOWN, {.counts.by_state[JOURNAL_UNKNOWN] = 1}},
    {EXIT_PENDING, {.counts.by_state[JOURNAL_PENDING] = 1}},
    {EXIT_ROWS, {.counts.by_state[JOURNAL_REJECTED] = 1}},
    {EXIT_ROWS, {.counts.conflicts = 1}},
    {EXIT_DONE, {.counts.by_state[JOURNAL_CANCELLED] = 1}},
    {EXIT_STOPPED, {.stop.why = STOP_TOKEN}},
    {EXIT_PENDING, {.stop.why = STOP_NO_ANSWER}},
    {EXIT_DONE, {.stop.why = STOP_LEAVE}},
};

static void test_each(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(run_result_exit(&rows[i].result), rows[i].code);
}

/* Whom it concerns most is told: the host before the rows, these before what
 * a later run does by itself. */
static void test_first(void **state)
{
    struct run_result r = {.counts.by_state[JOURNAL_PENDING] = 1};

    (void)state;
    r.rows.failed = 1;
    assert_int_equal(run_result_exit(&r), EXIT_ROWS);
    r.counts.by_state[JOURNAL_UNKNOWN] = 1;
    assert_int_equal(run_result_exit(&r), EXIT_UNKNOWN);
    r.stop.why = STOP_PASSWORD;
    assert_int_equal(run_result_exit(&r), EXIT_STOPPED);
}

/* Each row and each release is counted once, or the summary is not believed. */
static void test_sums(void **state)
{
    struct run_result r = {
        .rows = {.rows = 15,
            .released = 1,
            .skipped = 2,
            .later = 3,
            .failed = 4,
            .invalid = 5},
        .tally = {.releases = 7, .carried = 2},
    };
    struct error err;

    (void)state;
    for (int i = 0; i < VERDICTS; i++)
        r.tally.by_verdict[i] = i == VERDICT_ALREADY ? 3 : 1;
    assert_true(summary_adds_up(&r, &err));
    r.rows.later--;
    assert_false(summary_adds_up(&r, &err));
    assert_string_equal(err.text, "the rows do not add up");
    r.rows.later++;
    r.tally.carried--;
    assert_false(summary_adds_up(&r, &err));
    assert_string_equal(err.text, "the releases do not add up");
}

/* Each end has its own number, name and words; and what a person sees to makes
 * the code that says so, alone. */
static void test_ends(void **state)
{
    (void)state;
    for (int end = 0; end < COUNTS_ENDS; end++) {
        struct run_result r = {0};
        enum input_end of_row = INPUT_RELEASED;
        if (end < VERDICTS) {
            r.tally.by_verdict[end] = 1;
            assert_int_equal(counts_read(verdict_name((enum verdict)end)), end);
        } else {
            while (of_row < INPUT_ENDS &&
                   counts_read(input_end_name(of_row)) != end)
                of_row++;
            assert_true(of_row < INPUT_ENDS);
            r.rows.by_end[of_row] = 1;
        }
        assert_int_equal(counts_of(end, &r.rows, r.tally.by_verdict), 1);
        assert_non_null(counts_ends[end].words);
        assert_non_null(counts_ends[end].brief);
        assert_int_equal(
            run_result_exit(&r) == EXIT_ROWS, counts_needs_person(end));
    }
    assert_int_equal(counts_read("released"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each),
        cmocka_unit_test(test_first),
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
