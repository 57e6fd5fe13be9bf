#include "base/shown.h"

#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct row {
    const char *text, *shown, *html;
};

static const struct row rows[] = {
    {"", "", ""},
    {"SO-1201/10", "SO-1201/10", "SO-1201/10"},
    {"<b>&\"'", "<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;"},
    {"a\tb\nc\x7f", "a[U+0009]b[U+000A]c[U+007F]",
        "a[U+0009]b[U+000A]c[U+007F]"},
    {"\xC2\x9B"
     "31m",
        "[U+009B]31m", "[U+009B]31m"},
    {"\xE2\x80\xAE"
     "txt",
        "[U+202E]txt", "[U+202E]txt"},
    {"a\xE2\x80\x8B"
     "b\xEF\xBB\xBF",
        "a[U+200B]b[U+FEFF]", "a[U+200B]b[U+FEFF]"},
    {"\xEF\xBF\xBF", "[U+FFFF]", "[U+FFFF]"},
    {"\xF0\x9F\x8F\xAC\xC4\xB0", "\xF0\x9F\x8F\xAC\xC4\xB0",
        "\xF0\x9F\x8F\xAC\xC4\xB0"},
    {"\xFF\xC3", "\xEF\xBF\xBD\xEF\xBF\xBD", "\xEF\xBF\xBD\xEF\xBF\xBD"},
};

static void each_row(void **state)
{
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buf_clear(&out);
        assert_true(shown_put(&out, rows[i].text, 100));
        assert_string_equal(buf_text(&out), rows[i].shown);
        buf_clear(&out);
        assert_true(shown_put_html(&out, rows[i].text, 100));
        assert_string_equal(buf_text(&out), rows[i].html);
    }
    buf_free(&out);
}

static void cut(void **state)
{
    struct buf out = {0};

    (void)state;
    assert_true(shown_put_html(&out, "<<<", 3));
    assert_string_equal(buf_text(&out), "&lt;&lt;&lt;");
    buf_clear(&out);
    assert_true(shown_put_html(&out, "<<<<", 3));
    assert_string_equal(buf_text(&out), "&lt;&lt;&lt;…");
    buf_free(&out);
}

/* Of all of Unicode, nothing comes through that XML 1.0 does not know. */
static void every_point(void **state)
{
    struct buf out = {0};

    (void)state;
    for (uint32_t point = 1; point <= 0x10FFFF; point++) {
        char text[UTF8_MAX + 1] = {0};

        if (point >= 0xD800 && point <= 0xDFFF)
            continue;
        utf8_write(point, text);
        buf_clear(&out);
        assert_true(shown_put_html(&out, text, 1));
        bool same = strcmp(out.data, text) == 0;
        if (same && (point < ' ' || (point & 0xFFFE) == 0xFFFE ||
                        (point < 128 && strchr("<>&\"'", (int)point))))
            fail_msg("U+%04X came through", (unsigned)point);
    }
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row),
        cmocka_unit_test(cut),
        cmocka_unit_test(every_point),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
