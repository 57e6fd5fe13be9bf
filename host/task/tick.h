/* tick.h: a look, now and then, at Lua that works.
 *
 * A hook that counts instructions costs Lua a call for each of them. So no
 * coroutine has one until the thread has worked for another TICK_MS, by the
 * processor's clock: the signal that comes then hooks every coroutine that is
 * being run, and the hook is called at its next instruction. A thread that
 * waits gets no signal.
 *
 * One thread of a process. Who runs a coroutine says so. */
#ifndef TASK_TICK_H
#define TASK_TICK_H

#include <lua.h>
#include <stdbool.h>

enum { TICK_MS = 10 };

/* A coroutine that is being run; on its caller's stack. */
struct tick_frame {
    lua_State *L;
    struct tick_frame *outer; // that waits for it
};

/* Lets `hook` be called from now on, on the calling thread. False: this
 * system has no such timer, and a hook has to count. */
bool tick_start(lua_Hook hook);

/* `L` is run until tick_leave, which is never skipped. */
void tick_enter(struct tick_frame *frame, lua_State *L);
void tick_leave(struct tick_frame *frame);

#endif
