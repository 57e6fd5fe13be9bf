/* why_event.h: what happened, in the order of time, for people. */
#ifndef INSPECT_WHY_EVENT_H
#define INSPECT_WHY_EVENT_H

#include "base/buf.h"

#include <stdint.h>

enum { WHY_LABEL_MAX = 24, WHY_WORD_MAX = 16 };

struct why_event {
    int64_t at;                // wall clock, ms
    char label[WHY_LABEL_MAX]; // "run 118", or who
    char word[WHY_WORD_MAX];   // "rejected"
    size_t text;               // where its text is in `texts`
};

/* Adds an event to `events`, and its text with a NUL to `texts`. */
bool why_event_add(struct buf *events, struct buf *texts, int64_t at,
    const char *label, const char *word, const char *text);

/* Sorts them by time and adds a line for each, with a line for the day where
 * it is not today. False: no memory. */
bool why_event_put(
    struct buf *events, const struct buf *texts, struct buf *out);

#endif
