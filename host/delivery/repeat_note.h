/* repeat_note.h: what a trial taught, and that it was made, kept beside the
 * journal for doctor: "repeat WHEN_MS ITEM LESSON". The attempts themselves
 * are in the journal. */
#ifndef DELIVERY_REPEAT_NOTE_H
#define DELIVERY_REPEAT_NOTE_H

#include "delivery/repeat.h"

#include <stdint.h>

enum repeat_lesson {
    REPEAT_SAME,    // the same mapping again: to send once more does no harm
    REPEAT_SECOND,  // a second mapping: never send twice
    REPEAT_REFUSED, // the second is refused
    REPEAT_UNCLEAR, // it says nothing for sure, or what it said is lost
    REPEAT_LESSONS  // how many there are
};

/* Of a trial whose second attempt was made. */
enum repeat_lesson repeat_lesson_of(const struct repeat_result *result);

struct repeat_note {
    int64_t at; // wall clock, ms
    int64_t order_item_id;
    enum repeat_lesson lesson;
};

/* Notes it, best effort, if there was a second attempt. */
void repeat_note_write(const char *journal, int64_t now_ms,
    int64_t order_item_id, const struct repeat_result *result);

/* The latest one; where the notes are gone, what the journal still has of it.
 * False: none is known. */
bool repeat_note_read(const char *journal, struct repeat_note *note);

#endif
