#include "lua/modules.h"
#include "json/json_lua.h"

#include <lauxlib.h>

#include <string.h>

/* The flags of the options at `index`, a table or nothing. */
static int check_options(lua_State *L, int index)
{
    int flags = 0;

    if (lua_isnoneornil(L, index))
        return 0;
    luaL_checktype(L, index, LUA_TTABLE);
    lua_pushnil(L);
    while (lua_next(L, index)) {
        const char *name =
            lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
        if (strcmp(name, "keep_null") != 0)
            luaL_argerror(L, index,
                lua_pushfstring(L, "unknown option '%s'; there is: keep_null",
                    luaL_tolstring(L, -2, NULL)));
        if (!lua_isboolean(L, -1))
            luaL_argerror(L, index, "keep_null is true or false");
        if (lua_toboolean(L, -1))
            flags |= JSON_LUA_KEEP_NULL;
        lua_pop(L, 1);
    }
    return flags;
}

/* json.decode(text [, {keep_null = true}]) -> value
 * Raises, with line and column, when the text is no JSON. */
static int l_json_decode(lua_State *L)
{
    size_t len;

    luaL_checktype(L, 1, LUA_TSTRING);
    const char *text = lua_tolstring(L, 1, &len);
    json_lua_decode(L, text, len, check_options(L, 2));
    return 1;
}

/* json.encode(value) -> text
 * Raises, with the path, when something in it cannot be written. */
static int l_json_encode(lua_State *L)
{
    luaL_checkany(L, 1);
    json_lua_encode(L, 1);
    return 1;
}

/* json.array([table]) -> the table, or a new one, that is written as a list
 * even when it is empty */
static int l_json_array(lua_State *L)
{
    if (lua_isnoneornil(L, 1)) {
        lua_settop(L, 0);
        lua_newtable(L);
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    json_lua_mark_array(L, 1);
    lua_settop(L, 1);
    return 1;
}

static const luaL_Reg functions[] = {
    {"array", l_json_array},
    {"decode", l_json_decode},
    {"encode", l_json_encode},
    {NULL, NULL},
};

int luaopen_omnitron_json(lua_State *L)
{
    /* What it is made of is made now: in a finalizer it might be too late. */
    lua_pushboolean(L, 1);
    json_lua_encode(L, -1);
    lua_pop(L, 2);
    luaL_newlib(L, functions);
    json_lua_push_null(L);
    lua_setfield(L, -2, "null");
    return 1;
}
