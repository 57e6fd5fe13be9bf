#include "json/json_escape.h"

#include "base/ascii.h"

#include <string.h>

static const char escapes[] = "\"\\/bfnrt";
static const char escaped[] = "\"\\/\b\f\n\r\t";

enum { UNIT = 6 }; // bytes of \u20AC

/* The four digits of a \u escape that begins at `text`; -1 when it is none. */
static int escape_unit(const char *text, size_t len)
{
    int unit = 0;

    if (len < UNIT || text[0] != '\\' || text[1] != 'u')
        return -1;
    for (int i = 2; i < UNIT; i++) {
        int digit = ascii_hex(text[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static bool is_high(int unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low(int unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

static size_t unicode_length(
    const char *text, size_t len, const char **why, int *half)
{
    int unit = escape_unit(text, len);

    if (unit < 0) {
        *why = "\\u needs four hexadecimal digits";
        return 0;
    }
    if (!is_high(unit) && !is_low(unit))
        return UNIT;
    if (is_high(unit) && len >= 2 * UNIT &&
        is_low(escape_unit(text + UNIT, len - UNIT)))
        return 2 * UNIT;
    *half = unit;
    return 0;
}

size_t json_escape_length(
    const char *text, size_t len, const char **why, int *half)
{
    char c = len > 1 ? text[1] : '\0';

    *half = -1;
    if (c == 'u')
        return unicode_length(text, len, why, half);
    if (c != '\0' && strchr(escapes, c))
        return 2;
    *why = "an escape that JSON does not know";
    return 0;
}

size_t json_escape_read(const char **p, const char *end, char out[UTF8_MAX])
{
    const char *at = *p;

    if (at[1] != 'u') {
        const char *row = strchr(escapes, at[1]);
        out[0] = row ? escaped[row - escapes] : at[1];
        *p += 2;
        return 1;
    }
    int unit = escape_unit(at, (size_t)(end - at));
    if (!is_high(unit)) {
        *p += UNIT;
        return utf8_write((uint32_t)unit, out);
    }
    int low = escape_unit(at + UNIT, (size_t)(end - at - UNIT));
    *p += 2 * UNIT;
    return utf8_write(
        0x10000U + ((unsigned)(unit - 0xD800) << 10) + (unsigned)(low - 0xDC00),
        out);
}
