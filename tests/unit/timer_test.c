#include "task/timer.h"

#include "seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { TIMERS = 300 };

struct alarm {
    struct timer timer; // first: a timer is its alarm
    int fired;
    int64_t due_ms;
    bool set;
};

static struct timers timers;
static int64_t last_due; // of the alarm that fired last

static void fire(struct timer *timer)
{
    struct alarm *alarm = (struct alarm *)timer;

    assert_int_equal(timer->place, 0);
    assert_true(alarm->set);
    assert_true(timer->due_ms >= last_due);
    last_due = timer->due_ms;
    alarm->set = false;
    alarm->fired++;
}

static void set(struct alarm *alarm, int64_t due_ms)
{
    assert_true(timer_set(&timers, &alarm->timer, due_ms, fire));
    alarm->due_ms = due_ms;
    alarm->set = true;
}

static int teardown(void **state)
{
    (void)state;
    timers_fini(&timers);
    last_due = INT64_MIN;
    return 0;
}

static int setup(void **state)
{
    return teardown(state);
}

static void test_order(void **state)
{
    struct alarm alarms[5] = {0};
    static const int due[] = {50, 10, 40, 10, 20};

    (void)state;
    for (int i = 0; i < 5; i++)
        set(&alarms[i], due[i]);
    timers_fire(&timers, 9);
    assert_int_equal(last_due, INT64_MIN);
    timers_fire(&timers, 10);
    assert_int_equal(alarms[1].fired + alarms[3].fired, 2);
    assert_int_equal(alarms[4].fired, 0);
    timers_fire(&timers, 100);
    for (int i = 0; i < 5; i++)
        assert_int_equal(alarms[i].fired, 1);
    timers_fire(&timers, 1000);
    assert_int_equal(last_due, 50);
    assert_int_equal(timers.len, 0);
}

static void test_wait(void **state)
{
    struct alarm alarm = {0};

    (void)state;
    assert_int_equal(timers_wait(&timers, 0, 1000), 1000);
    set(&alarm, 500);
    assert_int_equal(timers_wait(&timers, 0, 1000), 500);
    assert_int_equal(timers_wait(&timers, 0, 100), 100);
    assert_int_equal(timers_wait(&timers, 499, 100), 1);
    assert_int_equal(timers_wait(&timers, 500, 100), 0);
    assert_int_equal(timers_wait(&timers, 900, 100), 0);
    timer_cancel(&timers, &alarm.timer);
    set(&alarm, (int64_t)1 << 60);
    assert_int_equal(timers_wait(&timers, 0, 1000), 1000);
}

static void test_cancel(void **state)
{
    struct alarm one = {0}, two = {0};

    (void)state;
    timer_cancel(&timers, &one.timer);
    set(&one, 5);
    set(&two, 6);
    timer_cancel(&timers, &one.timer);
    timer_cancel(&timers, &one.timer);
    timers_fire(&timers, 100);
    assert_int_equal(one.fired, 0);
    assert_int_equal(two.fired, 1);
    set(&one, 200);
    timers_fire(&timers, 200);
    assert_int_equal(one.fired, 1);
}

static struct alarm *other;

static void fire_and_cancel(struct timer *timer)
{
    ((struct alarm *)timer)->fired++;
    timer_cancel(&timers, &other->timer);
}

static void fire_and_set(struct timer *timer)
{
    if (++((struct alarm *)timer)->fired < 3)
        assert_true(
            timer_set(&timers, timer, timer->due_ms + 10, fire_and_set));
}

/* What fires may cancel another that is due, and set itself again. */
static void test_from_inside(void **state)
{
    struct alarm one = {0}, two = {0}, again = {0};

    (void)state;
    other = &two;
    assert_true(timer_set(&timers, &one.timer, 1, fire_and_cancel));
    set(&two, 2);
    assert_true(timer_set(&timers, &again.timer, 1, fire_and_set));
    timers_fire(&timers, 15);
    assert_int_equal(one.fired, 1);
    assert_int_equal(two.fired, 0);
    assert_int_equal(again.fired, 2);
    timers_fire(&timers, 100);
    assert_int_equal(again.fired, 3);
    assert_int_equal(timers.len, 0);
}

static void check_wait(const struct alarm *alarms, int64_t now)
{
    int64_t next = INT64_MAX;

    for (int i = 0; i < TIMERS; i++)
        if (alarms[i].set && alarms[i].due_ms < next)
            next = alarms[i].due_ms;
    int64_t left = next == INT64_MAX ? 1000000 : next - now;
    assert_int_equal(timers_wait(&timers, now, 1000000), left < 0 ? 0 : left);
}

/* Many set, cancelled and fired at random against a plain list. */
static void test_many(void **state)
{
    static struct alarm alarms[TIMERS];
    int64_t now = 0;
    size_t set_now = 0;

    (void)state;
    srandom((unsigned)seed_take(4));
    for (int step = 0; step < 30000; step++) {
        struct alarm *alarm = &alarms[random() % TIMERS];
        if (random() % 20 == 0) {
            now += random() % 100;
            last_due = INT64_MIN;
            timers_fire(&timers, now);
        } else if (!alarm->set) {
            set(alarm, now + random() % 500);
        } else if (random() % 3 == 0) {
            timer_cancel(&timers, &alarm->timer);
            alarm->set = false;
        }
        set_now = 0;
        for (int i = 0; i < TIMERS; i++) {
            set_now += alarms[i].set;
            assert_false(
                alarms[i].set && step % 20 == 0 && alarms[i].timer.place == 0);
        }
        assert_int_equal(timers.len, set_now);
        check_wait(alarms, now);
    }
    timers_fire(&timers, INT64_MAX);
    assert_int_equal(timers.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_wait, setup, teardown),
        cmocka_unit_test_setup_teardown(test_cancel, setup, teardown),
        cmocka_unit_test_setup_teardown(test_from_inside, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
