#include "delivery/valid.h"

#include "base/utf8.h"
#include "journal/journal.h"

#include <string.h>

enum { SHOWN_MAX = 60 }; // bytes of a text in a message

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Unicode's White_Space, which is what a host that trims takes off. */
static bool is_space(uint32_t point)
{
    static const uint32_t spaces[] = {
        0x20, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff};

    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
        if (point == spaces[i])
            return true;
    return point >= 0x2000 && point <= 0x200b;
}

/* For a message: one line, whatever the text has in it. */
static const char *show(const char *text, size_t len, char out[SHOWN_MAX + 1])
{
    uint32_t point = 0;
    size_t at = 0;

    for (size_t i = 0, n; i < len; i += n ? n : 1) {
        n = utf8_read(text + i, len - i, &point);
        bool bad = n == 0 || utf8_is_control(point);
        size_t wide = bad ? 1 : n;
        if (at + wide > SHOWN_MAX)
            break;
        memcpy(out + at, bad ? "?" : text + i, wide);
        at += wide;
    }
    out[at] = '\0';
    return out;
}

/* Matches \d[.,]\d+E\+\d+ at `p`; the number of bytes, or 0. */
static size_t ruined_number(const char *p, const char *end)
{
    const char *at = p;

    if (end - at < 6 || !is_digit(at[0]) || (at[1] != '.' && at[1] != ','))
        return 0;
    at += 2;
    const char *fraction = at;
    while (at < end && is_digit(*at))
        at++;
    if (at == fraction || end - at < 3 || at[0] != 'E' || at[1] != '+')
        return 0;
    at += 2;
    const char *exponent = at;
    while (at < end && is_digit(*at))
        at++;
    return at == exponent ? 0 : (size_t)(at - p);
}

/* A spreadsheet that took the column for numbers wrote 1,23E+11: many codes
 * have become one. */
static bool is_ruined(const char *code, size_t len)
{
    const char *end = code + len;

    for (const char *p = code; p < end; p++) {
        if (p > code && is_alnum(p[-1]))
            continue;
        size_t n = ruined_number(p, end);
        if (n && (p + n == end || !is_alnum(p[n])))
            return true;
    }
    return false;
}

/* What is wrong with it, NULL: nothing. */
static const char *item_fault(const char *text, size_t len)
{
    if (len == 0)
        return "is empty";
    if (is_ruined(text, len))
        return "was ruined by a spreadsheet. Export that column as text";
    for (size_t i = 0; i < len; i++)
        if (!is_digit(text[i]))
            return "is not a whole number in plain digits";
    if (text[0] == '0')
        return len == 1 ? "is 0" : "has a leading zero";
    if (len > 19 || (len == 19 && memcmp(text, "9223372036854775807", 19) > 0))
        return "is larger than 64 bits";
    return NULL;
}

bool valid_item_text(
    const char *text, size_t len, int64_t *item, struct error *err)
{
    const char *fault = item_fault(text, len);
    char shown[SHOWN_MAX + 1];

    if (fault)
        return error_set(err, ERROR_USAGE, "order_item_id \"%s\" %s",
            show(text, len, shown), fault);
    *item = 0;
    for (size_t i = 0; i < len; i++)
        *item = *item * 10 + (text[i] - '0');
    return true;
}

static const char *text_fault(const char *code, size_t len)
{
    uint32_t point = 0;

    for (size_t i = 0, n; i < len; i += n) {
        n = utf8_read(code + i, len - i, &point);
        if (n == 0)
            return "is not UTF-8";
        if (utf8_is_control(point))
            return "has a control character";
        if (i == 0 && is_space(point))
            return "begins with white space: cut it off in the rule";
    }
    return is_space(point) ? "ends with white space: cut it off in the rule"
                           : NULL;
}

bool valid_code(const char *code, size_t len, struct error *err)
{
    char shown[SHOWN_MAX + 1];

    if (len == 0)
        return error_set(err, ERROR_USAGE, "the code is empty");
    if (len > JOURNAL_CODE_MAX)
        return error_set(err, ERROR_USAGE,
            "the code \"%s…\" has %zu bytes; %d is the most",
            show(code, len, shown), len, JOURNAL_CODE_MAX);
    const char *fault = text_fault(code, len);
    if (fault)
        return error_set(err, ERROR_USAGE, "the code \"%s\" %s",
            show(code, len, shown), fault);
    if (is_ruined(code, len))
        return error_set(err, ERROR_USAGE,
            "the code \"%s\" was ruined by a spreadsheet. Export that "
            "column as text",
            show(code, len, shown));
    return true;
}
