#include "report/html.h"

#include "base/escape.h"
#include "base/utf8.h"
#include "report/report_words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINE_MOST = 32 };

void html_put(struct html *h, const char *fmt, ...)
{
    va_list args, again;

    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    h->ok = h->ok && len >= 0 && buf_reserve(h->out, (size_t)len);
    if (h->ok) {
        vsnprintf(h->out->data + h->out->len, (size_t)len + 1, fmt, args);
        h->out->len += (size_t)len;
    }
    va_end(args);
}

void html_text(struct html *h, const char *text, size_t most)
{
    h->ok = h->ok && escape_put_html(h->out, text, most);
}

void html_section(struct html *h, const char *id, const char *head)
{
    html_put(h, "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">", id, id);
    html_text(h, head, WORDS_MAX);
    html_put(h, "</h2>\n");
}

void html_end_section(struct html *h)
{
    html_put(h, "</section>\n");
}

void html_table(struct html *h, const char *const *heads)
{
    html_put(h, "<div class=\"wide\"><table>\n<thead><tr>");
    for (; *heads; heads++) {
        bool number = **heads == '#';

        html_put(h, "<th scope=\"col\"%s>", number ? " class=\"n\"" : "");
        html_text(h, *heads + number, WORDS_MAX);
        html_put(h, "</th>");
    }
    html_put(h, "</tr></thead>\n<tbody>\n");
}

void html_end_table(struct html *h)
{
    html_put(h, "</tbody></table></div>\n");
}

void html_cell(struct html *h, const char *text, size_t most)
{
    html_put(h, "<td>");
    html_text(h, text, most);
    html_put(h, "</td>");
}

/* A long one may break, or the table would not fit. */
void html_line(struct html *h, const char *text, size_t most)
{
    bool is_short = utf8_count(text, strlen(text)) <= LINE_MOST;

    html_put(h, "<td%s>", is_short ? " class=\"line\"" : " class=\"long\"");
    html_text(h, text, most);
    html_put(h, "</td>");
}

void html_count(struct html *h, int64_t n)
{
    char count[32];

    html_put(h, "<td class=\"n\">%s</td>", words_count(n, count));
}

void html_quiet_count(struct html *h, int64_t n)
{
    if (n)
        html_count(h, n);
    else
        html_put(h, "<td class=\"n none\">0</td>");
}

/* The number stands beside it: a bar is for the eye alone. */
void html_bar(struct html *h, int64_t n, int64_t most, const char *class)
{
    double width = most > 0 ? 100.0 * (double)n / (double)most : 0;

    html_put(h,
        "<td class=\"bar\"><svg viewBox=\"0 0 100 10\" "
        "preserveAspectRatio=\"none\" aria-hidden=\"true\">"
        "<rect class=\"%s\" width=\"%.1f\" height=\"10\"/></svg></td>",
        class, width < 1 && n > 0 ? 1 : width);
}
