#include "base/shown.h"

#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

/* Besides the controls: Unicode's bidirectional formats, what has no width,
 * the separators, annotations, and what is no character. */
static const struct range {
    uint32_t first, last;
} odd[] = {
    {0x00AD, 0x00AD},
    {0x034F, 0x034F},
    {0x061C, 0x061C},
    {0x115F, 0x1160},
    {0x17B4, 0x17B5},
    {0x180B, 0x180F},
    {0x200B, 0x200F},
    {0x2028, 0x202E},
    {0x2060, 0x206F},
    {0x3164, 0x3164},
    {0xFDD0, 0xFDEF},
    {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0},
    {0xFFF0, 0xFFFB},
    {0xE0000, 0xE0FFF},
};

static bool is_odd(uint32_t point)
{
    if (utf8_is_control(point) || (point & 0xFFFE) == 0xFFFE)
        return true;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        if (point >= odd[i].first && point <= odd[i].last)
            return true;
    return false;
}

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
    if (is_odd(point))
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
