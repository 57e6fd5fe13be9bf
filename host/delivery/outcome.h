/* outcome.h: what one attempt came to. Pure: a table read from the top, the
 * first row that fits wins. */
#ifndef DELIVERY_OUTCOME_H
#define DELIVERY_OUTCOME_H

#include <stdbool.h>

enum outcome {
    OUTCOME_NOT_SENT,  // the request was never let past the gate
    OUTCOME_APPLIED,   // echoed: Omnitron has it
    OUTCOME_REFUSED,   // a definite no
    OUTCOME_NO_LOGIN,  // 401, 407: not applied
    OUTCOME_THROTTLED, // 429: not applied
    OUTCOME_NOT_DONE,  // the profile says this status means not applied
    OUTCOME_UNKNOWN,   // it may have been applied
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

#endif
