#include "mock/field.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char required[] = "This field is required.";
static const char null[] = "This field may not be null.";

enum { MAX_LENGTH = 255 };

static bool is_utf8_tail(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t characters(const char *text, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += !is_utf8_tail(text[i]);
    return count;
}

/* The character that `len` bytes of valid UTF-8 begin with. */
static uint32_t decode(const char *text, size_t len)
{
    unsigned char lead = (unsigned char)text[0];
    uint32_t c = lead < 0x80 ? lead : lead & (lead >= 0xe0 ? 0x0f : 0x1f);

    for (size_t i = 1; i < len && is_utf8_tail(text[i]); i++)
        c = c << 6 | ((unsigned char)text[i] & 0x3f);
    return c;
}

/* str.isspace(): all that str.strip() takes off. */
static bool is_space(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } spaces[] = {
        {0x09, 0x0d}, {0x1c, 0x20}, {0x85, 0x85}, {0xa0, 0xa0},
        {0x1680, 0x1680}, {0x2000, 0x200a}, {0x2028, 0x2029},
        {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000},
    };

    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++)
        if (c >= spaces[i].first && c <= spaces[i].last)
            return true;
    return false;
}

static size_t first_length(const char *text, size_t len)
{
    size_t n = 1;

    while (n < len && is_utf8_tail(text[n]))
        n++;
    return n;
}

static size_t last_length(const char *text, size_t len)
{
    size_t n = 1;

    while (n < len && is_utf8_tail(text[len - n]))
        n++;
    return n;
}

struct field_slice field_strip(const char *text, size_t len)
{
    size_t n;

    while (len > 0) {
        n = first_length(text, len);
        if (!is_space(decode(text, n)))
            break;
        text += n;
        len -= n;
    }
    while (len > 0) {
        n = last_length(text, len);
        if (!is_space(decode(text + len - n, n)))
            break;
        len -= n;
    }
    return (struct field_slice){text, len};
}
