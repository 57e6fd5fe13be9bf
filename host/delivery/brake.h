/* brake.h: when a run of bad outcomes stops the sending. Pure.
 *
 * "In a row" is the order in which the outcomes come in. What did not leave
 * this machine is no answer and neither counts nor ends a row. */
#ifndef DELIVERY_BRAKE_H
#define DELIVERY_BRAKE_H

#include "delivery/outcome.h"
#include "delivery/stop_reason.h"

#include <stdbool.h>

enum {
    BRAKE_FORBIDDEN = 3, // answers 403 or 405
    BRAKE_UNKNOWN = 3,   // unknown outcomes
    BRAKE_REFUSED = 20,  // refusals, with nothing applied yet in this run
};

struct brake { // {0} is a run that begins
    int forbidden, unknown, refused;
    bool applied;
};

struct brake_seen {
    enum outcome outcome;
    int status;
    bool rejected_before; // the row was, so a refusal is no news
    bool given_up;        // its tries are used up, and nothing was answered
                          // since its first
};

/* Counts an outcome: STOP_NONE, or why to stop. */
enum stop_reason brake_count(
    struct brake *brake, const struct brake_seen *seen);

/* Refusals in a row although something was applied: a page that answers 404
 * to all may have come in between, so a look is due. It begins a new row. */
bool brake_wants_look(struct brake *brake);

/* 403, 405: it says that nobody may, not that this one is wrong. */
bool brake_is_forbidden(enum outcome outcome, int status);

#endif
