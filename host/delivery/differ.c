#include "delivery/differ.h"

#include "base/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { MARKS_SHOWN = 2, POINTS_MAX = 40 };

static bool is_mark(uint32_t point)
{
    return point >= 0x300 && point <= 0x36F;
}

/* The character at the start, and the marks that are put on it. */
static const char *points(const char *text, char out[POINTS_MAX])
{
    uint32_t point = 0;
    size_t n = utf8_read(text, strlen(text), &point);
    size_t len = (size_t)snprintf(
        out, POINTS_MAX, *text ? "U+%04X" : "its end", (unsigned)point);

    for (int i = 0; *text && i < MARKS_SHOWN; i++) {
        text += n;
        n = utf8_read(text, strlen(text), &point);
        if (n == 0 || !is_mark(point))
            break;
        len += (size_t)snprintf(
            out + len, POINTS_MAX - len, " U+%04X", (unsigned)point);
    }
    return out;
}

const char *differ_words(const char *that, const char *one, char *out)
{
    char first[POINTS_MAX], second[POINTS_MAX];
    size_t at = 0, number = 1;

    out[0] = '\0';
    while (that[at] && that[at] == one[at])
        at++;
    while (at > 0 && (utf8_is_tail(that[at]) || utf8_is_tail(one[at])))
        at--;
    if (!((unsigned char)that[at] > 0x7F || (unsigned char)one[at] > 0x7F))
        return out;
    for (size_t i = 0; i < at; i++)
        number += !utf8_is_tail(that[i + 1]);
    snprintf(out, DIFFER_MAX, "; at character %zu that is %s, this %s", number,
        points(that + at, first), points(one + at, second));
    return out;
}
