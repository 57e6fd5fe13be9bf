/* What the module test (scripts/lib/test.lua) is made of: which test is
 * wanted, the mock, the canned replies, the time that a test sees. */
#include "modules/test.h"

#include "base/clock.h"
#include "lua/script.h"
#include "modules/read_release.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

enum { MOCK_OPTIONS_MAX = 40 };

static struct test *test_of(lua_State *L)
{
    return script_of(L)->test;
}

/* native.test.begin(count [, name]): so many tests are in the file, and this
 * is the name of the one that is wanted. */
static int l_test_begin(lua_State *L)
{
    struct test *test = test_of(L);

    test->count = (size_t)luaL_checkinteger(L, 1);
    snprintf(test->name, sizeof test->name, "%s", luaL_optstring(L, 2, ""));
    return 0;
}

/* native.test.time() -> seconds since the test began, by its own clock */
static int l_test_time(lua_State *L)
{
    int64_t ms = clock_monotonic_ms() - test_of(L)->started_ms;

    lua_pushnumber(L, (lua_Number)ms / 1000);
    return 1;
}

/* native.test.mock{ "name", "value", … }: a fresh mock with these options */
static int l_test_mock(lua_State *L)
{
    const struct test_calls *calls = test_of(L)->calls;
    const char *options[MOCK_OPTIONS_MAX + 1];
    struct error err;

    luaL_checktype(L, 1, LUA_TTABLE);
    size_t n = (size_t)lua_rawlen(L, 1);
    luaL_argcheck(L, n <= MOCK_OPTIONS_MAX, 1, "too many options");
    luaL_checkstack(L, (int)n, NULL);
    for (size_t i = 0; i < n; i++) {
        lua_rawgeti(L, 1, (lua_Integer)i + 1);
        options[i] = luaL_checkstring(L, -1);
    }
    options[n] = NULL;
    if (!calls->mock(calls->arg, options, &err))
        return luaL_error(L, "%s", err.text);
    return 0;
}

/* native.test.serve(replies, folder) -> URL | nil, what is wrong
 * The replies are JSON, as `omnitron mock --serve` reads it. */
static int l_test_serve(lua_State *L)
{
    const struct test_calls *calls = test_of(L)->calls;
    struct error err;
    size_t len;
    const char *replies = luaL_checklstring(L, 1, &len);
    const char *folder = luaL_checkstring(L, 2);
    const char *url = calls->serve(calls->arg, replies, len, folder, &err);

    if (url) {
        lua_pushstring(L, url);
        return 1;
    }
    lua_pushnil(L);
    lua_pushstring(L, err.text);
    return 2;
}

/* native.test.release(release) -> the release as it would be sent */
static int l_test_release(lua_State *L)
{
    struct journal_ask ask = {0};
    struct error err;

    if (!read_release(L, 1, &ask, &err))
        return luaL_error(L, "%s", err.text);
    lua_createtable(L, 0, 3);
    lua_pushinteger(L, ask.order_item_id);
    lua_setfield(L, -2, "order_item_id");
    lua_pushstring(L, ask.code);
    lua_setfield(L, -2, "code");
    lua_pushboolean(L, ask.update_stock);
    lua_setfield(L, -2, "update_stock");
    return 1;
}

/* native.test.place(file) -> "rules_test.lua:12" of the innermost function
 * of that file | nil */
static int l_test_place(lua_State *L)
{
    const char *file = luaL_checkstring(L, 1);
    lua_Debug ar;

    for (int level = 1; lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "Sl", &ar);
        if (ar.source[0] == '@' && strcmp(ar.source + 1, file) == 0 &&
            ar.currentline > 0) {
            lua_pushfstring(L, "%s:%d", file, ar.currentline);
            return 1;
        }
    }
    return 0;
}

static lua_Integer seconds_now(void)
{
    return (lua_Integer)(clock_wall_ms() / 1000);
}

/* os.time([table]): as Lua's, by the time that the test sees */
static int l_os_time(lua_State *L)
{
    if (lua_isnoneornil(L, 1)) {
        lua_pushinteger(L, seconds_now());
        return 1;
    }
    lua_settop(L, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 1, 1);
    return 1;
}

/* os.date([format [, time]]): likewise */
static int l_os_date(lua_State *L)
{
    lua_settop(L, 2);
    if (lua_isnil(L, 1)) {
        lua_pushliteral(L, "%c");
        lua_replace(L, 1);
    }
    if (lua_isnil(L, 2)) {
        lua_pushinteger(L, seconds_now());
        lua_replace(L, 2);
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 2, 1);
    return 1;
}

static void wrap(lua_State *L, const char *name, lua_CFunction by)
{
    lua_getglobal(L, "os");
    lua_getfield(L, -1, name);
    lua_pushcclosure(L, by, 1);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

static const luaL_Reg functions[] = {
    {"begin", l_test_begin},
    {"mock", l_test_mock},
    {"place", l_test_place},
    {"release", l_test_release},
    {"serve", l_test_serve},
    {"time", l_test_time},
    {NULL, NULL},
};

int luaopen_omnitron_test(lua_State *L)
{
    wrap(L, "time", l_os_time);
    wrap(L, "date", l_os_date);
    luaL_newlib(L, functions);
    lua_pushinteger(L, (lua_Integer)test_of(L)->wanted);
    lua_setfield(L, -2, "wanted");
    lua_pushstring(L, test_of(L)->omnitron);
    lua_setfield(L, -2, "omnitron");
    return 1;
}
