/* setup.h: what the commands that run a script make before it and free after
 * it: the log and the signals, the customer, the Omnitron or one that is
 * simulated in this process. */
#ifndef CMD_SETUP_H
#define CMD_SETUP_H

#include "cli/arguments.h"
#include "cli/customer.h"
#include "mock/mock.h"
#include "session/session.h"

struct setup { // {0}, then setup_open, and setup_close in any case
    const struct arguments *args;
    struct customer customer;
    struct mock *mock; // owns: of --mock
    struct only only;
    struct error no_token; // why there is none
    struct session_options session;
};

/* Opens the log, the signals, and what `watch` opens: watchdog_open or
 * watchdog_open_repl. */
bool setup_open(struct setup *setup, const struct arguments *args,
    bool (*watch)(struct error *err), struct error *err);

/* Loads the profile: the one that is named, or that of a script or a folder
 * (NULL: the current one). */
bool setup_load(
    struct setup *setup, const char *script_or_folder, struct error *err);

/* Tells the session of the profile that was loaded, and of --only. */
void setup_fill(struct setup *setup);

/* The profile's Omnitron, with its token or its user's password. The second
 * does without, where rules can be tried all the same. */
bool setup_unlock(struct setup *setup, struct error *err);
void setup_unlock_if_can(struct setup *setup);

/* Starts a simulated Omnitron. */
bool setup_mock(struct setup *setup, struct error *err);

/* The journal to release with: the one that is named; else the profile's, but
 * for a mock none. What is named for a mock is made if it is missing. */
bool setup_journal(struct setup *setup, struct error *err);

void setup_close(struct setup *setup);

#endif
