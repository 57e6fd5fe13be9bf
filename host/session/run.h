/* run.h: one run of a script from its first line to the last word in the
 * journal. It prints nothing but the log; cmd/ says the rest. */
#ifndef SESSION_RUN_H
#define SESSION_RUN_H

#include "ending/run_result.h"
#include "session/session.h"

struct run_progress; // session/progress_line.h

struct run_options {
    const struct session_options *session; // borrowed
    bool live_erp;
    struct test *test;   // one of a *_test.lua file, the script; or NULL
    int64_t limit;       // -1: none
    int64_t deadline_ms; // from now, 0: none
    const char *ping;    // a dead-man switch, told that it began; NULL: none
    /* Called when a row was counted and at each turn; may be NULL. */
    void (*progress)(const struct run_progress *progress);
};

/* False: it did not start, and nothing was sent; or the journal failed. The
 * result is then to be freed all the same. */
bool run_script(const struct run_options *options, struct run_result *result,
    struct error *err);

#endif
