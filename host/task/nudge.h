/* nudge.h: what another thread can do about a thread that works in Lua
 * (cpu_tick.h) and does not come back. */
#ifndef TASK_NUDGE_H
#define TASK_NUDGE_H

#include <stdbool.h>

/* Lets the calling thread be nudged. False: it cannot be. */
bool nudge_open(void);

/* From another thread: what that thread waits for in the kernel is given up
 * (EINTR), and the hook is called at Lua's next instruction. */
void nudge_send(void);

/* The same, and it says where it is: "rules.lua:6", or "" when that could not
 * be told within `wait_ms`. For once, before the process ends. */
const char *nudge_ask(int wait_ms);

/* The innermost line of a script that is being run, as nudge_ask gives it:
 * for a signal on this thread, whatever it has interrupted. */
const char *nudge_place(void);

#endif
