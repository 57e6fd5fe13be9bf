/* judge.h: what to do with a release whose item has a row already. Pure. */
#ifndef DELIVERY_JUDGE_H
#define DELIVERY_JUDGE_H

#include "journal/journal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum judgement {
    JUDGE_SEND,     // a further attempt of the row, with an audit note or ""
    JUDGE_ALREADY,  // confirmed with just this: nothing to send
    JUDGE_CONFLICT, // it contradicts what Omnitron has or may have
    JUDGE_REJECTED, // answered from the journal until retry_rejected is over
    JUDGE_UNKNOWN,  // held: a person settles it
    JUDGE_RESTORE,  // back to what was confirmed: more is no longer wanted
};

enum { JUDGE_NOTE_MAX = 700 };

/* `note` (JUDGE_NOTE_MAX bytes) gets the audit note of JUDGE_SEND and
 * JUDGE_RESTORE, or the words of JUDGE_CONFLICT. Times in ms, wall clock. */
enum judgement judge_release(const struct journal_row *row,
    const struct journal_ask *ask, int64_t now_ms, int64_t retry_rejected_ms,
    char *note);

#endif
