/* learned.h: what governor.h learned, kept between runs in the notes beside
 * the journal, best effort: "pace WINDOW
 * PER_SECOND SILENCE_S CALM CARRIES WHEN_MS". */
#ifndef DELIVERY_LEARNED_H
#define DELIVERY_LEARNED_H

#include "delivery/governor.h"

/* What the run before knew, if that was less than a day before `now_ms`;
 * else all 0. `journal` is its path; NULL: there are no notes. */
void learned_read(
    const char *journal, int64_t now_ms, struct governor_learned *learned);

/* In its place. */
void learned_write(const char *journal, int64_t now_ms,
    const struct governor_learned *learned);

#endif
