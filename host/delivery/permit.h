/* permit.h: whether releases may go out: not before the first look and a
 * log-in, then one alone, then freely, and never again once stopped. Pure.
 *
 *   shut -> (log-in) -> look -> alone -> open
 *
 * An unknown outcome shuts it again. */
#ifndef DELIVERY_PERMIT_H
#define DELIVERY_PERMIT_H

#include "delivery/outcome.h"
#include "delivery/stop_reason.h"

#include <stdbool.h>

enum permit_stage {
    PERMIT_SHUT,
    PERMIT_ALONE, // one at a time, until there is a definite answer
    PERMIT_OPEN,
    PERMIT_STOPPED,
};

struct permit {
    enum permit_stage stage;
    bool looks;     // the profile has a first look
    bool logs_in;   // the profile has a user
    bool looked;    // since it was shut
    bool has_token; // one that was not refused
    bool fresh;     // it is from a log-in, and nothing was answered to it yet
    bool asking;    // a look or a log-in is under way
    int token_no;   // the latest that is known, as token.h counts; 0: none
    struct stop_note note;
};

enum permit_errand { PERMIT_NO_ERRAND, PERMIT_LOG_IN, PERMIT_LOOK };

/* Shut, unless nothing has to be asked first: `looks`, there is a first look;
 * `logs_in`, the token comes from a log-in. */
void permit_init(struct permit *permit, bool looks, bool logs_in);

/* What has to be asked now, so that a release may go; it counts as under
 * way until permit_looked or permit_logged_in. */
enum permit_errand permit_next(struct permit *permit);
void permit_looked(struct permit *permit, enum stop_reason judged);
void permit_logged_in(
    struct permit *permit, enum stop_reason judged, int token_no);

/* In place of a log-in there is a token that was got for something else; a
 * 401 to it may be cured by a log-in. */
void permit_token_known(struct permit *permit, int token_no);

/* An outcome. The token with which the request was made refused: STOP_TOKEN
 * when no log-in can cure it. */
enum stop_reason permit_count(
    struct permit *permit, enum outcome outcome, int token_no);

/* Nothing more before another look. */
void permit_shut(struct permit *permit);

/* For ever; the first reason stays. */
void permit_stop(struct permit *permit, enum stop_reason why);

/* Whether releases may start now; whether only one at a time. */
bool permit_may_go(const struct permit *permit);
bool permit_alone(const struct permit *permit);
bool permit_stopped(const struct permit *permit);

#endif
