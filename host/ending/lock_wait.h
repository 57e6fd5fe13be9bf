/* lock_wait.h: another run holds the journal: for how long to wait for it, and
 * whether anybody has to hear of it. */
#ifndef ENDING_LOCK_WAIT_H
#define ENDING_LOCK_WAIT_H

#include "cli/arguments.h"
#include "journal/journal.h"

#include <stdbool.h>

/* Sleeps a moment. False: `until_ms` (monotonic) has come, or a signal on
 * `signal_fd`, which is left to be read. */
bool lock_wait_wait(int64_t until_ms, int signal_fd);

/* Whether the lock file names nobody, or a process that is gone: who has just
 * taken the lock writes its name in a moment. */
bool lock_wait_is_unnamed(const char *journal);

/* At a terminal: whom a command waits for, said before it does. */
void lock_wait_say_waiting(const char *journal);

/* Says who holds it. A person hears of it; cron, which comes again soon, only
 * when the holder is older than an hour, and then once a day: it may hang. */
void lock_wait_say(
    const struct arguments *args, const char *journal, const struct error *err);

#endif
