#include "delivery/valid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct text {
    const char *bytes;
    size_t len;
};

#define TEXT(s)                                                                \
    {                                                                          \
        s, sizeof(s) - 1                                                       \
    }

static const struct {
    struct text text;
    int64_t item;
} items[] = {
    {TEXT("1"), 1},
    {TEXT("46761"), 46761},
    {TEXT("10"), 10},
    {TEXT("2147483648"), 2147483648},
    {TEXT("9007199254740993"), 9007199254740993},
    {TEXT("999999999999999999"), 999999999999999999},
    {TEXT("9223372036854775807"), INT64_MAX},
};

static const struct {
    struct text text;
    const char *says;
} bad_items[] = {
    {TEXT(""), "is empty"},
    {TEXT("0"), "is 0"},
    {TEXT("046761"), "leading zero"},
    {TEXT("00"), "leading zero"},
    {TEXT(" 46761"), "plain digits"},
    {TEXT("46761 "), "plain digits"},
    {TEXT("46761\n"), "plain digits"},
    {TEXT("4.6761E4"), "plain digits"},
    {TEXT("1,23E+11"), "spreadsheet"},
    {TEXT("46761.0"), "plain digits"},
    {TEXT("46,761"), "plain digits"},
    {TEXT("-46761"), "plain digits"},
    {TEXT("+46761"), "plain digits"},
    {TEXT("0x10"), "plain digits"},
    {TEXT("46761\0"
          "1"),
        "plain digits"},
    {TEXT("\xd9\xa4"), "plain digits"}, // an Arabic-Indic four
    {TEXT("9223372036854775808"), "64 bits"},
    {TEXT("10000000000000000000"), "64 bits"},
    {TEXT("18446744073709551617"), "64 bits"},
    {TEXT("99999999999999999999999999999999999999999999999"), "64 bits"},
};

static void test_items(void **state)
{
    struct error err;
    int64_t item;

    (void)state;
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        item = -1;
        assert_true(valid_item_text(
            items[i].text.bytes, items[i].text.len, &item, &err));
        assert_true(item == items[i].item);
    }
}

static void test_bad_items(void **state)
{
    struct error err;
    int64_t item;

    (void)state;
    for (size_t i = 0; i < sizeof bad_items / sizeof *bad_items; i++) {
        const struct text *t = &bad_items[i].text;
        if (valid_item_text(t->bytes, t->len, &item, &err))
            fail_msg("\"%s\" was taken for an item", t->bytes);
        assert_int_equal(err.kind, ERROR_USAGE);
        if (!strstr(err.text, bad_items[i].says) ||
            !strstr(err.text, "order_item_id"))
            fail_msg("\"%s\": %s", t->bytes, err.text);
    }
}

/* The bytes behind the length do not count. */
static void test_item_ends_at_its_length(void **state)
{
    struct error err;
    int64_t item = 0;

    (void)state;
    assert_true(valid_item_text("4676199", 5, &item, &err));
    assert_int_equal(item, 46761);
}

static const struct text codes[] = {
    TEXT("1"),
    TEXT("SO-1240/10"),
    TEXT("ERP-46761-1"),
    TEXT("000010"),
    TEXT("a b"),
    TEXT("\"quoted\\\""),
    TEXT("S\xc4\xb0PAR\xc4\xb0\xc5\x9e-7"),
    TEXT("a\xc2\xa0"
         "b"), // a no-break space inside
    TEXT("\xf0\x9f\x93\xa6"),
    TEXT("\xed\x9f\xbf"),
    TEXT("\xf4\x8f\xbf\xbd"), // private use
    // near a ruined number, and none
    TEXT("12,3E+11"),
    TEXT("1,23E11"),
    TEXT("1,E+11"),
    TEXT("1,23E+"),
    TEXT("1,23E+x"),
    TEXT("A1,23E+11"),
    TEXT("1,23E+11A"),
    TEXT("1,23"),
    TEXT("1;23E+11"),
    TEXT("1,2,3E+1B"),
    TEXT("1.5E+3x/2"),
};

static const struct {
    struct text text;
    const char *says;
} bad_codes[] = {
    {TEXT(""), "is empty"},
    {TEXT(" SO-1"), "begins with white space"},
    {TEXT("SO-1 "), "ends with white space"},
    {TEXT(" "), "white space"},
    {TEXT("\xc2\xa0SO-1"), "begins with white space"}, // no-break space
    {TEXT("SO-1\xc2\xa0"), "ends with white space"},
    {TEXT("SO-1\xe2\x80\xaf"), "ends with white space"}, // narrow no-break
    {TEXT("SO-1\xe2\x80\x89"), "ends with white space"}, // thin
    {TEXT("SO-1\xe3\x80\x80"), "ends with white space"}, // ideographic
    {TEXT("\xef\xbb\xbfSO-1"), "has U+FEFF in it"},      // a BOM
    {TEXT("SO-1\n"), "control character"},
    {TEXT("SO\t1"), "control character"},
    {TEXT("SO\0001"), "control character"},
    {TEXT("SO\x7f"), "control character"},
    {TEXT("SO\xc2\x85"), "control character"}, // NEL
    {TEXT("SO\xff"), "not UTF-8"},
    {TEXT("\x80"), "not UTF-8"},
    {TEXT("SO\xc3"), "not UTF-8"},
    {TEXT("\xe2\x82"), "not UTF-8"},
    {TEXT("\xe2\x28\xa1"), "not UTF-8"},
    {TEXT("\xc0\xaf"), "not UTF-8"},         // overlong
    {TEXT("\xe0\x80\xaf"), "not UTF-8"},     // overlong
    {TEXT("\xf0\x80\x80\xaf"), "not UTF-8"}, // overlong
    {TEXT("\xed\xa0\x80"), "not UTF-8"},     // a surrogate
    {TEXT("\xf4\x90\x80\x80"), "not UTF-8"}, // beyond U+10FFFF
    {TEXT("\xf8\x88\x80\x80\x80"), "not UTF-8"},
    {TEXT("1,23E+11"), "spreadsheet"},
    {TEXT("1.23E+11"), "spreadsheet"},
    {TEXT("1,2E+1"), "spreadsheet"},
    {TEXT("SO-1,23E+11"), "spreadsheet"},
    {TEXT("1,23E+11/10"), "spreadsheet"},
    {TEXT("SO 4.6761E+4 x"), "spreadsheet"},
    {TEXT("A1,2E+3 1,2E+3"), "spreadsheet"},
    {TEXT("\xc4\xb0"
          "1,23E+11"),
        "spreadsheet"},
};

static void test_codes(void **state)
{
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (!valid_code(codes[i].bytes, codes[i].len, &err))
            fail_msg("\"%s\": %s", codes[i].bytes, err.text);
}

static void test_bad_codes(void **state)
{
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof bad_codes / sizeof *bad_codes; i++) {
        const struct text *t = &bad_codes[i].text;
        if (valid_code(t->bytes, t->len, &err))
            fail_msg("\"%s\" was taken for a code", t->bytes);
        assert_int_equal(err.kind, ERROR_USAGE);
        if (!strstr(err.text, bad_codes[i].says))
            fail_msg("\"%s\": %s", t->bytes, err.text);
    }
}

/* Bytes count, not characters. */
static void test_code_length(void **state)
{
    struct error err;
    char code[300];

    (void)state;
    memset(code, 'x', sizeof code);
    assert_true(valid_code(code, 255, &err));
    assert_false(valid_code(code, 256, &err));
    assert_non_null(strstr(err.text, "256 bytes"));
    for (size_t i = 0; i + 1 < sizeof code; i += 2)
        memcpy(code + i, "\xc4\xb0", 2);
    assert_true(valid_code(code, 254, &err));
    assert_false(valid_code(code, 256, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_items),
        cmocka_unit_test(test_bad_items),
        cmocka_unit_test(test_item_ends_at_its_length),
        cmocka_unit_test(test_codes),
        cmocka_unit_test(test_bad_codes),
        cmocka_unit_test(test_code_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
