/* repeat_note.h: what a trial taught, and that it was made, kept beside the
 * journal for doctor: "repeat WHEN_MS ITEM LESSON". The attempts themselves
 * are in the journal. */
#ifndef DELIVERY_REPEAT_NOTE_H
#define DELIVERY_REPEAT_NOTE_H

#include "delivery/repeat.h"

#include <stdint.h>

enum trial_lesson {
    TRIAL_SAME,    // the same mapping again: to send once more does no harm
    TRIAL_SECOND,  // a second mapping: never send twice
    TRIAL_REFUSED, // the second is refused
    TRIAL_UNCLEAR, // it says nothing for sure, or what it said is lost
    TRIAL_LESSONS  // how many there are
};

/* Of a trial whose second attempt was made. */
enum trial_lesson trial_lesson_of(const struct trial_result *result);

struct trial_note {
    int64_t at; // wall clock, ms
    int64_t order_item_id;
    enum trial_lesson lesson;
};

/* Notes it, best effort, if there was a second attempt. */
void trial_note_write(const char *journal, int64_t now_ms,
    int64_t order_item_id, const struct trial_result *result);

/* The latest one; where the notes are gone, what the journal still has of it.
 * False: none is known. */
bool trial_note_read(const char *journal, struct trial_note *note);

#endif
