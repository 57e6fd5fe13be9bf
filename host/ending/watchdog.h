/* watchdog.h: the end of a run that does not end.
 *
 * A thread of its own looks at the signals and at the deadline, whatever the
 * run does. Is there a reason to end and the loop does not turn, it stops the
 * script (ending/patience.h says when): what its thread waits for in the
 * kernel is given up, its Lua ends at the next instruction, and the run ends
 * in order. A process that is still there 5 s after the reason ends where it
 * stands. That is as a kill: the journal is right, and what was in flight is
 * unknown. It says which line held it.
 *
 * What works for run_away without waiting is ended by an error, where Lua
 * listens (task/cpu_tick.h); where it does not, the process ends at twice that
 * time, also in a command without such a thread. */
#ifndef ENDING_WATCHDOG_H
#define ENDING_WATCHDOG_H

#include "base/error.h"
#include "base/exit_code.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Begins to look, for the life of the process, at the thread that calls, in
 * which signals_open has blocked the signals. */
bool watchdog_open(struct error *err);

/* The same for a command that reads lines and stays: a signal that nobody has
 * read for a moment interrupts what works or waits, and SIGTERM alone ends the
 * process, 5 s later. */
bool watchdog_open_repl(struct error *err);

/* Scripts may work for so long without waiting. */
void watchdog_limit_work(int64_t run_away_ms);

/* The run has to end in so many ms; what it has in flight then, `timeout_ms`
 * after that. 0: there is no deadline. */
void watchdog_set_deadline(int64_t deadline_ms, int64_t timeout_ms);

/* A signal was read, or the deadline is over, before the thread saw it. */
void watchdog_leave(enum exit_code code);

/* The loop has turned; whether releases are under way, which it waits for. */
void watchdog_turned(bool in_flight);

/* The run is over, and what is left is to say so: with this code the process
 * ends, however it does. */
void watchdog_expect(enum exit_code code);

/* Whether scripts are to be stopped at the next instruction; whether what they
 * have under way is to be ended, too. Cheap. */
bool watchdog_stops(void *unused);
bool watchdog_is_late(void);

/* "SIGTERM", "SIGINT" or "its deadline". */
const char *watchdog_reason(enum exit_code code);

#endif
