#include "terminal/column.h"

#include "base/secret.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

int column_width(const char *text)
{
    return (int)utf8_count(text, strlen(text));
}

/* Where the character number `n` begins. */
static size_t offset_of(const char *text, int n)
{
    size_t at = 0;

    for (; text[at]; at++)
        if (((unsigned char)text[at] & 0xc0) != 0x80 && n-- == 0)
            break;
    return at;
}

/* What is too long loses its middle: codes differ at their ends. */
static bool put_cut(struct buf *out, const char *text, int width)
{
    int tail = width / 2;

    return buf_add(out, text, offset_of(text, width - 1 - tail)) &&
           buf_puts(out, "…") &&
           buf_puts(out, text + offset_of(text, column_width(text) - tail));
}

static bool put(struct buf *out, const char *text, int width, bool right)
{
    int spaces = width - column_width(text);

    if (spaces < 0)
        return put_cut(out, text, width);
    return (!right || buf_printf(out, "%*s", spaces, "")) &&
           buf_puts(out, text) && (right || buf_printf(out, "%*s", spaces, ""));
}

/* Before anything is cut out of it or put into it: a secret in pieces would not
 * be known for one. */
static bool mask(struct buf *masked, const char *text)
{
    bool ok = buf_puts(masked, text);

    if (ok && masked->len)
        secret_mask(masked->data, &masked->len);
    return ok;
}

/* A line end in it would be one of the table. */
bool column_put(struct buf *out, const char *text, int width, bool right)
{
    struct buf masked = {0};
    size_t from = out->len;
    bool ok = mask(&masked, text) && put(out, buf_text(&masked), width, right);

    for (; from < out->len; from++)
        if (out->data[from] == '\n')
            out->data[from] = '?';
    buf_free(&masked);
    return ok;
}

static bool put_words(struct buf *out, const char *words, int at, int columns)
{
    int column = at;
    bool ok = true;

    while (ok && *words) {
        size_t lead = strspn(words, " \n\t");
        size_t len = strcspn(words + lead, " \n\t");
        char word[512];
        snprintf(word, sizeof word, "%.*s", (int)len, words + lead);
        int width = column_width(word);
        if (column > at && column + 1 + width > columns) {
            ok = buf_printf(out, "\n%*s", at, "");
            column = at;
        }
        ok = ok && (column == at || buf_putc(out, ' ')) &&
             buf_add(out, words + lead, len);
        column += width + (column > at);
        words += lead + len;
    }
    return ok;
}

bool column_put_words(struct buf *out, const char *words, int at, int columns)
{
    struct buf masked = {0};
    bool ok =
        mask(&masked, words) && put_words(out, buf_text(&masked), at, columns);

    buf_free(&masked);
    return ok;
}
