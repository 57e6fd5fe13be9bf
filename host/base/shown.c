#include "base/shown.h"

#include "base/plain.h"
#include "base/utf8.h"

#include <string.h>

/* What stands for a character of HTML's own; NULL for any other. */
static const char *entity_of(uint32_t point)
{
    switch (point) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static bool put_point(
    struct buf *out, const char *text, size_t len, uint32_t point, bool html)
{
    const char *entity = html ? entity_of(point) : NULL;

    if (entity)
        return buf_puts(out, entity);
    if (plain_is_odd(point))
        return buf_printf(out, "[U+%04X]", (unsigned)point);
    return buf_add(out, text, len);
}

static bool put(struct buf *out, const char *text, size_t most, bool html)
{
    size_t len = strlen(text);
    bool ok = true;

    for (; ok && len > 0 && most > 0; most--) {
        uint32_t point = 0;
        size_t n = utf8_read(text, len, &point);

        ok = n ? put_point(out, text, n, point, html)
               : buf_puts(out, "\xEF\xBF\xBD");
        n = n ? n : 1;
        text += n;
        len -= n;
    }
    return ok && (len == 0 || buf_puts(out, "…"));
}

bool shown_put(struct buf *out, const char *text, size_t most)
{
    return put(out, text, most, false);
}

bool shown_put_html(struct buf *out, const char *text, size_t most)
{
    return put(out, text, most, true);
}
