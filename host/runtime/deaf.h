/* deaf.h: the end of a script that cannot be ended.
 *
 * What works for run_away without waiting is ended by an error, but only where
 * Lua listens (task/tick.h). Where it does not, ten times as long, the program
 * ends at once: a run that hangs would hold the journal for ever. That is as a
 * kill: the journal is right, and what was in flight is unknown. */
#ifndef RUNTIME_DEAF_H
#define RUNTIME_DEAF_H

#include <stdint.h>

/* From now on, for this process. */
void deaf_watch(int64_t run_away_ms);

#endif
