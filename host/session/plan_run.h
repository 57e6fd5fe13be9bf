/* plan_run.h: a script's life in a plan: for real up to every door, and
 * nothing is written anywhere. */
#ifndef SESSION_PLAN_RUN_H
#define SESSION_PLAN_RUN_H

#include "base/error.h"
#include "base/exit_code.h"
#include "profile/profile.h"
#include "report/plan_table.h"
#include "session/state.h"

struct plan_run_options { // borrowed
    struct state_script script;
    const struct profile *profile;
    const char *journal; // path; NULL: there is none to look at
    bool mock;
    const char *origin;   // of the Omnitron that is read; NULL: of none, and
    const char *no_token; // why
    const char *host;     // as people know it
    const char *token;    // NULL: the profile's user logs in
    const char *username, *password;
    struct only *only; // borrowed, and filled; NULL: all
    int signal_fd;     // of signals_open
};

struct plan_run_result { // plan_run_fini frees it
    enum exit_code exit;
    struct plan_book book;
    struct plan *plan;
    struct script_rows rows;
    int64_t unread_rows;
    int64_t unknown; // in the journal, without what a run is at
    bool left_alone;
    bool missed;      // --only named what is in no line
    char fault[2000]; // why the script ended before its end, or ""
};

/* False: it did not start. The result is to be freed all the same. */
bool plan_run(const struct plan_run_options *options,
    struct plan_run_result *result, struct error *err);
void plan_run_fini(struct plan_run_result *result);

#endif
