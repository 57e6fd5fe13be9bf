#include "ending/patience.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { BEGUN_MS = 5000000, IN_FLIGHT_MS = 40000 };

static struct patience patience;
static int64_t now_ms;
static uint64_t turns;

static int begin(void **state)
{
    (void)state;
    now_ms = BEGUN_MS;
    turns = 7;
    patience_begin(&patience, now_ms, turns, IN_FLIGHT_MS);
    return 0;
}

static enum patience_end look(int64_t after_ms, bool in_flight)
{
    now_ms += after_ms;
    return patience_look(&patience, now_ms, turns, in_flight);
}

/* How long it takes, looked at as it is, until that is to be done. */
static int64_t ms_until(enum patience_end what, bool loop_turns, bool in_flight)
{
    int64_t from_ms = now_ms;

    for (int i = 0; i < 10000; i++) {
        turns += loop_turns;
        if (look(PATIENCE_LOOK_MS, in_flight) >= what)
            return now_ms - from_ms;
    }
    fail_msg("it never came to %d", (int)what);
    return 0;
}

static void test_a_still_loop_is_stopped_and_then_ended(void **state)
{
    (void)state;
    assert_int_equal(look(0, false), PATIENCE_WAITS);
    assert_int_equal(ms_until(PATIENCE_STOPS, false, false), PATIENCE_STILL_MS);
    assert_int_equal(ms_until(PATIENCE_LAST, false, false) + PATIENCE_STILL_MS,
        PATIENCE_LAST_MS);
    assert_int_equal(ms_until(PATIENCE_OVER, false, false),
        PATIENCE_OVER_MS - PATIENCE_LAST_MS);
}

static void test_what_was_asked_for_at_the_last_turn_is_no_release(void **state)
{
    (void)state;
    assert_int_equal(ms_until(PATIENCE_OVER, false, true), PATIENCE_OVER_MS);
}

static void test_a_turning_loop_is_late_and_then_ended(void **state)
{
    (void)state;
    assert_int_equal(ms_until(PATIENCE_LATE, true, false), PATIENCE_LATE_MS);
    assert_int_equal(look(PATIENCE_LOOK_MS, false), PATIENCE_LATE);
    assert_int_equal(
        ms_until(PATIENCE_OVER, true, false), 1000 - PATIENCE_LOOK_MS);
}

static void test_a_turn_ends_the_stop(void **state)
{
    (void)state;
    assert_int_equal(ms_until(PATIENCE_STOPS, false, false), PATIENCE_STILL_MS);
    turns++;
    assert_int_equal(look(PATIENCE_LOOK_MS, false), PATIENCE_WAITS);
    assert_int_equal(ms_until(PATIENCE_STOPS, false, false), PATIENCE_STILL_MS);
}

static void test_releases_have_their_time_and_no_more(void **state)
{
    (void)state;
    assert_int_equal(ms_until(PATIENCE_LATE, true, true),
        IN_FLIGHT_MS - PATIENCE_LOOK_MS + PATIENCE_LATE_MS);
    assert_int_equal(ms_until(PATIENCE_OVER, true, true),
        PATIENCE_OVER_MS - PATIENCE_LATE_MS);
}

static void test_after_the_last_release_it_begins_anew(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++) {
        turns++;
        assert_int_equal(look(PATIENCE_LOOK_MS, true), PATIENCE_WAITS);
    }
    assert_int_equal(ms_until(PATIENCE_LATE, true, false), PATIENCE_LATE_MS);
}

static void test_a_process_that_stood_still_has_lost_no_patience(void **state)
{
    (void)state;
    assert_int_equal(look(PATIENCE_LOOK_MS, false), PATIENCE_WAITS);
    assert_int_equal(look(3600000, false), PATIENCE_WAITS);
    assert_int_equal(look(PATIENCE_LOOK_MS, false), PATIENCE_WAITS);
    assert_int_equal(look(-3600000, false), PATIENCE_WAITS);
    assert_true(ms_until(PATIENCE_OVER, false, false) > PATIENCE_OVER_MS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(
            test_a_still_loop_is_stopped_and_then_ended, begin),
        cmocka_unit_test_setup(
            test_what_was_asked_for_at_the_last_turn_is_no_release, begin),
        cmocka_unit_test_setup(
            test_a_turning_loop_is_late_and_then_ended, begin),
        cmocka_unit_test_setup(test_a_turn_ends_the_stop, begin),
        cmocka_unit_test_setup(
            test_releases_have_their_time_and_no_more, begin),
        cmocka_unit_test_setup(
            test_after_the_last_release_it_begins_anew, begin),
        cmocka_unit_test_setup(
            test_a_process_that_stood_still_has_lost_no_patience, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
