/* coroutine.resume, close and status as the prelude has them: Lua's own, but
 * that the tick (task/cpu_tick.h) is told whom it has to stop, and that what
 * waits for the program is the program's alone to resume. */
#include "lua/modules.h"
#include "task/cpu_tick.h"
#include "task/task.h"

#include <lauxlib.h>
#include <stdbool.h>
#include <stddef.h>

enum { STACK_MOST = 2 << 20 }; // bytes of C's stack, of commonly 8 MiB

static int run(lua_State *L, lua_State *co, int nargs, int *count)
{
    struct cpu_tick_frame frame;

    cpu_tick_enter(&frame, co);
    int status = lua_resume(co, L, nargs, count);
    cpu_tick_leave(&frame);
    return status;
}

static int fail(lua_State *L, const char *text)
{
    lua_pushboolean(L, 0);
    lua_pushstring(L, text);
    return 2;
}

/* false and the error, which is on top of `co`, maybe the same. */
static void push_error(lua_State *L, lua_State *co)
{
    lua_xmove(co, L, 1);
    lua_pushboolean(L, 0);
    lua_insert(L, -2);
}

static lua_State *check_coroutine(lua_State *L)
{
    lua_State *co = lua_tothread(L, 1);

    luaL_argexpected(L, co, 1, "coroutine");
    return co;
}

/* Lua 5.4.4 counts the calls of C anew in a coroutine that is closed, and so
 * would let closers that close one another use up the stack of C. */
static bool is_deep(lua_State *L)
{
    const char *here = __builtin_frame_address(0);
    ptrdiff_t used = tasks_of(L)->stack_base - here;

    return used > STACK_MOST || used < -STACK_MOST;
}

/* native.resume(co, ...) -> true, ... | false, error */
static int l_native_resume(lua_State *L)
{
    lua_State *co = check_coroutine(L);
    int nargs = lua_gettop(L) - 1, count;

    if (task_holds(co))
        return fail(L, "cannot resume non-suspended coroutine");
    if (is_deep(L))
        return fail(L, "C stack overflow");
    if (!lua_checkstack(co, nargs))
        return fail(L, "too many arguments to resume");
    lua_xmove(L, co, nargs);
    int status = run(L, co, nargs, &count);
    if (status != LUA_OK && status != LUA_YIELD) {
        push_error(L, co);
        return 2;
    }
    if (!lua_checkstack(L, count + 1)) {
        lua_pop(co, count);
        return fail(L, "too many results to resume");
    }
    lua_pushboolean(L, 1);
    lua_xmove(co, L, count);
    return count + 1;
}

/* Waits to be resumed, or has come to its end. */
static bool rests(lua_State *L, lua_State *co)
{
    lua_Debug ar;

    return co != L &&
           (lua_status(co) != LUA_OK || lua_getstack(co, 0, &ar) == 0);
}

/* native.close(co) -> true | false, error */
static int l_native_close(lua_State *L)
{
    lua_State *co = check_coroutine(L);
    struct cpu_tick_frame frame;

    if (!rests(L, co) || task_holds(co))
        return luaL_error(
            L, "cannot close a %s coroutine", co == L ? "running" : "normal");
    if (is_deep(L))
        return luaL_error(L, "C stack overflow");
    cpu_tick_enter(&frame, co);
    int status = lua_resetthread(co);
    cpu_tick_leave(&frame);
    if (status != LUA_OK) {
        push_error(L, co);
        return 2;
    }
    lua_pushboolean(L, 1);
    return 1;
}

/* native.status(co) -> "running" | "suspended" | "normal" | "dead"; what waits
 * for the program is "normal": it goes on by itself. */
static int l_native_status(lua_State *L)
{
    lua_State *co = check_coroutine(L);

    if (co == L)
        lua_pushliteral(L, "running");
    else if (task_holds(co) || !rests(L, co))
        lua_pushliteral(L, "normal");
    else if (lua_status(co) == LUA_YIELD ||
             (lua_status(co) == LUA_OK && lua_gettop(co) > 0))
        lua_pushliteral(L, "suspended");
    else
        lua_pushliteral(L, "dead");
    return 1;
}

static const luaL_Reg coroutine[] = {
    {"close", l_native_close},
    {"resume", l_native_resume},
    {"status", l_native_status},
    {NULL, NULL},
};

int luaopen_omnitron_coroutine(lua_State *L)
{
    luaL_newlib(L, coroutine);
    return 1;
}
