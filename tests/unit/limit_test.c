/* The mock's limits: what each kind takes, and for how long it says no. */
#include "mock/limit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define MS(n) ((int64_t)(n)*1000)

static void test_texts(void **state)
{
    static const struct {
        const char *text;
        size_t count;
        struct limit_rule first, last;
    } rows[] = {
        {"100", 1, {100, MS(1000)}, {100, MS(1000)}},
        {"100/s", 1, {100, MS(1000)}, {100, MS(1000)}},
        {"60/min", 1, {60, MS(60000)}, {60, MS(60000)}},
        {"60/m", 1, {60, MS(60000)}, {60, MS(60000)}},
        {"20/10s", 1, {20, MS(10000)}, {20, MS(10000)}},
        {"5/500ms", 1, {5, MS(500)}, {5, MS(500)}},
        {"10/s,1000/h", 2, {10, MS(1000)}, {1000, MS(3600000)}},
        {"1000000/d", 1, {1000000, MS(86400000)}, {1000000, MS(86400000)}},
    };
    static const char *const wrong[] = {"", "0", "-1", "x", "10/", "10/x",
        "10/0s", "1000001", "10,", ",10", "10/s/s", "10 /s",
        "1/s,1/s,1/s,1/s,1", "10/99999999999999999999s", "1.5/s", "10/min,x"};
    struct limit_options options;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(limit_read(rows[i].text, &options));
        assert_int_equal(options.count, rows[i].count);
        const struct limit_rule *last = &options.rules[options.count - 1];
        assert_int_equal(options.rules[0].number, rows[i].first.number);
        assert_int_equal(options.rules[0].span_us, rows[i].first.span_us);
        assert_int_equal(last->number, rows[i].last.number);
        assert_int_equal(last->span_us, rows[i].last.span_us);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (limit_read(wrong[i], &options))
            fail_msg("\"%s\" was read", wrong[i]);
}

static void test_kinds(void **state)
{
    static const char *const names[] = {"bucket", "drf", "window", "nginx"};
    struct limit_options options = {0};

    (void)state;
    for (size_t i = 0; i < LIMIT_KINDS; i++) {
        assert_true(limit_kind_read(names[i], &options));
        assert_int_equal(options.kind, i);
        assert_int_equal(options.told, options.kind == LIMIT_DRF);
        assert_non_null(strstr(limit_kinds(), names[i]));
    }
    assert_false(limit_kind_read("leaky", &options));
}

/* Requests at these times, and how long each has to wait: 0, it is taken. */
struct step {
    int64_t at_ms, wait_ms;
};

static void walk(const char *text, enum limit_kind kind, int64_t burst,
    const struct step *steps, size_t n)
{
    struct limit_options options = {.kind = kind, .burst = burst};
    int64_t wait_us;

    assert_true(limit_read(text, &options));
    struct limit *limit = limit_new(&options);
    assert_non_null(limit);
    for (size_t i = 0; i < n; i++) {
        bool taken = limit_take(limit, MS(steps[i].at_ms), &wait_us);
        if (wait_us != MS(steps[i].wait_ms))
            fail_msg("%s, kind %d: at %lld ms it is %lld us", text, kind,
                (long long)steps[i].at_ms, (long long)wait_us);
        assert_int_equal(taken, wait_us == 0);
    }
    limit_free(limit);
}

#define WALK(text, kind, burst, ...)                                           \
    walk(text, kind, burst, (const struct step[]){__VA_ARGS__},                \
        sizeof((const struct step[]){__VA_ARGS__}) / sizeof(struct step))

static void test_bucket(void **state)
{
    (void)state;
    WALK("10/s", LIMIT_BUCKET, 2, {0, 0}, {0, 0}, {0, 100}, {50, 50}, {100, 0},
        {100, 100}, {1000, 0}, {1000, 0}, {1000, 100});
    // what a tenth of a second has, at least one
    WALK("40/s", LIMIT_BUCKET, 0, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 25});
    WALK("60/min", LIMIT_BUCKET, 0, {0, 0}, {0, 1000}, {1000, 0});
}

/* The oldest has to leave; what is refused is not counted. */
static void test_drf(void **state)
{
    (void)state;
    WALK("3/s", LIMIT_DRF, 0, {0, 0}, {100, 0}, {200, 0}, {300, 700},
        {900, 100}, {1000, 0}, {1000, 100}, {1100, 0}, {1150, 50});
    WALK("3/s,4/min", LIMIT_DRF, 0, {0, 0}, {0, 0}, {0, 0}, {0, 1000},
        {1000, 0}, {1000, 59000}, {60000, 0});
}

static void test_window(void **state)
{
    (void)state;
    WALK("2/s", LIMIT_WINDOW, 0, {10700, 0}, {10800, 0}, {10900, 100},
        {11000, 0}, {11000, 0}, {11999, 1}, {13500, 0});
}

static void test_nginx(void **state)
{
    (void)state;
    WALK("10/s", LIMIT_NGINX, 0, {0, 0}, {0, 100}, {50, 50}, {100, 0}, {250, 0},
        {300, 50}, {350, 0});
    WALK("10/s", LIMIT_NGINX, 2, {0, 0}, {0, 0}, {0, 0}, {0, 100}, {100, 0},
        {100, 100});
}

static void test_no_limit(void **state)
{
    struct limit *limit = limit_new(&(struct limit_options){0});
    int64_t wait_us;

    (void)state;
    for (int i = 0; i < 1000; i++)
        assert_true(limit_take(limit, 5, &wait_us));
    limit_free(limit);
    limit_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_bucket),
        cmocka_unit_test(test_drf),
        cmocka_unit_test(test_window),
        cmocka_unit_test(test_nginx),
        cmocka_unit_test(test_no_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
