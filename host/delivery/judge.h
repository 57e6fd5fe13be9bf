/* judge.h: what to do with a release whose item has a row already. Pure. */
#ifndef DELIVERY_JUDGE_H
#define DELIVERY_JUDGE_H

#include "journal/journal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum judgement {
    JUDGE_SEND,     // a further attempt of the row, with an audit note or ""
    JUDGE_RESEND,   // the same, of one that may have been applied: once
    JUDGE_ALREADY,  // confirmed with just this: nothing to send
    JUDGE_CONFLICT, // it contradicts what Omnitron has or may have
    JUDGE_REJECTED, // answered from the journal until retry_rejected is over
    JUDGE_UNKNOWN,  // held: a person settles it
    JUDGE_RESTORE,  // back to what was confirmed: more is no longer wanted
};

enum { JUDGE_NOTE_MAX = 700 };

struct judge_rules {
    int64_t retry_rejected_ms;
    bool resend; // the profile's when_unknown
    int64_t run; // this one: what it left unknown itself is never resent
};

/* The audit note of a resend. */
extern const char judge_resend_note[];

/* `note` (JUDGE_NOTE_MAX bytes) gets the audit note of JUDGE_SEND,
 * JUDGE_RESEND and JUDGE_RESTORE, or the words of JUDGE_CONFLICT. `now_ms`
 * is wall clock: a refusal that lies further in the future than
 * retry_rejected is of a clock that was wrong, and is over. */
enum judgement judge_release(const struct journal_row *row,
    const struct journal_ask *ask, int64_t now_ms,
    const struct judge_rules *rules, char *note);

#endif
