/* repeat_run.h: a trial (delivery/repeat.h) against the real host: the journal
 * under its lock, a token, the first look, and then the two releases. */
#ifndef SESSION_REPEAT_RUN_H
#define SESSION_REPEAT_RUN_H

#include "base/error.h"
#include "base/exit_code.h"
#include "delivery/repeat.h"
#include "profile/profile.h"

struct repeat_run_options { // borrowed
    const struct profile *profile;
    const char *token;    // NULL: the profile's user logs in with
    const char *password; // this
    int64_t order_item_id;
    const char *code;
};

/* EXIT_DONE: *result says what was seen. Else why not, in *err: nothing was
 * sent, or the journal failed. */
enum exit_code repeat_run_all(const struct repeat_run_options *options,
    struct repeat_result *result, struct error *err);

#endif
