#include "delivery/retry.h"

#include <string.h>
#include <time.h>

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

static int64_t read_seconds(const char *text)
{
    int64_t seconds = 0;

    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return -1;
        if (seconds <= RETRY_AFTER_MOST_MS)
            seconds = seconds * 10 + (*text - '0');
    }
    return within(seconds * 1000, RETRY_AFTER_MOST_MS);
}

/* The three forms of RFC 9110, 5.6.7, the usual one first. The names are
 * English: this program never sets LC_TIME. */
static int64_t read_date(const char *text, int64_t wall_ms)
{
    static const char *const forms[] = {"%a, %d %b %Y %H:%M:%S GMT",
        "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"};

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct tm tm = {0};
        const char *end = strptime(text, forms[i], &tm);
        if (end && !*end)
            return within(
                (int64_t)timegm(&tm) * 1000 - wall_ms, RETRY_AFTER_MOST_MS);
    }
    return -1;
}

int64_t retry_after_ms(const char *text, size_t len, int64_t wall_ms)
{
    char copy[TEXT_MAX];

    if (len == 0 || len >= sizeof copy || memchr(text, '\0', len))
        return -1;
    memcpy(copy, text, len);
    copy[len] = '\0';
    int64_t seconds = read_seconds(copy);
    return seconds >= 0 ? seconds : read_date(copy, wall_ms);
}
