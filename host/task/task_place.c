/* Whose a coroutine is. */
#include "task/task_own.h"

static char mark; // its address is what a parked coroutine yields

void task_push_mark(lua_State *L)
{
    lua_pushlightuserdata(L, &mark);
}

static struct task_place *place_of(lua_State *L)
{
    return *(struct task_place **)lua_getextraspace(L);
}

void task_place_set(lua_State *L, struct task_place *place)
{
    *(struct task_place **)lua_getextraspace(L) = place;
}

struct tasks *tasks_of(lua_State *L)
{
    return place_of(L)->tasks;
}

void tasks_none(lua_State *L)
{
    static struct task_place none;

    task_place_set(L, &none);
}

bool tasks_over(lua_State *L)
{
    const struct tasks *tasks = tasks_of(L);

    return tasks && tasks->over;
}

bool task_is_outermost(lua_State *L)
{
    return place_of(L)->own;
}

bool task_holds(lua_State *co)
{
    const struct task_place *place = place_of(co);

    return place->task || co == place->tasks->L;
}

bool task_place_yielded(lua_State *co, int count)
{
    return count == 1 && lua_touserdata(co, -1) == (void *)&mark;
}
