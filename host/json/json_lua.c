#include "json/json_lua.h"

#include "json/json_lua_mark.h"

#include <lauxlib.h>

#define ARRAY_TYPE "json.array"

void json_lua_push_null(lua_State *L)
{
    lua_pushlightuserdata(L, NULL);
}

void json_lua_push_array_type(lua_State *L)
{
    if (!luaL_newmetatable(L, ARRAY_TYPE))
        return;
    lua_pushboolean(L, 0); // scripts must not change what all lists share
    lua_setfield(L, -2, "__metatable");
}

bool json_lua_is_array(lua_State *L, int index)
{
    if (!lua_getmetatable(L, index))
        return false;
    luaL_getmetatable(L, ARRAY_TYPE);
    bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same;
}

void json_lua_mark_array(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    luaL_checkstack(L, 4, "json.array");
    if (json_lua_is_array(L, index))
        return;
    if (lua_getmetatable(L, index))
        luaL_error(L, "json.array: the table has a metatable of its own; "
                      "copy its items into a new table");
    json_lua_push_array_type(L);
    lua_setmetatable(L, index);
}

void json_lua_make_whole(lua_State *L)
{
    static const lua_Number most = 9007199254740992.0; // 2^53
    lua_Number n = lua_tonumber(L, -1);
    lua_Integer whole;

    if (lua_type(L, -1) != LUA_TNUMBER || lua_isinteger(L, -1) || n < -most ||
        n > most || !lua_numbertointeger(n, &whole) || (lua_Number)whole != n)
        return;
    lua_pop(L, 1);
    lua_pushinteger(L, whole);
}
