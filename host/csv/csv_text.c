#include "csv/csv_text.h"

#include "base/escape.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
    SHOWN_MAX = 40,   // characters of a quoted text
    ESCAPE_MAX = 11,  // the longest of them: \u{10FFFF} and its NUL
    GROUP_DIGITS = 3, // between two separators of thousands
};

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
        size_t n = text[at] ? utf8_next(text + at, len - at) : 0;
        if (n == 0)
            return at;
        at += n;
    }
    return len;
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
static size_t show(const char *text, size_t left, size_t *taken, char *out)
{
    uint32_t point = 0;
    size_t n = utf8_read(text, left, &point);

    *taken = n ? n : 1;
    if (n == 0 || utf8_is_control(point) || text[0] == '\\') {
        *taken = 1;
        return escape((unsigned char)text[0], out);
    }
    if (point > 0x7F && (utf8_is_space(point) || escape_is_odd(point)))
        return (size_t)snprintf(out, ESCAPE_MAX, "\\u{%X}", (unsigned)point);
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
        to += show(text + at, len - at, &taken, to);
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
 * not longer than one. Before one is no zero: "0.123" has another point. */
static bool groups(struct span *s, size_t first, char separator, char **to)
{
    bool zero = first > 0 && (*to)[-(ptrdiff_t)first] == '0';
    bool any = false;

    while (s->at < s->end && *s->at == separator) {
        any = true;
        s->at++;
        if (digits(s, to) != GROUP_DIGITS)
            return false;
    }
    return !any || (first > 0 && first <= GROUP_DIGITS && !zero);
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

static bool only_digits(const char *at, const char *end)
{
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at == end;
}

void csv_text_unguard(const char **text, size_t *len)
{
    const char *at = *text, *end = at + *len;
    bool formula = *len >= 3 && memcmp(at, "=\"", 2) == 0 && end[-1] == '"';
    bool mark = *len >= 2 && *at == '\'';

    if (formula && !memchr(at + 2, '"', *len - 3)) {
        *text += 2;
        *len -= 3;
    } else if (mark && only_digits(at + 1, end)) {
        *text += 1;
        *len -= 1;
    }
}
