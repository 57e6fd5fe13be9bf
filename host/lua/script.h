/* script.h: what the bindings share: one script's surroundings.
 *
 * session/ makes it and owns it; a binding finds it by script_of. */
#ifndef LUA_SCRIPT_H
#define LUA_SCRIPT_H

#include "base/account.h"
#include "base/buf.h"
#include "delivery/plan.h"
#include "delivery/token.h"
#include "journal/inputs.h"
#include "lua/away.h"
#include "lua/only.h"
#include "profile/profile.h"
#include "task/loop.h"

#include <lua.h>
#include <stdbool.h>
#include <stdint.h>

struct test; // modules/test.h

/* The rows of the input, as the prelude counts them: each of `rows` is one of
 * the others, which have their names as well. */
struct script_rows {
    int64_t rows;
    union {
        int64_t by_end[INPUT_ENDS];
        struct { // in the order of enum input_end
            int64_t released, skipped, later, failed, invalid;
        };
    };
};

/* One row that a person has to look at, or that waits. Borrowed. */
struct script_problem {
    const char *what;    // failed invalid rejected conflict unknown pending
    const char *seen;    // the fields of one without name and item, or NULL
    const char *at;      // "lines.csv:812", or ""
    const char *name;    // "SO-1240/10", or ""
    const char *item;    // its digits, or ""
    const char *message; // one line
    const char *place;   // "rules.lua:6", with which it begins, or ""
    const char *body;    // of the request that it would have sent, NULL: none
    int64_t kept_by;     // the earlier run that left it; 0: it is of this one
};

struct script {
    struct loop *loop;
    struct account account; // the script's memory, what C keeps for it as well
    const struct profile *profile;
    struct token *token;  // borrows; of the Omnitron that is meant
    const char *origin;   // its: "https://acme.omnitron.net"
    const char *name;     // its, as people know it: "acme.omnitron.net", "mock"
    const char *no_token; // why `token` is NULL
    struct script_rows rows;
    int64_t rows_expected;   // as far as lists and files tell; 0: not known
    bool wants_expected;     // somebody is shown it
    bool mock;               // only mocks are written to, unless live_erp
    bool live_erp;           // --live-erp
    bool planning;           // nothing is written anywhere
    bool repl;               // lines are typed by a person
    struct plan *plan;       // then; NULL otherwise
    struct buf seen;         // of the row at hand; freed with the state
    struct inputs *inputs;   // takes what becomes no release; NULL: nobody
    int64_t csv_rows;        // that scripts were given
    int64_t direct_releases; // planned, beside those of rules
    struct test *test;       // the test that runs; NULL: none
    struct only *only;       // borrows, and notes; NULL: all are wanted
    int64_t limit;           // rows to take, -1: all
    struct away away;        // hosts that were away
    char c_modules[128]; // those that were loaded, "lpeg, lfs": what they do,
                         // no plan and no mock holds back
    bool leaving;        // a signal or the deadline: no row is taken any more
    bool left_alone;     // rows were, by --only or --limit
    bool misused;        // the command line does not fit the script, or a file
                         // that it loads is not to be believed
    int at_once;         // releases in flight
    /* runtime's ears. */
    void (*problem)(void *arg, const struct script_problem *problem);
    void (*progress)(void *arg);
    void (*planned)(void *arg, const struct plan_row *row); // when planning
    void (*plan_note)(void *arg, const char *text);         // likewise
    void (*fault)(void *arg, lua_State *co); // a task of ours ended in an
                                             // error, on top of its stack
    void *arg;
};

/* A message without the place in the script that it begins with ("": none). */
const char *script_behind_place(const char *message, const char *place);

/* The host of the state that L is of. Borrowed. */
struct script *script_of(lua_State *L);

#endif
