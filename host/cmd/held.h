/* held.h: another run holds the journal: for how long to wait for it, and
 * whether anybody has to hear of it. */
#ifndef CMD_HELD_H
#define CMD_HELD_H

#include "journal/journal.h"

#include <stdbool.h>

/* Sleeps a moment. False: `until_ms` (monotonic) has come, or a signal on
 * `signal_fd`, which is left to be read. */
bool held_wait(int64_t until_ms, int signal_fd);

/* Whether the lock file names nobody, or a process that is gone: who has just
 * taken the lock writes its name in a moment. */
bool held_is_unnamed(const char *journal);

/* A person hears of it; cron (no terminal, no TERM), which comes again soon,
 * only when the holder is older than an hour: then it may hang. */
bool held_is_news(const char *journal);

#endif
