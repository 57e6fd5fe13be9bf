/* histogram.h: how long things took: how many, and which time few exceed.
 *
 * A histogram whose classes are a sixteenth of their time wide, so that what
 * is read out of it is 3 % off at most. `struct spread s = {0}` is an empty
 * one; it owns nothing. */
#ifndef HISTORY_HISTOGRAM_H
#define HISTORY_HISTOGRAM_H

#include <stdint.h>

enum { SPREAD_CLASSES = 352 }; // up to 9 hours; what takes longer is one class

struct spread {
    int64_t count, longest;
    uint32_t classes[SPREAD_CLASSES];
};

void spread_add(struct spread *s, int64_t ms);

/* Adds all that `other` has. */
void spread_merge(struct spread *s, const struct spread *other);

/* The milliseconds that `percent` of 100 need at most; -1 when there are
 * none. */
int64_t spread_at(const struct spread *s, int percent);

#endif
