#include "task/task_own.h"

#include <lauxlib.h>

enum { PASSES = 32 }; // over tasks that wake one another, then the network

/* The Lua manual on lua_getextraspace: "By default … each new thread has
 * this area initialized with a copy of the area of the main thread"; and
 * lua_newthread copies the hook. */
void tasks_init(
    struct tasks *tasks, lua_State *L, int64_t run_away_ms, void *host)
{
    *tasks = (struct tasks){.place.tasks = tasks,
        .L = L,
        .stack_base = __builtin_frame_address(0),
        .run_away_ms = run_away_ms,
        .host = host};
    task_place_set(L, &tasks->place);
    cpu_tick_add(&tasks->frame, L);
    tasks_begin(tasks);
}

void tasks_begin(struct tasks *tasks)
{
    tasks->ran_away = tasks->stopped = false;
    task_watch_anew(tasks);
    task_watch_rest(tasks->L);
}

static void link_task(struct tasks *tasks, struct task *task)
{
    task->next = tasks->all;
    if (task->next)
        task->next->prev = task;
    tasks->all = task;
    tasks->open++;
}

/* Pushes it, with a coroutine of its own. */
static struct task *push_task(lua_State *L, int nargs)
{
    struct task *task = lua_newuserdatauv(L, sizeof *task, TASK_VALUES);

    *task = (struct task){.tasks = tasks_of(L), .nargs = nargs};
    task->own = (struct task_place){task->tasks, task, true};
    task->inside = (struct task_place){task->tasks, task, false};
    task->co = lua_newthread(L);
    lua_setiuservalue(L, -2, TASK_OWN);
    if (!lua_checkstack(task->co, nargs + 1))
        luaL_error(L, "too many arguments");
    return task;
}

struct task *task_spawn(lua_State *L, int nargs,
    void (*ended)(lua_State *co, int status, void *arg), void *arg)
{
    luaL_checkstack(L, 4, NULL);
    struct task *task = push_task(L, nargs); // … f args ud
    task->ended = ended;
    task->arg = arg;
    lua_rawsetp(L, LUA_REGISTRYINDEX, task); // … f args
    task_place_set(task->co, &task->own);
    lua_xmove(L, task->co, nargs + 1);
    link_task(task->tasks, task);
    task_ready_put(task);
    return task;
}

void task_check_can_wait(lua_State *L)
{
    const struct task *task = tasks_of(L)->current;

    if (!lua_isyieldable(L) || !task)
        luaL_error(L, "cannot wait here: a function that Lua itself calls "
                      "(of sort, gsub, __tostring, __gc, load) cannot be "
                      "interrupted. Get what you need before");
    if (task->waiting)
        luaL_error(L, "cannot wait here: this task waits already");
}

/* What is parked inside a task lives as long as it waits, whatever becomes of
 * who called it. */
static void hold_inner(lua_State *L, struct task *task)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, task);
    lua_pushthread(L);
    lua_setiuservalue(L, -2, TASK_INNER);
    lua_pop(L, 1);
    task->inner = L;
    task_place_set(L, &task->inside);
}

static void leave_inner(struct task *task)
{
    if (task->inner)
        task_place_set(task->inner, &task->tasks->place);
    task->inner = NULL;
}

/* The task and the waiter know one another no more. */
static void part(struct task *task, struct waiter *waiter)
{
    waiter->task = NULL;
    task->waiting = NULL;
    leave_inner(task);
}

/* Of a wait that somebody else than its end has ended, the binding's
 * continuation would look for results that are not there. */
static int resumed(lua_State *L, int status, lua_KContext ctx)
{
    const struct waiter *waiter = (const struct waiter *)ctx; // on L's stack

    if (!waiter->woken)
        return luaL_error(L, "what was waited for has not ended");
    return waiter->k(L, status, waiter->ctx);
}

int task_park(
    lua_State *L, struct waiter *waiter, lua_KContext ctx, lua_KFunction k)
{
    struct task *task = tasks_of(L)->current;

    task_check_can_wait(L);
    if (waiter->task)
        return luaL_error(L, "cannot wait here: another task does");
    if (!task_is_outermost(L))
        hold_inner(L, task);
    waiter->task = task;
    waiter->woken = false;
    waiter->k = k;
    waiter->ctx = ctx;
    task->waiting = waiter;
    task_push_mark(L);
    return lua_yieldk(L, 1, (lua_KContext)waiter, resumed);
}

int task_breathe(lua_State *L, lua_KContext ctx, lua_KFunction k)
{
    task_check_can_wait(L);
    tasks_of(L)->turns = true;
    task_push_mark(L); // without a waiter, it is queued at once
    return lua_yieldk(L, 1, ctx, k);
}

static int never(lua_State *L, int status, lua_KContext ctx)
{
    (void)L, (void)status, (void)ctx;
    return 0;
}

int task_stay(lua_State *L)
{
    struct waiter *waiter = lua_newuserdatauv(L, sizeof *waiter, 0);

    *waiter = (struct waiter){0};
    return task_park(L, waiter, 0, never);
}

/* One that runs is queued when it yields. */
static void end_wait(struct waiter *waiter, bool woken)
{
    struct task *task = waiter->task;

    if (!task)
        return;
    part(task, waiter);
    waiter->woken = woken;
    if (task != task->tasks->current)
        task_ready_put(task);
}

void task_wake(struct waiter *waiter)
{
    end_wait(waiter, true);
}

void task_fail(struct waiter *waiter)
{
    end_wait(waiter, false);
}

static void abort_wait(struct task *task)
{
    struct waiter *waiter = task->waiting;

    if (!waiter)
        return;
    part(task, waiter);
    if (waiter->abort)
        waiter->abort(waiter);
}

void task_work_anew(lua_State *L)
{
    task_watch_anew(tasks_of(L));
}

void task_set_desk(lua_State *L)
{
    struct task *task = tasks_of(L)->current;

    if (task && lua_rawgetp(L, LUA_REGISTRYINDEX, task) == LUA_TUSERDATA) {
        lua_pushvalue(L, -2);
        lua_setiuservalue(L, -2, TASK_DESK);
    }
    lua_pop(L, task ? 2 : 1);
}

bool task_push_desk(lua_State *L)
{
    struct tasks *tasks = tasks_of(L);
    int top = lua_gettop(L);

    if (tasks && tasks->current &&
        lua_rawgetp(L, LUA_REGISTRYINDEX, tasks->current) == LUA_TUSERDATA &&
        lua_getiuservalue(L, -1, TASK_DESK) == LUA_TTABLE) {
        lua_remove(L, -2);
        return true;
    }
    lua_settop(L, top);
    return false;
}

void task_forget_wait(lua_State *L)
{
    struct tasks *tasks = tasks_of(L);

    if (tasks->current)
        abort_wait(tasks->current);
}

/* Its coroutine may outlive it, in a variable of the script. */
static void unlink_task(struct task *task)
{
    struct tasks *tasks = task->tasks;

    if (task->prev)
        task->prev->next = task->next;
    else
        tasks->all = task->next;
    if (task->next)
        task->next->prev = task->prev;
    tasks->open--;
    task_ready_forget(task);
    task_place_set(task->co, &tasks->place);
    lua_pushnil(tasks->L);
    lua_rawsetp(tasks->L, LUA_REGISTRYINDEX, task);
}

/* What it has still to close is the script's code, too; it is looked at from
 * its first instruction, or as usual. */
static void reset(lua_State *co, bool at_once)
{
    struct cpu_tick_frame frame;

    cpu_tick_enter(&frame, co);
    if (at_once)
        lua_sethook(co, task_watch_hook, LUA_MASKCOUNT, 1);
    lua_resetthread(co);
    cpu_tick_leave(&frame);
}

/* The single exit of a task. After an error, lua_resume leaves the stack as
 * it was, and so the variables that are to be closed. */
static void end_task(struct task *task, int status)
{
    abort_wait(task);
    if (task->ended)
        task->ended(task->co, status, task->arg);
    if (status != LUA_OK)
        reset(task->co, false);
    unlink_task(task);
}

/* A bare coroutine.yield has nobody to yield to. */
static void end_stray(struct task *task)
{
    lua_settop(task->co, 0);
    lua_pushliteral(task->co, "attempt to yield from outside a coroutine");
    end_task(task, LUA_ERRRUN);
}

/* What it waits for may have ended before it came to yield. */
static void park(struct task *task, int count)
{
    lua_pop(task->co, count);
    if (!task->waiting)
        task_ready_put(task);
}

static void resume(struct tasks *tasks, struct task *task)
{
    int nargs = task->nargs, count = 0;
    struct cpu_tick_frame frame;

    task->nargs = 0;
    tasks->current = task;
    task_watch_anew(tasks);
    cpu_tick_enter(&frame, task->co);
    int status = lua_resume(task->co, tasks->L, nargs, &count);
    cpu_tick_leave(&frame);
    tasks->current = NULL;
    if (status != LUA_YIELD)
        end_task(task, status);
    else if (!task_place_yielded(task->co, count))
        end_stray(task);
    else
        park(task, count);
}

/* Those that are ready now. */
static void run_ready(struct tasks *tasks)
{
    struct task *last = tasks->last_ready;

    while (tasks->first_ready) {
        struct task *task = task_ready_take(tasks);
        resume(tasks, task);
        if (task == last || tasks->stopped)
            break;
    }
}

void tasks_run(struct tasks *tasks)
{
    bool more = tasks->first_ready != NULL;

    tasks->stopped = tasks->turns = false;
    for (int i = 0; i < PASSES && more; i++) {
        run_ready(tasks);
        more = tasks->first_ready && !tasks->stopped && !tasks->turns;
    }
}

bool tasks_ready(const struct tasks *tasks)
{
    return tasks->first_ready != NULL;
}

size_t tasks_open(const struct tasks *tasks)
{
    return tasks->open;
}

void tasks_close(struct tasks *tasks)
{
    task_watch_anew(tasks);
    tasks->cut = false; // after one that had to be, nobody is trusted
    while (tasks->all) {
        struct task *task = tasks->all;
        abort_wait(task);
        reset(task->co, tasks->cut);
        unlink_task(task);
    }
}

void tasks_fini(struct tasks *tasks)
{
    tasks_close(tasks);
    tasks->over = true;
    cpu_tick_remove(&tasks->frame);
}
