#include "base/escape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct {
    const char *text, *shown;
} texts[] = {
    {"", ""},
    {"Not found. ç €", "Not found. ç €"},
    {"a\nb\r\tc", "a\\nb\\r\\tc"},
    {"\x1B[31mred\x07", "\\x1B[31mred\\x07"},
    {"\x7F", "\\x7F"},
    {"\xC2\x9B"
     "2J",
        "\\x9B2J"},
    {"\xE2\x80\xAE"
     "abc",
        "\\u{202E}abc"},
    {"a\xE2\x80\x8B"
     "b\xEF\xBB\xBF",
        "a\\u{200B}b\\u{FEFF}"},
    {"\xE2\x80\xA8", "\\u{2028}"},
    {"\xF3\xA0\x81\x81", "\\u{E0041}"},
    {"\x80\xFF"
     "a\xC3",
        "\\x80\\xFFa\\xC3"},
    {"<script>alert(1)</script>", "<script>alert(1)</script>"},
};

static void escapes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct buf out = {0};
        assert_true(escape_put(&out, texts[i].text, 100));
        assert_string_equal(buf_text(&out), texts[i].shown);
        buf_free(&out);
    }
}

static void escapes_a_nul(void **state)
{
    struct buf out = {0};

    (void)state;
    assert_true(escape_add(&out, "a\0b", 3, 100));
    assert_string_equal(out.data, "a\\x00b");
    buf_free(&out);
}

static const struct {
    const char *text;
    size_t most;
    const char *shown;
} cuts[] = {
    {"12345", 5, "12345"},
    {"123456", 5, "12…"},
    {"1234567890", 8, "12345…"},
    {"ççç", 6, "ççç"},
    {"çççç", 6, "ç…"},
    {"ab\n\n", 6, "ab\\n\\n"},
    {"abc\n\n", 6, "abc…"},
};

/* What was there stays, and does not count. */
static void cuts_between_characters(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cuts); i++) {
        struct buf out = {0};
        assert_true(buf_puts(&out, "x: "));
        assert_true(escape_put(&out, cuts[i].text, cuts[i].most));
        assert_string_equal(out.data + 3, cuts[i].shown);
        buf_free(&out);
    }
}

static void copies(void **state)
{
    char out[8];

    (void)state;
    assert_string_equal(escape_copy("a\nb", out, sizeof out), "a\\nb");
    assert_string_equal(escape_copy("123456789", out, sizeof out), "1234…");
}

static void leaves_json_as_it_is(void **state)
{
    struct buf out = {0};

    (void)state;
    assert_true(buf_puts(&out, "x {\"a\":\"\xC2\x9B ç \xE2\x80\xAE"
                               "\xF3\xA0\x81\x81.\x7F\"}"));
    assert_true(escape_json(&out, 2));
    assert_string_equal(out.data, "x {\"a\":\"\\u009B ç \\u202E\\uDB40\\uDC41."
                                  "\\u007F\"}");
    buf_free(&out);
    assert_true(buf_puts(&out, "{\"a\":\"ç\"}"));
    assert_true(escape_json(&out, 0));
    assert_string_equal(out.data, "{\"a\":\"ç\"}");
    buf_free(&out);
}

static void knows_how_wide_it_is(void **state)
{
    (void)state;
    assert_int_equal(escape_width("abc", 3), 3);
    assert_int_equal(escape_width("ğ…█", 8), 3);
    assert_int_equal(escape_width("漢字", 6), 4);
    assert_int_equal(escape_width("e\xCC\x81", 3), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes),
        cmocka_unit_test(escapes_a_nul),
        cmocka_unit_test(cuts_between_characters),
        cmocka_unit_test(copies),
        cmocka_unit_test(leaves_json_as_it_is),
        cmocka_unit_test(knows_how_wide_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
