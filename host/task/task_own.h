/* task_own.h: what the files of a task share; nobody else's.
 *
 * task.c is a task's life: it is made, waits, is woken, runs and ends.
 * task_place.c knows whose a coroutine is, task_ready.c has those that can go
 * on, task_watch.c ends what works for too long. */
#ifndef TASK_TASK_OWN_H
#define TASK_TASK_OWN_H

#include "task/task.h"

/* The user values of a task: the coroutines that it knows, and its desk. */
enum { TASK_OWN = 1, TASK_INNER, TASK_DESK, TASK_VALUES = TASK_DESK };

struct task {
    struct tasks *tasks;
    struct task_place own, inside;
    lua_State *co;
    lua_State *inner; // that is parked inside of co; NULL: co itself, or none
    bool queued;
    struct task *next_ready;
    struct task *prev, *next; // of all
    struct waiter *waiting;
    int nargs; // of its first resume
    void (*ended)(lua_State *co, int status, void *arg);
    void *arg;
};

/* task_place.c: where a coroutine finds its tasks; and whether what it yielded
 * is the mark, and nothing else. */
void task_place_set(lua_State *L, struct task_place *place);
bool task_place_yielded(lua_State *co, int count);

/* task_ready.c: queues a task, once; takes the first, of a queue that is not
 * empty; takes one out, wherever it is. */
void task_ready_put(struct task *task);
struct task *task_ready_take(struct tasks *tasks);
void task_ready_forget(struct task *task);

/* task_watch.c: what comes is other work. */
void task_watch_anew(struct tasks *tasks);

/* Nothing is to be said until the next tick, or count. */
void task_watch_rest(lua_State *L);

/* The hook: raises where the work of a script has to end. */
void task_watch_hook(lua_State *L, lua_Debug *ar);

#endif
