/* plan_run.h: a script's life in a plan: for real up to every door, and
 * nothing is written anywhere. */
#ifndef SESSION_PLAN_RUN_H
#define SESSION_PLAN_RUN_H

#include "session/session.h"

struct plan_run_result { // plan_run_fini frees it
    enum exit_code exit;
    struct plan_book book;
    struct plan *plan;
    struct script_rows rows;
    int64_t unread_rows;
    int64_t unknown;     // in the journal, without what a run is at
    int64_t refused;     // rejected or in conflict there, and this run would
                         // not release them
    char c_modules[128]; // that were loaded, "lpeg, lfs"; or ""
    bool left_alone;
    bool missed;      // --only named what is in no line
    char fault[2000]; // why the script ended before its end, or ""
};

/* False: it did not start. The result is to be freed all the same. */
bool plan_run(const struct session_options *options,
    struct plan_run_result *result, struct error *err);
void plan_run_fini(struct plan_run_result *result);

#endif
