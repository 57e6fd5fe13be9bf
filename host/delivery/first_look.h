/* first_look.h: what the answer to the first look, or to a log-in, allows.
 * Pure: tables read from the top, the first row that fits wins. */
#ifndef DELIVERY_FIRST_LOOK_H
#define DELIVERY_FIRST_LOOK_H

#include "delivery/stop_reason.h"

#include <stdbool.h>

struct first_look_seen {
    int curl;      // CURLcode, 0: none
    bool complete; // as outcome.h has it
    int status;    // 0: none came
    bool json;     // the body is a JSON document; for a log-in: it has a key
};

/* STOP_NONE: releases may go out. STOP_TOKEN: a log-in may cure it. */
enum stop_reason first_look_judge(const struct first_look_seen *seen);

/* STOP_NONE: there is a token now. */
enum stop_reason first_look_judge_login(const struct first_look_seen *seen);

#endif
