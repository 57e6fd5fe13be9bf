#include "history/histogram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void nothing(void **state)
{
    struct histogram s = {0};

    (void)state;
    assert_int_equal(histogram_at(&s, 50), -1);
}

/* One alone is read back, 3 % off at most; and no class is beyond. */
static void each_time(void **state)
{
    (void)state;
    for (int64_t ms = 0; ms < INT64_MAX / 2; ms += 1 + ms / 37) {
        struct histogram s = {0};
        int64_t got;

        histogram_add(&s, ms);
        histogram_add(&s, ms); // so that the longest is not all that counts
        got = histogram_at(&s, 50);
        assert_true(got <= ms);
        assert_true(ms - got <= ms / 32 + 1 || ms > 9 * 60 * 60 * 1000);
        assert_int_equal(s.longest, ms);
    }
}

static void shares(void **state)
{
    struct histogram a = {0}, b = {0};

    (void)state;
    for (int i = 1; i <= 90; i++)
        histogram_add(&a, 10);
    for (int i = 1; i <= 10; i++)
        histogram_add(&b, 2000);
    histogram_merge(&a, &b);
    assert_int_equal(a.count, 100);
    assert_int_equal(histogram_at(&a, 50), 10);
    assert_int_equal(histogram_at(&a, 90), 10);
    assert_in_range(histogram_at(&a, 91), 1940, 2000);
    assert_in_range(histogram_at(&a, 100), 1940, 2000);
    assert_int_equal(a.longest, 2000);
}

static void odd_times(void **state)
{
    struct histogram s = {0};

    (void)state;
    histogram_add(&s, -5);
    histogram_add(&s, INT64_MAX);
    assert_int_equal(histogram_at(&s, 50), 0);
    assert_int_equal(histogram_at(&s, 100), INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing),
        cmocka_unit_test(each_time),
        cmocka_unit_test(shares),
        cmocka_unit_test(odd_times),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
