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

/* Attempts, and what each comes to. */
struct attempts {
    const enum error_kind *fails; // up to ERROR_FULL, then it is well
    int made, failing;
};

static bool attempt(void *arg, struct error *err)
{
    struct attempts *a = arg;

    if (a->made++ >= a->failing)
        return true;
    return error_set(err, a->fails[a->made - 1], "attempt %d", a->made);
}

/* Once more where the account was full, never otherwise, and never twice. */
static void tried_again(void **state)
{
    static const enum error_kind full[] = {ERROR_FULL, ERROR_FULL};
    static const enum error_kind other[] = {ERROR_OTHER};
    static const struct {
        const enum error_kind *fails;
        int failing, made, collected;
        bool ok;
    } rows[] = {
        {full, 0, 1, 0, true},
        {full, 1, 2, 1, true},
        {full, 2, 2, 1, false},
        {other, 1, 1, 0, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct account a = {.used = 90, .most = 100, .collect = collect};
        struct attempts made = {rows[i].fails, 0, rows[i].failing};
        struct error err;
        a.arg = &a;
        collections = 0;
        assert_int_equal(account_try(&a, attempt, &made, &err), rows[i].ok);
        assert_int_equal(made.made, rows[i].made);
        assert_int_equal(collections, rows[i].collected);
    }
}

static void refusal(void **state)
{
    struct account a = {.most = 64 << 20};
    struct error err;

    (void)state;
    assert_false(account_refuse(&a, &err, "memory: row %d needs", 7));
    assert_int_equal(err.kind, ERROR_FULL);
    assert_string_equal(err.text,
        "memory: row 7 needs more than the 64M of profile.lua (memory)");
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
        cmocka_unit_test(tried_again),
        cmocka_unit_test(refusal),
        cmocka_unit_test(words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
