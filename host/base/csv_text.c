#include "base/csv_text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
    SHOWN_MAX = 40,   // characters of a quoted text
    ESCAPE_MAX = 5,   // the longest of them: \x1B and its NUL
    GROUP_DIGITS = 3, // between two separators of thousands
};

/* Lead bytes of UTF-8, with the range of the byte that follows: this is where
 * overlong forms, surrogates and what lies beyond U+10FFFF show. (Unicode,
 * table 3-7, "Well-Formed UTF-8 Byte Sequences".) */
static const struct form {
    unsigned char first, last; // of the lead byte
    unsigned char low, high;   // of the second byte
    unsigned char len;
} forms[] = {
    {0x01, 0x7F, 0, 0, 1},
    {0xC2, 0xDF, 0x80, 0xBF, 2},
    {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3},
    {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4},
    {0xF1, 0xF3, 0x80, 0xBF, 4},
    {0xF4, 0xF4, 0x80, 0x8F, 4},
};

static const struct form *form_of(unsigned char lead)
{
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (lead >= forms[i].first && lead <= forms[i].last)
            return &forms[i];
    }
    return NULL;
}

/* The length of the character at `text`, 0 when it is not one. */
static size_t character(const unsigned char *text, size_t left)
{
    const struct form *form = form_of(text[0]);

    if (!form || left < form->len)
        return 0;
    if (form->len > 1 && (text[1] < form->low || text[1] > form->high))
        return 0;
    for (size_t i = 2; i < form->len; i++) {
        if (text[i] < 0x80 || text[i] > 0xBF)
            return 0;
    }
    return form->len;
}

/* Eight bytes at once: true when each is ASCII and none is NUL. A borrow can
 * only make a word look worse than it is. */
static bool plain_word(const char *text)
{
    const uint64_t tops = UINT64_C(0x8080808080808080);
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t word;

    memcpy(&word, text, sizeof(word));
    return ((word | (word - ones)) & tops) == 0;
}

bool csv_text_plain(const char *text, size_t len)
{
    size_t at = 0;

    for (; len - at >= 8; at += 8) {
        if (!plain_word(text + at))
            return false;
    }
    for (; at < len; at++) {
        if ((unsigned char)text[at] - 1U >= 0x7F)
            return false;
    }
    return true;
}

size_t csv_text_bad(const char *text, size_t len)
{
    size_t at = 0;

    while (at < len) {
        if (len - at >= 8 && plain_word(text + at)) {
            at += 8;
            continue;
        }
        size_t n = character((const unsigned char *)text + at, len - at);
        if (n == 0)
            return at;
        at += n;
    }
    return len;
}

/* Control characters, also those of U+0080 to U+009F. */
static bool is_control(const unsigned char *c, size_t n)
{
    return n == 1 ? c[0] < 0x20 || c[0] == 0x7F
                  : n == 2 && c[0] == 0xC2 && c[1] < 0xA0;
}

static size_t escape(unsigned char c, char out[ESCAPE_MAX])
{
    static const char names[] = "\tt\nn\rr\\\\";
    const char *name = c ? strchr(names, c) : NULL;

    if (name && (name - names) % 2 == 0)
        return (size_t)snprintf(out, ESCAPE_MAX, "\\%c", name[1]);
    return (size_t)snprintf(out, ESCAPE_MAX, "\\x%02X", c);
}

/* One character of a quoted text; what is not printable byte by byte. */
static size_t show(
    const unsigned char *text, size_t left, size_t *taken, char *out)
{
    size_t n = character(text, left);

    *taken = n ? n : 1;
    if (n == 0 || is_control(text, n) || text[0] == '\\') {
        *taken = 1;
        return escape(text[0], out);
    }
    memcpy(out, text, n);
    return n;
}

const char *csv_text_quote(const char *text, size_t len, char mark, char *out)
{
    char *to = out;
    size_t at = 0;

    *to++ = mark;
    for (int n = 0; at < len && n < SHOWN_MAX; n++) {
        size_t taken;
        to += show((const unsigned char *)text + at, len - at, &taken, to);
        at += taken;
    }
    if (at < len) {
        memcpy(to, "…", strlen("…"));
        to += strlen("…");
    }
    *to++ = mark;
    *to = '\0';
    return out;
}

struct span {
    const char *at, *end;
};

static struct span trimmed(const char *text, size_t len)
{
    struct span s = {text, text + len};

    while (s.at < s.end && (*s.at == ' ' || *s.at == '\t'))
        s.at++;
    while (s.at < s.end && (s.end[-1] == ' ' || s.end[-1] == '\t'))
        s.end--;
    return s;
}

static size_t digits(struct span *s, char **to)
{
    size_t n = 0;

    while (s->at < s->end && *s->at >= '0' && *s->at <= '9') {
        *(*to)++ = *s->at++;
        n++;
    }
    return n;
}

/* "1.234.567" after its first digits: each group is whole, and the first is
 * not longer than one. */
static bool groups(struct span *s, size_t first, char separator, char **to)
{
    bool any = false;

    while (s->at < s->end && *s->at == separator) {
        any = true;
        s->at++;
        if (digits(s, to) != GROUP_DIGITS)
            return false;
    }
    return !any || (first > 0 && first <= GROUP_DIGITS);
}

bool csv_text_number(const char *text, size_t len, char point, char *out)
{
    struct span s = trimmed(text, len);
    char *to = out;

    if (s.end - s.at >= CSV_TEXT_NUMBER_MAX)
        return false;
    if (s.at < s.end && (*s.at == '-' || *s.at == '+')) {
        if (*s.at++ == '-')
            *to++ = '-';
    }
    size_t whole = digits(&s, &to);
    if (!groups(&s, whole, point == ',' ? '.' : ',', &to))
        return false;
    if (s.at < s.end && *s.at == point) {
        s.at++;
        *to++ = '.';
        whole = digits(&s, &to);
    }
    *to = '\0';
    return s.at == s.end && whole > 0;
}
