#include "delivery/retry.h"

#include <string.h>
#include <time.h>

#define DIGITS "0123456789"

enum { TEXT_MAX = 64 };

static int64_t within(int64_t ms, int64_t most)
{
    return ms < 0 ? 0 : ms > most ? most : ms;
}

int64_t retry_delay_ms(int tries, double draw, int64_t after_ms)
{
    int64_t most = RETRY_FIRST_MS;

    for (int i = 1; i < tries && most < RETRY_MOST_MS; i++)
        most *= 2;
    int64_t delay = (int64_t)(draw * (double)within(most, RETRY_MOST_MS));
    int64_t asked = within(after_ms, RETRY_AFTER_MOST_MS);
    return delay > asked ? delay : asked;
}

/* "2", and "2.0" or "1.5" of a server that reckons in floats, with what is
 * behind it in *end; -1: no such number. A part of a second is a whole one. */
static int64_t read_seconds(const char *text, const char **end)
{
    int64_t seconds = 0;
    size_t digits = strspn(text, DIGITS), part = 0;

    for (size_t i = 0; i < digits && seconds <= RETRY_AFTER_MOST_MS; i++)
        seconds = seconds * 10 + (text[i] - '0');
    *end = text + digits;
    if (digits && **end == '.' && (part = strspn(*end + 1, DIGITS)) > 0) {
        seconds += strspn(*end + 1, "0") < part;
        *end += 1 + part;
    }
    return digits ? within(seconds * 1000, RETRY_AFTER_MOST_MS) : -1;
}

/* The three forms of RFC 9110, 5.6.7, the usual one first, and its zone as
 * mail writes it. The names are English: this program never sets
 * LC_TIME. */
static int64_t read_date(const char *text, int64_t wall_ms, const char **end)
{
    static const char *const forms[] = {"%a, %d %b %Y %H:%M:%S GMT",
        "%A, %d-%b-%y %H:%M:%S GMT", "%a, %d %b %Y %H:%M:%S UTC",
        "%a, %d %b %Y %H:%M:%S +0000", "%a, %d %b %Y %H:%M:%S -0000",
        "%a %b %e %H:%M:%S %Y"};

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct tm tm = {0};
        *end = strptime(text, forms[i], &tm);
        if (*end)
            return within(
                (int64_t)timegm(&tm) * 1000 - wall_ms, RETRY_AFTER_MOST_MS);
    }
    return -1;
}

/* A header that came twice is one with a comma between, and so are the parts
 * of a date: the longest time of a list, none if one of it cannot be read. */
static int64_t read_list(const char *text, int64_t wall_ms)
{
    int64_t longest = 0;

    for (;;) {
        const char *end;
        int64_t ms = read_seconds(text, &end);
        if (ms < 0 || (*end && *end != ' ' && *end != ','))
            ms = read_date(text, wall_ms, &end);
        if (ms < 0)
            return -1;
        longest = ms > longest ? ms : longest;
        text = end + strspn(end, " \t");
        if (!*text)
            return longest;
        if (*text++ != ',')
            return -1;
        text += strspn(text, " \t");
    }
}

int64_t retry_after_ms(const char *text, size_t len, int64_t wall_ms)
{
    char copy[TEXT_MAX];

    if (len == 0 || len >= sizeof copy || memchr(text, '\0', len))
        return -1;
    memcpy(copy, text, len);
    copy[len] = '\0';
    return read_list(copy, wall_ms);
}
