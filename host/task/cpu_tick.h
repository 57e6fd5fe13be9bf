/* cpu_tick.h: a look, now and then, at Lua that works.
 *
 * A hook that counts instructions costs Lua a call for each of them. So no
 * coroutine has one until the thread has worked for another CPU_TICK_MS, by the
 * processor's clock: the signal that comes then hooks every coroutine that is
 * being run, and the hook is called at its next instruction. A thread that
 * waits gets no signal.
 *
 * Lua does not listen to a hook while a function of its own works (a pattern
 * that goes through every possibility), in a finalizer, or in the handler of
 * an error that the hook raised. The signal comes all the same, and says how
 * long this work has gone on.
 *
 * One thread of a process. Who runs a coroutine says so. */
#ifndef TASK_CPU_TICK_H
#define TASK_CPU_TICK_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CPU_TICK_MS = 10 };

/* A coroutine that is being run; on its caller's stack. */
struct cpu_tick_frame {
    lua_State *L;      // NULL: one that is being closed, without a hook
    lua_State *closed; // that one; or NULL
    struct cpu_tick_frame *outer; // that waits for it
};

/* Lets `hook` be called from now on, on the calling thread. False: this
 * system has no such timer, and a hook has to count. */
bool cpu_tick_start(lua_Hook hook);

/* Who is told, by the signal itself, for how many ms of work Lua has worked
 * since cpu_tick_work_anew: it may do what is safe in a signal. NULL: nobody.
 */
void cpu_tick_on_work(void (*told)(int64_t ms));

/* What Lua does from now on is other work. */
void cpu_tick_work_anew(void);

/* `L` is run until cpu_tick_leave, which is never skipped. */
void cpu_tick_enter(struct cpu_tick_frame *frame, lua_State *L);
void cpu_tick_enter_closed(struct cpu_tick_frame *frame, lua_State *L);
void cpu_tick_leave(struct cpu_tick_frame *frame);

/* The same for a state as long as it lives: it is called now and then, by the
 * program. */
void cpu_tick_add(struct cpu_tick_frame *frame, lua_State *L);
void cpu_tick_remove(struct cpu_tick_frame *frame);

/* The innermost of those that are being run, or NULL; for a signal on this
 * thread, too. */
const struct cpu_tick_frame *cpu_tick_frames(void);

/* Has the hook called at the next instruction of each; likewise. */
void cpu_tick_hook_all(void);

#endif
