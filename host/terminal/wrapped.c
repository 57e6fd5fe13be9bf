#include "terminal/wrapped.h"

#include "base/escape.h"
#include "terminal/colour.h"

#include <string.h>

/* What the bytes take on a terminal. */
static size_t width_of(const char *text, size_t len)
{
    size_t width = 0;

    for (size_t i = 0; i < len;) {
        size_t skip = colour_length(text + i);
        size_t end = i + skip;
        while (end < len && (end == i || text[end] != '\x1B'))
            end++;
        width += escape_width(text + i + skip, end - i - skip);
        i = end;
    }
    return width;
}

/* Where the word that begins there ends. One in quotes is a shell's: with a
 * line end in it, it would be another one. */
static size_t word_end(const char *line, size_t at)
{
    size_t end = at + strcspn(line + at, " \n");
    const char *close = line[at] == '\'' ? strpbrk(line + at + 1, "'\n") : NULL;

    if (close && *close == '\'') {
        size_t behind = (size_t)(close - line) + 1;
        behind += strcspn(line + behind, " \n");
        end = behind > end ? behind : end;
    }
    return end;
}

/* Adds a line, broken at its spaces to fit a terminal; what follows its first
 * part is indented. */
static bool put_wrapped(
    struct buf *out, const char *line, size_t len, size_t indent, size_t most)
{
    size_t column = 0;
    bool ok = true;

    for (size_t at = 0; ok && at < len;) {
        size_t lead = strspn(line + at, " ");
        size_t end = word_end(line, at + lead);
        size_t width = width_of(line + at, end - at);
        if (column > indent && column + width > most) {
            ok = buf_printf(out, "\n%*s", (int)indent, "");
            column = indent;
            at += lead;
            width -= lead;
        }
        ok = ok && buf_add(out, line + at, end - at);
        column += width;
        at = end;
    }
    return ok && buf_putc(out, '\n');
}

bool wrapped_put(struct buf *out, const char *text, size_t most)
{
    bool ok = true;

    while (ok && *text) {
        size_t len = strcspn(text, "\n"), lead = strspn(text, " ");
        ok = put_wrapped(out, text, len, lead ? lead + 6 : 0, most);
        text += len + (text[len] == '\n');
    }
    return ok;
}
