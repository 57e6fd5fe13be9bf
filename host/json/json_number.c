#include "json/json.h"

#include <stdio.h>
#include <stdlib.h>

bool json_integer(const struct json_value *value, int64_t *out)
{
    if (value->type != JSON_NUMBER)
        return false;
    bool negative = value->text[0] == '-';
    int64_t sum = 0;
    for (size_t i = negative; i < value->len; i++) {
        int digit = value->text[i] - '0';
        if (digit < 0 || digit > 9 || __builtin_mul_overflow(sum, 10, &sum) ||
            __builtin_sub_overflow(sum, digit, &sum))
            return false;
    }
    if (!negative && sum == INT64_MIN)
        return false;
    *out = negative ? sum : -sum;
    return true;
}

/* A number as its significant digits and a power of ten. 767 digits decide
 * how any decimal rounds to a double (no halfway point has more); of those
 * behind, only whether one is not zero. */
struct decimal {
    char digits[800]; // then a possible sticky digit
    int n;
    bool sticky;
    long long exponent;
};

enum { DECIMAL_DIGITS = 770, EXPONENT_CAP = 1000000000 };

static void decimal_digit(struct decimal *d, char c, bool fraction)
{
    bool kept = d->n < DECIMAL_DIGITS && (d->n > 0 || c != '0');

    if (kept)
        d->digits[d->n++] = c;
    else if (d->n > 0 && c != '0')
        d->sticky = true;
    bool counted = kept || d->n == 0;
    if (fraction && counted)
        d->exponent--;
    else if (!fraction && !counted)
        d->exponent++;
}

static long long read_exponent(const char *p, const char *end)
{
    bool negative = *p == '-';
    long long sum = 0;

    if (*p == '-' || *p == '+')
        p++;
    for (; p < end; p++)
        if (sum < EXPONENT_CAP)
            sum = sum * 10 + (*p - '0');
    return negative ? -sum : sum;
}

static double decimal_value(struct decimal *d)
{
    char text[DECIMAL_DIGITS + 40];

    if (d->sticky) {
        d->digits[d->n++] = '1';
        d->exponent--;
    }
    snprintf(text, sizeof text, "%.*se%lld", d->n, d->digits, d->exponent);
    return d->n ? strtod(text, NULL) : 0.0;
}

bool json_double(const struct json_value *value, double *out)
{
    struct decimal d = {.n = 0};
    bool fraction = false;

    if (value->type != JSON_NUMBER)
        return false;
    const char *p = value->text, *end = p + value->len;
    bool negative = *p == '-';
    for (p += negative; p < end && *p != 'e' && *p != 'E'; p++) {
        if (*p == '.')
            fraction = true;
        else
            decimal_digit(&d, *p, fraction);
    }
    if (p < end)
        d.exponent += read_exponent(p + 1, end);
    double size = decimal_value(&d);
    if (__builtin_isinf(size))
        return false;
    *out = negative ? -size : size;
    return true;
}
