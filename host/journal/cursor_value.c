#include "journal/cursor_value.h"

#include "json/json.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 40 }; // bytes of a number as text

bool cursor_value_put(struct buf *out, const struct cursor_value *memo)
{
    size_t start = out->len;

    switch (memo->type) {
    case CURSOR_VALUE_INTEGER:
        return buf_printf(out, "i%lld", (long long)memo->integer);
    case CURSOR_VALUE_FLOAT:
        return buf_printf(out, "f%a", memo->number);
    case CURSOR_VALUE_TEXT:
        break;
    }
    return (buf_putc(out, 's') && buf_add(out, memo->text, memo->len)) ||
           buf_cut(out, start);
}

static bool read_integer(const char *text, int64_t *integer)
{
    char *end;

    errno = 0;
    *integer = strtoll(text, &end, 10);
    return !errno && end != text && !*end;
}

static bool read_float(const char *text, double *number)
{
    char *end;

    *number = strtod(text, &end);
    return end != text && !*end && isfinite(*number);
}

bool cursor_value_read(const char *kept, size_t len, struct cursor_value *memo)
{
    char number[NUMBER_MAX + 1];

    *memo = (struct cursor_value){.type = CURSOR_VALUE_TEXT};
    if (len > 0 && kept[0] == 's') {
        memo->text = kept + 1;
        memo->len = len - 1;
        return true;
    }
    if (len < 2 || len - 1 > NUMBER_MAX || memchr(kept, '\0', len))
        return false;
    snprintf(number, sizeof number, "%.*s", (int)len - 1, kept + 1);
    memo->type = kept[0] == 'i' ? CURSOR_VALUE_INTEGER : CURSOR_VALUE_FLOAT;
    return kept[0] == 'i'   ? read_integer(number, &memo->integer)
           : kept[0] == 'f' ? read_float(number, &memo->number)
                            : false;
}

static bool all_digits(const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return len > 0;
}

/* The way back to what was written has to be one: no 007, no -0. */
static bool is_plain_integer(const char *text, size_t len)
{
    bool minus = len > 0 && text[0] == '-';
    const char *digits = text + minus;

    len -= minus;
    return all_digits(digits, len) && len <= 19 &&
           (digits[0] != '0' || (len == 1 && !minus));
}

struct cursor_value cursor_value_of(const char *text, size_t len)
{
    struct cursor_value memo = {
        .type = CURSOR_VALUE_TEXT, .text = text, .len = len};
    char number[NUMBER_MAX + 1];

    if (!is_plain_integer(text, len))
        return memo;
    snprintf(number, sizeof number, "%.*s", (int)len, text);
    if (read_integer(number, &memo.integer))
        memo.type = CURSOR_VALUE_INTEGER;
    return memo;
}

/* As few digits as give the same double again. */
static bool put_float(struct buf *out, double number)
{
    char text[NUMBER_MAX];

    snprintf(text, sizeof text, "%.15g", number);
    if (strtod(text, NULL) != number)
        snprintf(text, sizeof text, "%.17g", number);
    return buf_printf(out, "%s%s", text, strpbrk(text, ".e") ? "" : ".0");
}

bool cursor_value_show(struct buf *out, const struct cursor_value *memo)
{
    switch (memo->type) {
    case CURSOR_VALUE_INTEGER:
        return json_put_int(out, memo->integer);
    case CURSOR_VALUE_FLOAT:
        return put_float(out, memo->number);
    case CURSOR_VALUE_TEXT:
        break;
    }
    return json_put_string(out, memo->text, memo->len);
}
