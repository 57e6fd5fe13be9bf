/* retry.h: how long a release waits before it is tried again. Pure. */
#ifndef DELIVERY_RETRY_H
#define DELIVERY_RETRY_H

#include <stddef.h>
#include <stdint.h>

enum {
    RETRY_FIRST_MS = 500,        // at most, before the second try
    RETRY_MOST_MS = 60000,       // at most, before any
    RETRY_AFTER_MOST_MS = 300000 // of what a server may ask for
};

/* Full jitter: `draw` (0 to below 1) of the first wait doubled with each of
 * the `tries` already made, and at least `after_ms` (negative: not asked). */
int64_t retry_delay_ms(int tries, double draw, int64_t after_ms);

/* A Retry-After header as ms from `wall_ms`; capped. It is seconds, with a part
 * perhaps ("2.0"), or a date; of several, parted by commas, the longest.
 * -1: it is neither. */
int64_t retry_after_ms(const char *text, size_t len, int64_t wall_ms);

#endif
