#include "base/escape.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct row {
    const char *text, *html;
};

static const struct row rows[] = {
    {"", ""},
    {"SO-1201/10", "SO-1201/10"},
    {"<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;"},
    {"a\tb\nc\x7f", "a\\tb\\nc\\x7F"},
    {"\xE2\x80\xAE"
     "txt",
        "\\u{202E}txt"},
    {"\xEF\xBF\xBF", "\\u{FFFF}"},
    {"\xF0\x9F\x8F\xAC\xC4\xB0", "\xF0\x9F\x8F\xAC\xC4\xB0"},
    {"\xFF<\xC3", "\\xFF&lt;\\xC3"},
};

static void each_row(void **state)
{
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buf_clear(&out);
        assert_true(escape_put_html(&out, rows[i].text, 100));
        assert_string_equal(buf_text(&out), rows[i].html);
    }
    buf_free(&out);
}

static void cut(void **state)
{
    struct buf out = {0};

    (void)state;
    assert_true(escape_put_html(&out, "<<<<", 4));
    assert_string_equal(buf_text(&out), "&lt;&lt;&lt;&lt;");
    buf_clear(&out);
    assert_true(escape_put_html(&out, "<<<<<", 4));
    assert_string_equal(buf_text(&out), "&lt;…");
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
        assert_true(escape_put_html(&out, text, 100));
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
