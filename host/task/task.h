/* task.h: coroutines that can be parked, woken and ended.
 *
 * Whatever waits in a script parks its task: it starts an operation, embeds
 * a struct waiter in it, and yields a mark that only this file knows. The
 * script's own coroutines pass that mark outward (scripts/prelude.lua). To
 * wake queues the task and nothing else; tasks_run resumes, and the
 * binding's continuation builds the results inside the coroutine. Nobody
 * touches the stack of a parked coroutine.
 *
 * A task has at most one operation under way, and whoever ends a task ends
 * that operation by the waiter's `abort`. Nothing here trusts its caller to
 * be a sensible script: who could not park is told so before anything has
 * changed, and no continuation runs but of a wait that was woken. */
#ifndef TASK_TASK_H
#define TASK_TASK_H

#include "task/cpu_tick.h"
#include "task/spot.h"

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct task; // a userdata, anchored in the registry until it has ended

struct waiter {
    struct task *task;                    // NULL: nobody waits
    void (*abort)(struct waiter *waiter); // NULL: there is nothing to end
    lua_KFunction k;                      // of who waits
    lua_KContext ctx;
    bool woken;
};

/* Whose a coroutine is: what the extra space of its lua_State leads to. */
struct task_place {
    struct tasks *tasks;
    struct task *task; // NULL: one of the script's, that waits for nothing
    bool own;          // the task's; else it is parked, inside of it
};

struct tasks {
    struct task_place place; // of the script's coroutines
    lua_State *L;
    const char *stack_base; // of C, about where it runs L
    struct task *first_ready, *last_ready;
    struct task *all;
    size_t open;
    struct task *current;
    int64_t run_away_ms;
    int64_t looked_cpu_ms;       // the hook first did; -1: not at this work
    struct cpu_tick_frame frame; // of L
    bool ran_away;
    bool stopped;                // by `stopping`, in this turn
    bool cut;                    // something was ended while tasks are closed
    bool turns;                  // a task lets the loop turn: task_breathe
    bool over;                   // the state is being closed
    bool (*stopping)(void *arg); // asked while Lua works; or NULL
    void *stopping_arg;
    char ran_away_at[SPOT_MAX]; // "rules.lua:6", where it was noticed
    char stopped_at[SPOT_MAX];  // likewise, the first time
    char stopped_row[SPOT_MAX]; // and the row then, "lines.csv:118"; or ""
    void *host;                 // of the bindings
};

/* Makes *tasks what every coroutine of L finds by tasks_of; a script which
 * works for run_away_ms without waiting is ended from now on. */
void tasks_init(
    struct tasks *tasks, lua_State *L, int64_t run_away_ms, void *host);

/* After a task that ran away or was stopped: the next one starts anew, and
 * so does what the host calls in L itself. */
void tasks_begin(struct tasks *tasks);
struct tasks *tasks_of(lua_State *L);

/* tasks_of gives NULL in L: for tests of bindings that need no tasks. */
void tasks_none(lua_State *L);

/* Whether the state of L is being closed: of what is made now, Lua would not
 * call the finalizer. False where there are no tasks. */
bool tasks_over(lua_State *L);

/* Takes a function and its nargs arguments from the top of L's stack; the
 * task runs when tasks_run comes to it. May raise a memory error of L.
 * `ended` is called with the coroutine whose stack holds the results, or the
 * error; it may be NULL. */
struct task *task_spawn(lua_State *L, int nargs,
    void (*ended)(lua_State *co, int status, void *arg), void *arg);

/* Raises "cannot wait here" where the running function could not park. */
void task_check_can_wait(lua_State *L);

/* Parks the running task: never returns; `k` is called once it was woken.
 * Where it could not, or somebody waits there already, it raises and has
 * changed nothing. The waiter lives as long as the stack of L has it. */
int task_park(
    lua_State *L, struct waiter *waiter, lua_KContext ctx, lua_KFunction k);

/* Parks the running task for as long as it lives: the run has to end. */
int task_stay(lua_State *L);

/* Parks the running task until the loop has turned; raises where it cannot. */
int task_breathe(lua_State *L, lua_KContext ctx, lua_KFunction k);

/* Queues the task that waits, if one does, once. */
void task_wake(struct waiter *waiter);

/* What is waited for will not come: who waits there goes on with an error. */
void task_fail(struct waiter *waiter);

/* Takes a table from the top of the stack: what the running task has at hand.
 * task_push_desk pushes it again, and is false, with nothing pushed, where
 * there is none. */
void task_set_desk(lua_State *L);
bool task_push_desk(lua_State *L);

/* What the running task does from now on is other work, for run_away_ms. */
void task_work_anew(lua_State *L);

/* Aborts what the running task has begun to wait for and cannot. */
void task_forget_wait(lua_State *L);

/* True for a task's own coroutine, false for one of the script's. */
bool task_is_outermost(lua_State *L);

/* True for what only this file may resume or close: a task's coroutine, one
 * that waits inside a task, the state's own. */
bool task_holds(lua_State *co);

/* Runs every task that is ready until it parks or ends, and those that these
 * wake; a few times over, lest two that wake one another keep the loop. After
 * one that was stopped the others wait for the next turn. */
void tasks_run(struct tasks *tasks);
bool tasks_ready(const struct tasks *tasks);
size_t tasks_open(const struct tasks *tasks);

/* Ends every task: aborts what it waits for, closes its variables. */
void tasks_close(struct tasks *tasks);

/* Ends them, and nothing looks at L any more: it is to be closed. */
void tasks_fini(struct tasks *tasks);

/* The mark, as a light userdata, for the prelude. */
void task_push_mark(lua_State *L);

#endif
