/* A script that works without an end, or while its run has to end. */
#include "base/clock.h"
#include "task/task_own.h"

enum { HOOK_EVERY = 10000 }; // instructions, where nothing ticks

/* What ran away has no other work: the rest of its life is what its error
 * leaves to close. */
void task_watch_anew(struct tasks *tasks)
{
    if (tasks->ran_away)
        return;
    tasks->looked_cpu_ms = -1;
    cpu_tick_work_anew();
}

/* Since the first look at this work: most of it is over before one, and the
 * clock is a call into the kernel. */
static int64_t worked_ms(struct tasks *tasks)
{
    int64_t now_ms = clock_thread_cpu_ms();

    if (tasks->looked_cpu_ms < 0)
        tasks->looked_cpu_ms = now_ms;
    return now_ms - tasks->looked_cpu_ms;
}

/* The row is its task's: the script may have made coroutines inside. */
static void note_stop(lua_State *L, struct tasks *tasks)
{
    lua_State *co = tasks->current ? tasks->current->co : L;

    if (!tasks->stopped && !tasks->stopped_at[0] &&
        spot_find(L, tasks->stopped_at))
        spot_find_row(co, tasks->stopped_row, sizeof tasks->stopped_row);
    tasks->stopped = true;
}

/* What ends the work of a script, pushed; false: nothing does. */
static bool push_end(lua_State *L, struct tasks *tasks)
{
    if (tasks->stopping && tasks->stopping(tasks->stopping_arg)) {
        note_stop(L, tasks);
        lua_pushliteral(L, "stopped");
        return true;
    }
    if (!tasks->ran_away && worked_ms(tasks) < tasks->run_away_ms)
        return false;
    if (!tasks->ran_away)
        spot_find(L, tasks->ran_away_at);
    tasks->ran_away = true;
    lua_pushfstring(L,
        "%s%sthe script worked for %f s without waiting once: a loop without "
        "an end? (run_away in profile.lua)",
        tasks->ran_away_at, tasks->ran_away_at[0] ? ": " : "",
        (double)tasks->run_away_ms / 1000);
    return true;
}

/* Once over, every instruction raises, so that no pcall holds it. The place
 * is that of the loop, not of whom the error passes on its way out. */
void task_watch_hook(lua_State *L, lua_Debug *ar)
{
    (void)ar;
    if (!push_end(L, tasks_of(L))) {
        task_watch_rest(L);
        return;
    }
    tasks_of(L)->cut = true;
    lua_sethook(L, task_watch_hook, LUA_MASKCOUNT, 1);
    lua_error(L);
}

void task_watch_rest(lua_State *L)
{
    if (cpu_tick_start(task_watch_hook))
        lua_sethook(L, NULL, 0, 0);
    else
        lua_sethook(L, task_watch_hook, LUA_MASKCOUNT, HOOK_EVERY);
}
