#include "terminal/wrap.h"

#include "base/escape.h"
#include "base/utf8.h"

#include <string.h>

/* The lines while they are written. `width` counts characters. */
struct wrap {
    struct buf *out;
    size_t indent, width;
};

/* The bytes of the character at `text`; *shown is what is printed for it. */
static size_t next_char(const char *text, size_t len, const char **shown)
{
    uint32_t point = 0;
    size_t n = utf8_read(text, len, &point);

    *shown = text;
    if (n == 1 && escape_is_odd(point))
        *shown = " ";
    else if (n == 0 || escape_is_odd(point))
        *shown = "?";
    return n;
}

static bool is_space(const char *text)
{
    return (unsigned char)*text <= ' ' || *text == 0x7f;
}

/* The characters up to the next white space. */
static size_t word_width(const char *text, size_t len)
{
    size_t width = 0;

    while (len > 0 && !is_space(text)) {
        size_t n = utf8_next(text, len);

        n = n ? n : 1;
        text += n;
        len -= n;
        width++;
    }
    return width;
}

static bool break_line(struct wrap *w)
{
    size_t i;
    bool ok = buf_putc(w->out, '\n');

    for (i = 0; ok && i < w->indent; i++)
        ok = buf_putc(w->out, ' ');
    w->width = w->indent;
    return ok;
}

static bool put_char(struct wrap *w, const char *text, size_t n)
{
    if (w->width >= WRAP_COLUMNS && !break_line(w))
        return false;
    w->width++;
    return buf_add(w->out, text, n);
}

/* A word that fits no line is cut where the line ends. */
static bool put_space(struct wrap *w, const char *rest, size_t len)
{
    size_t width = word_width(rest, len);

    if (width == 0 || w->width == w->indent)
        return true;
    if (w->width + 1 + width > WRAP_COLUMNS &&
        w->indent + width <= WRAP_COLUMNS)
        return break_line(w);
    return put_char(w, " ", 1);
}

bool wrap_put(struct buf *out, const char *head, const char *text, size_t len)
{
    struct wrap w = {out, strlen(head), strlen(head)};
    bool ok = buf_puts(out, head);

    while (ok && len > 0) {
        const char *shown;
        size_t n = next_char(text, len, &shown);
        size_t step = n ? n : 1;

        if (is_space(text))
            ok = put_space(&w, text + 1, len - 1);
        else
            ok = put_char(&w, shown, shown == text ? n : 1);
        text += step;
        len -= step;
    }
    return ok && buf_putc(out, '\n');
}
