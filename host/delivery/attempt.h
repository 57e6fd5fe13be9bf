/* attempt.h: from a reply to what the journal keeps of the attempt and what
 * the script is told. */
#ifndef DELIVERY_ATTEMPT_H
#define DELIVERY_ATTEMPT_H

#include "delivery/outcome.h"
#include "delivery/release.h"

/* What the attempt came to, by the profile's `not_done`; the release's words
 * and mapping are then those of the reply. *why is static. */
enum outcome attempt_judge(struct release *r, const struct wire_reply *reply,
    const bool *not_done, const char **why);

/* Fills the release's operation for the journal, and its result. The reply
 * may be gone afterwards. */
struct journal_op *attempt_record(struct release *r,
    const struct wire_reply *reply, enum outcome outcome, const char *why);

#endif
