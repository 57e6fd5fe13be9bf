#include "base/json_put.h"

#include "base/utf8.h"

#include <string.h>

/* One character that cannot stand in a string as it is. */
static bool put_odd(struct buf *b, unsigned char c)
{
    static const char short_for[] = "\"\\\b\f\n\r\t";
    static const char letters[] = "\"\\bfnrt";
    const char *row = c ? strchr(short_for, c) : NULL;

    if (row)
        return buf_putc(b, '\\') && buf_putc(b, letters[row - short_for]);
    if (c < ' ')
        return buf_printf(b, "\\u%04X", c);
    return buf_puts(b, "\xEF\xBF\xBD");
}

static bool is_plain(char byte)
{
    unsigned char c = (unsigned char)byte;

    return c >= ' ' && c < 0x80 && c != '"' && c != '\\';
}

/* How many bytes from the start can stand in a string as they are. */
static size_t clean_run(const char *text, size_t len)
{
    size_t i = 0;

    while (i < len) {
        size_t n = 1;
        if (!is_plain(text[i]))
            n = (unsigned char)text[i] < 0x80 ? 0
                                              : utf8_next(text + i, len - i);
        if (n == 0)
            break;
        i += n;
    }
    return i;
}

static bool put_text(struct buf *b, const char *text, size_t len)
{
    if (!buf_reserve(b, len + 2) || !buf_putc(b, '"'))
        return false;
    for (size_t i = 0; i < len;) {
        size_t run = clean_run(text + i, len - i);
        if (!buf_add(b, text + i, run))
            return false;
        i += run;
        if (i < len && !put_odd(b, (unsigned char)text[i++]))
            return false;
    }
    return buf_putc(b, '"');
}

bool json_put_string(struct buf *b, const char *text, size_t len)
{
    size_t before = b->len;

    return put_text(b, text, len) || buf_cut(b, before);
}

bool json_put_int(struct buf *b, int64_t value)
{
    return buf_int(b, value);
}

bool json_put_comma(struct buf *b)
{
    char last = b->len ? b->data[b->len - 1] : '[';

    return last == '[' || last == '{' || buf_putc(b, ',');
}

bool json_put_name(struct buf *b, const char *name)
{
    size_t before = b->len;

    return (json_put_comma(b) && put_text(b, name, strlen(name)) &&
               buf_putc(b, ':')) ||
           buf_cut(b, before);
}

static bool put_text_or_null(struct buf *b, const char *text)
{
    return text ? put_text(b, text, strlen(text)) : buf_puts(b, "null");
}

bool json_put_member_text(struct buf *b, const char *name, const char *text)
{
    size_t before = b->len;

    return (json_put_name(b, name) && put_text_or_null(b, text)) ||
           buf_cut(b, before);
}

bool json_put_member_int(struct buf *b, const char *name, int64_t value)
{
    size_t before = b->len;

    return (json_put_name(b, name) && json_put_int(b, value)) ||
           buf_cut(b, before);
}

bool json_put_member_bool(struct buf *b, const char *name, bool value)
{
    size_t before = b->len;

    return (json_put_name(b, name) && buf_puts(b, value ? "true" : "false")) ||
           buf_cut(b, before);
}

bool json_put_member_null(struct buf *b, const char *name)
{
    return json_put_member_text(b, name, NULL);
}
