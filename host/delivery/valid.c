#include "delivery/valid.h"

#include "base/escape.h"
#include "base/utf8.h"
#include "delivery/ruin.h"
#include "journal/journal.h"

#include <string.h>

enum { SHOWN_MAX = 60 }; // bytes of a text in a message

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* For a message: one line, whatever the text has in it. */
static const char *show(const char *text, size_t len, char out[SHOWN_MAX + 1])
{
    uint32_t point = 0;
    size_t at = 0;

    for (size_t i = 0, n; i < len; i += n ? n : 1) {
        n = utf8_read(text + i, len - i, &point);
        bool bad = n == 0 || escape_is_odd(point);
        size_t wide = bad ? 1 : n;
        if (at + wide > SHOWN_MAX)
            break;
        memcpy(out + at, bad ? "?" : text + i, wide);
        at += wide;
    }
    out[at] = '\0';
    return out;
}

/* What is wrong with it, NULL: nothing. */
static const char *item_fault(
    const char *text, size_t len, char words[RUIN_WORDS_MAX])
{
    if (len == 0)
        return "is empty";
    for (size_t i = 0; i < len; i++)
        if (!is_digit(text[i]))
            return ruin_look(text, len, words) == RUIN_SURE
                       ? words
                       : "is not a whole number in plain digits";
    if (text[0] == '0')
        return len == 1 ? "is 0" : "has a leading zero";
    if (len > 19 || (len == 19 && memcmp(text, "9223372036854775807", 19) > 0))
        return "is larger than 64 bits";
    return NULL;
}

bool valid_item_text(
    const char *text, size_t len, int64_t *item, struct error *err)
{
    char words[RUIN_WORDS_MAX], shown[SHOWN_MAX + 1];
    const char *fault = item_fault(text, len, words);

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
        if (i == 0 && utf8_is_space(point))
            return "begins with white space: cut it off in the rule";
    }
    return utf8_is_space(point)
               ? "ends with white space: cut it off in the rule"
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
    char words[RUIN_WORDS_MAX];
    if (!fault && ruin_look(code, len, words) == RUIN_SURE)
        fault = words;
    return !fault || error_set(err, ERROR_USAGE, "the code \"%s\" %s",
                         show(code, len, shown), fault);
}
