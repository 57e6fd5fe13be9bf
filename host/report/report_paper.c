#include "report/report_paper.h"

#include "base/escape.h"
#include "terminal/column.h"

#include <stdarg.h>
#include <stdio.h>

enum { SHOWN = sizeof((struct paper *)0)->shown / sizeof(struct buf) };

/* p->line becomes the text. */
__attribute__((format(printf, 2, 0))) static bool put_text(
    struct paper *p, const char *fmt, va_list args)
{
    va_list again;
    int len;

    buf_clear(&p->line);
    va_copy(again, args);
    len = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (len < 0 || !buf_reserve(&p->line, (size_t)len))
        return false;
    vsnprintf(p->line.data, (size_t)len + 1, fmt, args);
    p->line.len = (size_t)len;
    return true;
}

void paper_say(struct paper *p, int indent, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    p->ok = p->ok && put_text(p, fmt, args) &&
            buf_printf(p->out, "%*s", indent, "") &&
            column_put_words(p->out, buf_text(&p->line), indent, p->columns) &&
            buf_putc(p->out, '\n');
    va_end(args);
}

void paper_item(struct paper *p, const char *lead, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    p->ok = p->ok && put_text(p, fmt, args) && buf_puts(p->out, lead) &&
            column_put_words(
                p->out, buf_text(&p->line), column_width(lead), p->columns) &&
            buf_putc(p->out, '\n');
    va_end(args);
}

/* Columns that are empty leave no spaces at the end. */
static bool end_line(struct buf *out)
{
    while (out->len > 0 && out->data[out->len - 1] == ' ')
        buf_cut(out, out->len - 1);
    return buf_putc(out, '\n');
}

void paper_line(struct paper *p, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    p->ok = p->ok && put_text(p, fmt, args) &&
            buf_puts(p->out, buf_text(&p->line)) && end_line(p->out);
    va_end(args);
}

void paper_head(struct paper *p, const char *text)
{
    p->ok = p->ok && buf_putc(p->out, '\n');
    paper_say(p, 0, "%s", text);
}

const char *paper_clean(struct paper *p, const char *text, size_t most)
{
    struct buf *shown = &p->shown[p->next];

    p->next = (p->next + 1) % SHOWN;
    buf_clear(shown);
    p->ok = p->ok && escape_put(shown, text, most);
    return buf_text(shown);
}

void paper_fini(struct paper *p)
{
    buf_free(&p->line);
    for (int i = 0; i < SHOWN; i++)
        buf_free(&p->shown[i]);
}
