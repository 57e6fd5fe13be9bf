#include "base/escape.h"

#include "base/secret.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

struct range {
    uint32_t first, last;
};

static const struct range odd[] = {
    {0x00, 0x1F}, {0x7F, 0x9F}, {0xAD, 0xAD}, // soft hyphen
    {0x34F, 0x34F},                           // joins what it does not show
    {0x61C, 0x61C},                           // Arabic letter mark
    {0x115F, 0x1160},                         // fillers
    {0x17B4, 0x17B5},                         // vowels that are not shown
    {0x180B, 0x180F},                         // Mongolian selectors
    {0x200B, 0x200F},                         // zero width, marks of direction
    {0x2028, 0x202E},                   // line ends, embeddings, overrides
    {0x2060, 0x206F},                   // joiners, isolates, shaping
    {0x3164, 0x3164},                   // filler
    {0xFE00, 0xFE0F},                   // selectors
    {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, // filler
    {0xFFF0, 0xFFFB},                   // annotations
    {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}, // tags
};

/* Of East Asian Width W and F, and the emoji: as terminals draw them. */
static const struct range wide[] = {
    {0x1100, 0x115E},
    {0x2E80, 0x303E},
    {0x3041, 0x33FF},
    {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},
    {0xA000, 0xA4CF},
    {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6},
    {0x1F300, 0x1F64F},
    {0x1F680, 0x1F6FF},
    {0x1F900, 0x1FAFF},
    {0x20000, 0x3FFFD},
};

static const struct range marks[] = {
    {0x300, 0x36F},
    {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF},
    {0x20D0, 0x20FF},
    {0xFE20, 0xFE2F},
};

static bool is_in(const struct range *rows, size_t n, uint32_t point)
{
    for (size_t i = 0; i < n; i++)
        if (point >= rows[i].first && point <= rows[i].last)
            return true;
    return false;
}

bool escape_is_odd(uint32_t point)
{
    if (point >= 0x20 && point < 0x7F)
        return false;
    return (point & 0xFFFE) == 0xFFFE ||
           is_in(odd, sizeof odd / sizeof *odd, point);
}

/* Most of all bytes are, and need no other look. */
static bool is_simple(char c)
{
    return c >= ' ' && c < 0x7F;
}

enum { ESCAPE_MAX = 12 };

/* What is shown for the `n` bytes of a character (0: a byte that is none). */
static size_t shown(const char *text, size_t n, uint32_t point, char *out)
{
    static const char names[] = "\n\r\t", letters[] = "nrt";
    const char *name;

    if (n == 1 && is_simple(*text)) {
        *out = *text;
        return 1;
    }
    name = n == 1 && point ? strchr(names, (int)point) : NULL;
    if (name)
        return (size_t)snprintf(out, ESCAPE_MAX, "\\%c", letters[name - names]);
    if (n == 0)
        point = (unsigned char)*text;
    if (n == 0 || (escape_is_odd(point) && point < 0x100))
        return (size_t)snprintf(out, ESCAPE_MAX, "\\x%02X", point);
    if (escape_is_odd(point))
        return (size_t)snprintf(out, ESCAPE_MAX, "\\u{%X}", point);
    memcpy(out, text, n);
    return n;
}

typedef bool adder(struct buf *out, const void *piece, size_t len);

static bool add(struct buf *out, const char *text, size_t len, size_t most,
    adder *add_piece)
{
    size_t begin = out->len, fits = begin, used = 0;

    for (size_t i = 0; i < len;) {
        char piece[ESCAPE_MAX];
        uint32_t point = 0;
        size_t n = utf8_read(text + i, len - i, &point);
        size_t takes = shown(text + i, n, point, piece);

        used += takes;
        if (used > most)
            return buf_cut(out, fits) || buf_puts(out, "…");
        if (!add_piece(out, piece, takes))
            return buf_cut(out, begin);
        if (used + strlen("…") <= most)
            fits = out->len;
        i += n ? n : 1;
    }
    return true;
}

bool escape_add(struct buf *out, const char *text, size_t len, size_t most)
{
    return add(out, text, len, most, buf_add);
}

bool escape_put(struct buf *out, const char *text, size_t most)
{
    return escape_add(out, text, strlen(text), most);
}

/* The bytes of one of our own colours at `text`, which ends with NUL. */
static size_t colour_len(const char *text)
{
    static const char *const ours[] = {
        "\x1B[0m", "\x1B[31m", "\x1B[32m", "\x1B[33m"};

    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (strncmp(text, ours[i], strlen(ours[i])) == 0)
            return strlen(ours[i]);
    return 0;
}

/* The bytes at `text` that stay as they are; 0: what is there is escaped. */
static size_t kept_len(const char *text, size_t len, unsigned keep)
{
    uint32_t point = 0;

    if (*text == '\n' || (*text == '\t' && keep & ESCAPE_TABS))
        return 1;
    if (*text == 0x1B)
        return keep & ESCAPE_COLOURS ? colour_len(text) : 0;
    size_t n = utf8_read(text, len, &point);
    return n && !escape_is_odd(point) ? n : 0;
}

/* Where the first one is that does not stay. */
static size_t first_odd(
    const char *text, size_t len, size_t from, unsigned keep)
{
    size_t i = from, n = 1;

    for (; i < len && n; i += n)
        n = is_simple(text[i]) ? 1 : kept_len(text + i, len - i, keep);
    return i;
}

static bool put_lines(
    struct buf *out, const char *text, size_t len, unsigned keep)
{
    bool ok = true;

    for (size_t i = 0; ok && i < len;) {
        size_t stop = first_odd(text, len, i, keep);
        uint32_t point = 0;
        char piece[ESCAPE_MAX];

        ok = buf_add(out, text + i, stop - i);
        if (stop < len) {
            size_t n = utf8_read(text + stop, len - stop, &point);
            size_t takes = shown(text + stop, n, point, piece);
            ok = ok && buf_add(out, piece, takes);
            stop += n ? n : 1;
        }
        i = stop;
    }
    return ok;
}

bool escape_lines(struct buf *out, size_t from, unsigned keep)
{
    struct buf all = {0};

    if (first_odd(buf_text(out), out->len, from, keep) >= out->len)
        return true;
    bool ok = buf_add(&all, out->data, from) &&
              put_lines(&all, out->data + from, out->len - from, keep);
    if (!ok) {
        buf_wipe(&all);
        return false;
    }
    buf_wipe(out);
    *out = all;
    return true;
}

bool escape_put_masked(struct buf *out, const char *text, size_t most)
{
    struct buf masked = {0};
    bool ok = buf_puts(&masked, text);

    if (ok)
        secret_mask(masked.data, &masked.len);
    ok = ok && escape_add(out, buf_text(&masked), masked.len, most);
    buf_wipe(&masked);
    return ok;
}

/* What stands for a character of HTML's own; NULL for any other. */
static const char *entity_of(char c)
{
    switch (c) {
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

static bool add_html(struct buf *out, const void *piece, size_t len)
{
    const char *entity = len == 1 ? entity_of(*(const char *)piece) : NULL;

    return entity ? buf_puts(out, entity) : buf_add(out, piece, len);
}

bool escape_put_html(struct buf *out, const char *text, size_t most)
{
    return add(out, text, strlen(text), most, add_html);
}

char *escape_copy(const char *text, char *out, size_t cap)
{
    struct buf line = {0};

    if (!escape_put(&line, text, cap - 1))
        buf_clear(&line);
    snprintf(out, cap, "%s", buf_text(&line));
    buf_free(&line);
    return out;
}

static bool put_unit(struct buf *out, uint32_t point)
{
    if (point < 0x10000)
        return buf_printf(out, "\\u%04X", point);
    point -= 0x10000;
    return buf_printf(out, "\\u%04X\\u%04X", 0xD800 + (point >> 10),
        0xDC00 + (point & 0x3FF));
}

static size_t odd_at(const struct buf *out, size_t at, uint32_t *point)
{
    size_t n = utf8_read(out->data + at, out->len - at, point);

    return n && *point >= 0x7F && escape_is_odd(*point) ? n : 0;
}

bool escape_json(struct buf *out, size_t from)
{
    struct buf all = {0};
    size_t begin = from;
    bool ok = true;

    for (size_t i = from; ok && i < out->len;) {
        uint32_t point = 0;
        size_t n =
            (unsigned char)out->data[i] < 0x7F ? 0 : odd_at(out, i, &point);

        if (n) {
            ok = buf_add(&all, out->data + begin, i - begin) &&
                 put_unit(&all, point);
            begin = i + n;
        }
        i += n ? n : 1;
    }
    if (begin == from)
        return true;
    ok = ok && buf_add(&all, out->data + begin, out->len - begin);
    if (ok) {
        (void)buf_cut(out, from);
        ok = buf_add(out, all.data, all.len);
    }
    buf_free(&all);
    return ok;
}

size_t escape_width(const char *text, size_t len)
{
    size_t width = 0;

    for (size_t i = 0; i < len;) {
        uint32_t point = 0;
        size_t n = utf8_read(text + i, len - i, &point);

        if (is_in(wide, sizeof wide / sizeof *wide, point))
            width += 2;
        else if (!is_in(marks, sizeof marks / sizeof *marks, point))
            width++;
        i += n ? n : 1;
    }
    return width;
}

static bool read_odd(const char *text, size_t len, size_t *n)
{
    uint32_t point = 0;

    *n = utf8_read(text, len, &point);
    return *n == 0 || escape_is_odd(point);
}

static bool has_odd(const char *text)
{
    size_t n, len = strlen(text);

    for (; len; text += n, len -= n)
        if (read_odd(text, len, &n))
            return true;
    return false;
}

/* Bash's and zsh's $'…', where \x1B stands for a byte. */
static bool put_dollar_quoted(struct buf *out, const char *text)
{
    bool ok = buf_puts(out, "$'");
    size_t n, len = strlen(text);

    for (; ok && len; text += n, len -= n) {
        bool hex = read_odd(text, len, &n);

        n = n ? n : 1;
        for (size_t i = 0; hex && ok && i < n; i++)
            ok = buf_printf(out, "\\x%02X", (unsigned char)text[i]);
        if (!hex)
            ok = (!strchr("'\\", *text) || buf_putc(out, '\\')) &&
                 buf_add(out, text, n);
    }
    return ok && buf_putc(out, '\'');
}

bool escape_put_word(struct buf *out, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./,:@-";
    bool ok = true;

    if (text[0] && text[strspn(text, plain)] == '\0')
        return buf_puts(out, text);
    if (has_odd(text))
        return put_dollar_quoted(out, text);
    ok = buf_putc(out, '\'');
    for (; ok && *text; text++)
        ok = *text == '\'' ? buf_puts(out, "'\\''") : buf_putc(out, *text);
    return ok && buf_putc(out, '\'');
}
