#include "delivery/pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_as_many_as_go(void **state)
{
    struct pace pace;

    (void)state;
    pace_init(&pace, 0);
    for (int64_t now = 0; now < 10; now++) {
        assert_true(pace_may_start(&pace, 5));
        pace_started(&pace, 5);
    }
}

static void test_gaps(void **state)
{
    static const struct {
        double per_second;
        int64_t gap_us;
    } rows[] = {{0.01, 100000000}, {0.5, 2000000}, {1, 1000000}, {2, 500000},
        {3, 333333}, {10, 100000}, {1000, 1000}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pace pace;
        int64_t at = 7000000;
        pace_init(&pace, rows[i].per_second);
        assert_true(pace_may_start(&pace, at));
        pace_started(&pace, at);
        assert_false(pace_may_start(&pace, at));
        assert_false(pace_may_start(&pace, at + rows[i].gap_us - 1));
        assert_true(pace_may_start(&pace, at + rows[i].gap_us));
    }
}

/* A late start is not made up for: there is no burst after a pause. */
static void test_no_burst(void **state)
{
    struct pace pace;
    int starts = 0;

    (void)state;
    pace_init(&pace, 10);
    for (int64_t now = 60000000; now < 61000000; now += 1000)
        if (pace_may_start(&pace, now)) {
            pace_started(&pace, now);
            starts++;
        }
    assert_int_equal(starts, 10);
}

/* What comes a little late is made up for, in the long run: 100 a second even
 * when each start is 3 ms late. */
static void test_late_starts(void **state)
{
    struct pace pace;
    int starts = 0;

    (void)state;
    pace_init(&pace, 100);
    for (int64_t now = 60003000; now < 61003000; now += 1000)
        if (pace_may_start(&pace, now - 3000)) {
            pace_started(&pace, now);
            starts++;
        }
    assert_in_range(starts, 99, 101);
}

/* Never quicker than the profile says, and as slow as was found. */
static void test_space(void **state)
{
    struct pace pace;

    (void)state;
    pace_init(&pace, 10);
    pace_space(&pace, 50000);
    pace_started(&pace, 1000000);
    assert_false(pace_may_start(&pace, 1099999));
    assert_true(pace_may_start(&pace, 1100000));
    pace_space(&pace, 200000);
    pace_started(&pace, 1100000);
    assert_false(pace_may_start(&pace, 1299999));
    assert_true(pace_may_start(&pace, 1300000));
}

/* The later of the two, whichever was said first. */
static void test_hold(void **state)
{
    struct pace pace;

    (void)state;
    pace_init(&pace, 1);
    pace_hold(&pace, 5000000);
    assert_false(pace_may_start(&pace, 4999999));
    pace_started(&pace, 1000000);
    pace_hold(&pace, 3000000);
    assert_false(pace_may_start(&pace, 4999999));
    assert_true(pace_may_start(&pace, 5000000));
    pace_started(&pace, 5000000);
    pace_hold(&pace, 5500000);
    assert_false(pace_may_start(&pace, 5999999));
    assert_true(pace_may_start(&pace, 6000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_many_as_go),
        cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_no_burst),
        cmocka_unit_test(test_late_starts),
        cmocka_unit_test(test_space),
        cmocka_unit_test(test_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
