#include "base/duration.h"

#include <stddef.h>
#include <string.h>

struct unit {
    const char *name;
    int64_t worth;
};

static const struct unit times[] = {
    {"ms", 1},
    {"s", 1000},
    {"m", 60 * 1000},
    {"h", 60 * 60 * 1000},
    {"d", 24 * 60 * 60 * 1000},
    {"w", 7 * 24 * 60 * 60 * 1000},
    {NULL, 0},
};

static const struct unit sizes[] = {
    {"", 1},
    {"K", 1024},
    {"M", 1024 * 1024},
    {"G", 1024 * 1024 * 1024},
    {NULL, 0},
};

/* Reads the digits that `text` begins with; returns where they end, NULL
 * when there are none or too many. */
static const char *read_digits(const char *text, int64_t *value)
{
    const char *at = text;
    int64_t n = 0;

    for (; *at >= '0' && *at <= '9'; at++)
        if (__builtin_mul_overflow(n, 10, &n) ||
            __builtin_add_overflow(n, *at - '0', &n))
            return NULL;
    *value = n;
    return at > text ? at : NULL;
}

static bool read_amount(
    const char *text, const struct unit *unit, int64_t *amount)
{
    int64_t n, product;
    const char *rest = read_digits(text, &n);

    if (!rest)
        return false;
    while (unit->name && strcmp(unit->name, rest) != 0)
        unit++;
    if (!unit->name || __builtin_mul_overflow(n, unit->worth, &product))
        return false;
    *amount = product;
    return true;
}

bool duration_read(const char *text, int64_t *ms)
{
    return read_amount(text, times, ms);
}

bool duration_read_size(const char *text, int64_t *bytes)
{
    return read_amount(text, sizes, bytes);
}
