#include "journal/cursor_value.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define TEXT(literal)                                                          \
    {                                                                          \
        CURSOR_VALUE_TEXT, .text = literal, .len = sizeof literal - 1          \
    }

static void assert_same(
    const struct cursor_value *a, const struct cursor_value *b)
{
    assert_int_equal(a->type, b->type);
    assert_int_equal(a->len, b->len);
    if (a->len)
        assert_memory_equal(a->text, b->text, a->len);
    assert_int_equal(a->integer, b->integer);
    assert_true(a->number == b->number);
}

/* A value, as it is kept and as people read it. */
static void test_there_and_back(void **state)
{
    static const struct {
        struct cursor_value memo;
        const char *kept, *shown;
    } rows[] = {
        {TEXT("10"), "s10", "\"10\""},
        {TEXT(""), "s", "\"\""},
        {TEXT("a\nb"), "sa\nb", "\"a\\nb\""},
        {{CURSOR_VALUE_INTEGER, .integer = 10}, "i10", "10"},
        {{CURSOR_VALUE_INTEGER, .integer = INT64_MIN}, "i-9223372036854775808",
            "-9223372036854775808"},
        {{CURSOR_VALUE_FLOAT, .number = 0.1}, "f0x1.999999999999ap-4", "0.1"},
        {{CURSOR_VALUE_FLOAT, .number = 10}, "f0x1.4p+3", "10.0"},
        {{CURSOR_VALUE_FLOAT, .number = 1e300}, "f0x1.7e43c8800759cp+996",
            "1e+300"},
        {{CURSOR_VALUE_FLOAT, .number = 1.0 / 3}, "f0x1.5555555555555p-2",
            "0.33333333333333331"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf kept = {0}, shown = {0};
        struct cursor_value back;
        assert_true(cursor_value_put(&kept, &rows[i].memo));
        assert_string_equal(buf_text(&kept), rows[i].kept);
        assert_true(cursor_value_read(kept.data, kept.len, &back));
        assert_same(&back, &rows[i].memo);
        assert_true(cursor_value_show(&shown, &back));
        assert_string_equal(buf_text(&shown), rows[i].shown);
        buf_free(&kept);
        buf_free(&shown);
    }
}

static void test_a_nul_inside(void **state)
{
    struct cursor_value memo = TEXT("a\0b"), back;
    struct buf kept = {0};

    (void)state;
    assert_true(cursor_value_put(&kept, &memo));
    assert_int_equal(kept.len, 4);
    assert_true(cursor_value_read(kept.data, kept.len, &back));
    assert_same(&back, &memo);
    buf_free(&kept);
}

static void test_nothing_of_ours(void **state)
{
    static const char *const texts[] = {"", "i", "f", "x1", "i1x", "i ", "10",
        "i9223372036854775808", "finf", "fnan", "f1x",
        "i1111111111111111111111111111111111111111111111111111"};
    struct cursor_value memo;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (cursor_value_read(texts[i], strlen(texts[i]), &memo))
            fail_msg("\"%s\" was read", texts[i]);
    assert_false(cursor_value_read("i1\0", 3, &memo));
}

static void test_what_a_person_writes(void **state)
{
    static const char *const integers[] = {
        "0", "7", "-7", "9223372036854775807", "-9223372036854775808"};
    static const char *const texts[] = {"", "-", "-0", "00", "007", "+7", " 7",
        "7 ", "1.5", "1e3", "0x10", "9223372036854775808",
        "99999999999999999999", "2025-11-22"};

    (void)state;
    for (size_t i = 0; i < sizeof integers / sizeof *integers; i++)
        if (cursor_value_of(integers[i], strlen(integers[i])).type !=
            CURSOR_VALUE_INTEGER)
            fail_msg("\"%s\" is a text", integers[i]);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (cursor_value_of(texts[i], strlen(texts[i])).type !=
            CURSOR_VALUE_TEXT)
            fail_msg("\"%s\" is a number", texts[i]);
    assert_int_equal(cursor_value_of("-7", 2).integer, -7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_a_nul_inside),
        cmocka_unit_test(test_nothing_of_ours),
        cmocka_unit_test(test_what_a_person_writes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
