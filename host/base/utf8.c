#include "base/utf8.h"

/* By the first byte. What the second may be is where overlong forms,
 * surrogates and what lies beyond U+10FFFF show. */
static const struct form {
    unsigned char first, last; // of the first byte
    unsigned char low, high;   // of the second byte
    unsigned char len;
} forms[] = {
    {0x00, 0x7F, 0, 0, 1},
    {0xC2, 0xDF, 0x80, 0xBF, 2},
    {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3},
    {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4},
    {0xF1, 0xF3, 0x80, 0xBF, 4},
    {0xF4, 0xF4, 0x80, 0x8F, 4},
};

static const struct form *form_of(unsigned char first)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (first >= forms[i].first && first <= forms[i].last)
            return &forms[i];
    return NULL;
}

bool utf8_is_tail(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

bool utf8_is_control(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point <= 0x9F);
}

size_t utf8_next(const char *text, size_t len)
{
    const unsigned char *s = (const unsigned char *)text;
    const struct form *form = len ? form_of(s[0]) : NULL;

    if (!form || len < form->len)
        return 0;
    if (form->len > 1 && (s[1] < form->low || s[1] > form->high))
        return 0;
    for (size_t i = 2; i < form->len; i++)
        if (!utf8_is_tail(text[i]))
            return 0;
    return form->len;
}

size_t utf8_read(const char *text, size_t len, uint32_t *point)
{
    size_t n = utf8_next(text, len);

    if (n == 0)
        return 0;
    *point = (unsigned char)text[0] & (n == 1 ? 0x7FU : 0xFFU >> (n + 1));
    for (size_t i = 1; i < n; i++)
        *point = *point << 6 | ((unsigned char)text[i] & 0x3FU);
    return n;
}

size_t utf8_write(uint32_t point, char out[UTF8_MAX])
{
    static const unsigned char first[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t n = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (point & 0x3F));
        point >>= 6;
    }
    out[0] = (char)(first[n] | point);
    return n;
}

size_t utf8_valid(const char *text, size_t len)
{
    size_t at = 0;

    while (at < len) {
        bool ascii = (unsigned char)text[at] < 0x80;
        size_t n = ascii ? 1 : utf8_next(text + at, len - at);
        if (n == 0)
            break;
        at += n;
    }
    return at;
}

void utf8_mend(char *text, size_t len)
{
    for (size_t at = utf8_valid(text, len); at < len;
         at += utf8_valid(text + at, len - at))
        text[at++] = '?';
}

size_t utf8_count(const char *text, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += !utf8_is_tail(text[i]);
    return count;
}

size_t utf8_cut(const char *text, size_t len, size_t max)
{
    size_t end = max;

    if (len <= max)
        return len;
    while (end > 0 && max - end < UTF8_MAX - 1 && utf8_is_tail(text[end]))
        end--;
    return utf8_is_tail(text[end]) ? max : end;
}

bool utf8_is_space(uint32_t point)
{
    static const uint32_t spaces[] = {
        0x20, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000};

    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
        if (point == spaces[i])
            return true;
    return point >= 0x2000 && point <= 0x200a;
}
