/* coroutine.resume and coroutine.close as the prelude has them: Lua's own,
 * but that the tick (task/tick.h) is told whom it has to stop. */
#include "lua/modules.h"
#include "task/tick.h"

#include <lauxlib.h>
#include <stdbool.h>

static int run(lua_State *L, lua_State *co, int nargs, int *count)
{
    struct tick_frame frame;

    tick_enter(&frame, co);
    int status = lua_resume(co, L, nargs, count);
    tick_leave(&frame);
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

/* native.resume(co, ...) -> true, ... | false, error */
static int l_native_resume(lua_State *L)
{
    lua_State *co = check_coroutine(L);
    int nargs = lua_gettop(L) - 1, count;

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
    struct tick_frame frame;

    if (!rests(L, co))
        return luaL_error(
            L, "cannot close a %s coroutine", co == L ? "running" : "normal");
    tick_enter(&frame, co);
    int status = lua_resetthread(co);
    tick_leave(&frame);
    if (status != LUA_OK) {
        push_error(L, co);
        return 2;
    }
    lua_pushboolean(L, 1);
    return 1;
}

static const luaL_Reg coroutine[] = {
    {"close", l_native_close},
    {"resume", l_native_resume},
    {NULL, NULL},
};

int luaopen_omnitron_coroutine(lua_State *L)
{
    luaL_newlib(L, coroutine);
    return 1;
}
