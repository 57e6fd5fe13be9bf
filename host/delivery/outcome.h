/* outcome.h: what one attempt came to, and what that makes of its row. Pure:
 * a table read from the top, the first row that fits wins. */
#ifndef DELIVERY_OUTCOME_H
#define DELIVERY_OUTCOME_H

#include "journal/journal.h"

#include <stdbool.h>

enum outcome {
    OUTCOME_NOT_SENT,  // the request was never let past the gate
    OUTCOME_APPLIED,   // echoed: Omnitron has it
    OUTCOME_REFUSED,   // a definite no
    OUTCOME_NO_LOGIN,  // 401, 407: not applied
    OUTCOME_THROTTLED, // 429: not applied
    OUTCOME_NOT_DONE,  // the profile says this status means not applied
    OUTCOME_UNKNOWN,   // it may have been applied
    OUTCOMES
};

/* "not sent", "applied" …: the words in the journal. */
const char *outcome_name(enum outcome outcome);

struct outcome_seen {
    bool sent;     // past the gate; the only safe witness of "not sent"
    int curl;      // CURLcode, 0: none
    bool complete; // libcurl content, headers ended, body within its cap
    int status;
    bool echoed;          // reply_echoes
    const bool *not_done; // the profile's, by status below 600; or NULL
};

/* *why (static) says which row of the table it was. */
enum outcome outcome_judge(const struct outcome_seen *seen, const char **why);

/* What was known of the row before the attempt. */
struct outcome_before {
    bool doubted;      // an earlier attempt is unknown, and nobody settled it
    int applied_stock; // -1, or the update_stock that is confirmed already
    bool update_stock; // that the attempt asked for
};

/* The row from now on; *update_stock too. Once in doubt, only what was
 * applied changes the state. */
enum journal_state outcome_state(enum outcome outcome,
    const struct outcome_before *before, bool *update_stock);

/* Whether a complete reply with this status is a definite no. */
bool outcome_refuses(int status);

/* Whether the attempt may be made again in the same run. */
bool outcome_may_retry(enum outcome outcome);

#endif
