/* histogram.h: how long things took: how many, and which time few exceed.
 *
 * A histogram whose classes are a sixteenth of their time wide, so that what
 * is read out of it is 3 % off at most. `struct histogram s = {0}` is an empty
 * one; it owns nothing. */
#ifndef HISTORY_HISTOGRAM_H
#define HISTORY_HISTOGRAM_H

#include <stdint.h>

enum {
    HISTOGRAM_CLASSES = 352
}; // up to 9 hours; what takes longer is one class

struct histogram {
    int64_t count, longest;
    uint32_t classes[HISTOGRAM_CLASSES];
};

void histogram_add(struct histogram *s, int64_t ms);

/* Adds all that `other` has. */
void histogram_merge(struct histogram *s, const struct histogram *other);

/* The milliseconds that `percent` of 100 need at most; -1 when there are
 * none. */
int64_t histogram_at(const struct histogram *s, int percent);

#endif
