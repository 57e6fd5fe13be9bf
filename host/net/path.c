#include "net/path.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <string.h>

enum { ROUNDS_MOST = 5 }; // of decoding; nobody encodes more often

/* The value of `count` hexadecimal digits; -1: they are none. */
static int number_of(const char *text, size_t len, size_t count)
{
    int number = 0;

    if (len < count)
        return -1;
    for (size_t i = 0; i < count; i++) {
        int digit = ascii_hex(text[i]);
        if (digit < 0)
            return -1;
        number = number * 16 + digit;
    }
    return number;
}

/* The byte that stands encoded at `text`, as %2e, or as some servers read it,
 * %u002e; *used is how long that is. -1: none does. */
static int encoded_byte(const char *text, size_t len, size_t *used)
{
    if (text[0] != '%' || len < 3)
        return -1;
    bool wide = text[1] == 'u' || text[1] == 'U';
    int byte = wide ? number_of(text + 2, len - 2, 4)
                    : number_of(text + 1, len - 1, 2);
    *used = wide ? 6 : 3;
    return wide && byte > 0x7F ? -1 : byte;
}

/* Decodes it once, in place; false: there was nothing to decode. */
static bool decode(struct buf *path)
{
    const char *from = path->data, *end = from + path->len;
    char *to = path->data;
    bool changed = false;

    while (from < end) {
        size_t used = 1;
        int byte = encoded_byte(from, (size_t)(end - from), &used);
        changed |= byte >= 0;
        *to++ = byte >= 0 ? (char)byte : *from;
        from += byte >= 0 ? used : 1;
    }
    path->len = (size_t)(to - path->data);
    *to = '\0';
    return changed;
}

static bool has_control(const struct buf *path)
{
    for (size_t i = 0; i < path->len; i++)
        if ((unsigned char)path->data[i] < 0x20 || path->data[i] == 0x7F)
            return true;
    return false;
}

/* Up to what some servers cut off: parameters, and blanks around. */
static size_t settle_segment(const char **text, size_t len)
{
    const char *end = memchr(*text, ';', len);
    size_t n = end ? (size_t)(end - *text) : len;

    while (n > 0 && **text == ' ')
        ++*text, n--;
    while (n > 0 && (*text)[n - 1] == ' ')
        n--;
    return n;
}

static bool is_dots(const char *segment, size_t len)
{
    size_t n = settle_segment(&segment, len);

    return n > 0 && strspn(segment, ".") >= n;
}

/* The length of the segment at `text`; a backslash is a slash to some. */
static size_t segment_length(const char *text)
{
    return strcspn(text, "/\\");
}

static bool has_dots(const char *path)
{
    while (*path) {
        size_t len = segment_length(path);
        if (is_dots(path, len))
            return true;
        path += len + (path[len] != '\0');
    }
    return false;
}

/* "/a/b" of "\a;x//B/": in lower case, with single slashes; with `cut` without
 * parameters and blanks. */
static bool put_settled(struct buf *out, const char *path, bool cut)
{
    bool ok = true;

    buf_clear(out);
    while (ok && *path) {
        const char *segment = path;
        size_t len = segment_length(path);
        size_t n = cut ? settle_segment(&segment, len) : len;
        ok = n == 0 || buf_putc(out, '/');
        for (size_t i = 0; ok && i < n; i++)
            ok = buf_putc(out, ascii_lower(segment[i]));
        path += len + (path[len] != '\0');
    }
    return ok;
}

static bool check_names(const char *path, const struct path_never *never,
    bool cut, struct error *err)
{
    struct buf settled = {0};
    bool ok = put_settled(&settled, path, cut) || error_memory(err);

    for (; ok && never->name; never++)
        if (strstr(buf_text(&settled), never->name))
            ok = error_set(err, ERROR_OTHER, "%s", never->why);
    buf_free(&settled);
    return ok;
}

/* One of its readings. */
static bool check_reading(
    const struct buf *path, const struct path_never *never, struct error *err)
{
    const char *text = buf_text(path);

    if (has_control(path))
        return error_set(
            err, ERROR_OTHER, "the path has a control character in it");
    if (has_dots(text))
        return error_set(err, ERROR_OTHER, "the path has a . or .. in it");
    return !never || (check_names(text, never, false, err) &&
                         check_names(text, never, true, err));
}

static bool check_readings(
    struct buf *path, const struct path_never *never, struct error *err)
{
    for (int round = 0; check_reading(path, never, err); round++) {
        if (!decode(path))
            return utf8_valid(path->data, path->len) == path->len ||
                   error_set(err, ERROR_OTHER,
                       "the path has bytes in it that are not UTF-8");
        if (round == ROUNDS_MOST)
            return error_set(
                err, ERROR_OTHER, "the path is encoded more than once");
    }
    return false;
}

bool path_check(
    const char *path, const struct path_never *never, struct error *err)
{
    struct buf readings = {0};
    bool ok = buf_puts(&readings, path) ? check_readings(&readings, never, err)
                                        : error_memory(err);

    buf_free(&readings);
    return ok;
}

/* Without strspn, which makes a table of its letters each time. */
static bool is_plain(char c)
{
    char small = (char)(c | 0x20);

    return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '-' || c == '/';
}

bool path_is_plain(const char *path)
{
    if (path[0] != '/')
        return false;
    while (is_plain(*path))
        path++;
    return *path == '\0';
}
