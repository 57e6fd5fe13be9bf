/* run.h: one run of a script from its first line to the last word in the
 * journal. It prints nothing but the log; cmd/ says the rest. */
#ifndef SESSION_RUN_H
#define SESSION_RUN_H

#include "base/buf.h"
#include "base/error.h"
#include "base/exit_code.h"
#include "ending/run_result.h"
#include "modules/test.h"
#include "profile/profile.h"
#include "session/state.h"

/* How far it is. Borrowed. */
struct run_progress {
    const struct script_rows *rows;
    const struct delivery_tally *tally;
    int64_t expected; // rows, a guess; 0: not known
    size_t in_flight; // requests
};

struct run_options {
    struct state_script script;
    const struct profile *profile;
    const char *origin; // where releases go
    const char *token;  // borrowed; NULL: the profile's user logs in
    const char *username, *password; // borrowed, without a token
    const char *host;         // as people know it: "acme.omnitron.net", "mock"
    const char *journal_host; // as the journal knows it: origin, or "mock"
    const char *journal;      // path; NULL: a throw-away one
    bool mock, live_erp;
    struct test *test;   // one of a *_test.lua file, the script; or NULL
    struct only *only;   // borrowed, and filled; NULL: all
    int64_t limit;       // -1: none
    int64_t deadline_ms; // from now, 0: none
    const char *ping;    // a dead-man switch, told that it began; NULL: none
    int signal_fd;       // of signals_open; -1: none
    /* Called when a row was counted and at each turn; may be NULL. */
    void (*progress)(const struct run_progress *progress);
};

/* False: it did not start, and nothing was sent; or the journal failed. The
 * result is then to be freed all the same. */
bool run_script(const struct run_options *options, struct run_result *result,
    struct error *err);

/* Whether --only named what was in no line, and all lines were looked at. */
bool run_missed(
    const struct run_options *options, const struct run_result *result);

#endif
