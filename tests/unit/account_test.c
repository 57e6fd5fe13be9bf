#include "base/account.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void bound(void **state)
{
    struct account a = {.most = 100};

    (void)state;
    assert_false(account_take(&a, 101));
    assert_true(account_take(&a, 60));
    assert_false(account_take(&a, 41));
    assert_false(account_take(&a, SIZE_MAX));
    assert_int_equal(a.used, 60);
    assert_int_equal(account_left(&a), 40);
    assert_true(account_take(&a, 40));
    assert_true(account_take(&a, 0));
    assert_false(account_take(&a, 1));
    account_give(&a, 100);
    assert_int_equal(a.used, 0);
}

static void none(void **state)
{
    struct buf b = {0};

    (void)state;
    assert_true(account_take(NULL, SIZE_MAX));
    account_give(NULL, 1);
    account_collect(NULL);
    assert_true(account_fits(NULL, SIZE_MAX));
    assert_true(account_reserve(NULL, &b, 10));
    account_free(NULL, &b);
}

/* What a buffer has taken is its capacity, always. */
static void buffers(void **state)
{
    struct account a = {.most = 4 << 20};
    struct buf b = {0};

    (void)state;
    for (size_t len = 1; account_reserve(&a, &b, len); len += len / 3 + 1) {
        assert_int_equal(buf_grows(&b, len), 0);
        assert_int_equal(a.used, b.cap);
        b.len += len;
    }
    assert_true(b.len > 2 << 20);
    assert_true(b.cap < b.len / 4 * 5 + 4096 || b.cap < 2 << 20);
    assert_int_equal(a.used, b.cap);
    assert_false(account_reserve(&a, &b, SIZE_MAX));
    account_free(&a, &b);
    assert_int_equal(a.used, 0);
}

static int collections;

static void collect(void *arg)
{
    struct account *a = arg;

    collections++;
    account_give(a, a->used);
}

static void garbage(void **state)
{
    struct account a = {.used = 90, .most = 100, .collect = collect};

    (void)state;
    a.arg = &a;
    assert_true(account_fits(&a, 10));
    assert_int_equal(collections, 0);
    assert_true(account_fits(&a, 11));
    assert_int_equal(collections, 1);
    assert_false(account_fits(&a, 101));
    assert_int_equal(collections, 2);
}

static void words(void **state)
{
    struct account a = {.most = 64 << 20};
    char out[ACCOUNT_WORDS];

    (void)state;
    assert_string_equal(
        account_words(&a, out), "the 64M of profile.lua (memory)");
    a.most = 1536 << 10;
    assert_string_equal(
        account_words(&a, out), "the 1536K of profile.lua (memory)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bound),
        cmocka_unit_test(none),
        cmocka_unit_test(buffers),
        cmocka_unit_test(garbage),
        cmocka_unit_test(words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
