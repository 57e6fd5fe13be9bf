/* pace.h: when the next request may start: the profile's per_second, a pace
 * that governor.h found, and what a Retry-After asked for. Pure; times in µs,
 * monotonic.
 *
 * A bucket that holds one token and a little: a start that comes late by up
 * to PACE_LATE_US, as clocks and disks have it, is made up for; a pause is
 * not. */
#ifndef DELIVERY_PACE_H
#define DELIVERY_PACE_H

#include <stdbool.h>
#include <stdint.h>

enum { PACE_LATE_US = 20000 };

struct pace {
    int64_t least_gap_us; // the profile's
    int64_t gap_us;       // between two starts, 0: none
    int64_t next_us;      // nothing starts before
};

/* `per_second` 0: as many as go. */
void pace_init(struct pace *pace, double per_second);

/* From now on at least so far apart; never less than the profile's. */
void pace_space(struct pace *pace, int64_t gap_us);

/* Whether one may start now; who starts it says so by pace_started. */
bool pace_may_start(const struct pace *pace, int64_t now_us);
void pace_started(struct pace *pace, int64_t now_us);

/* Nothing starts before `until_us`. */
void pace_hold(struct pace *pace, int64_t until_us);

#endif
