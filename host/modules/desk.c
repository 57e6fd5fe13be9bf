#include "modules/desk.h"

#include "lua/script.h"
#include "modules/row_json.h"

#include <lauxlib.h>

const char *desk_see(lua_State *L, int index)
{
    struct script *host = script_of(L);

    return host->profile->keep_rows && row_json_put(L, index, &host->seen)
               ? host->seen.data
               : NULL;
}

/* Pushes a field of the table at `index`, which is ours and has nothing but
 * texts there; NULL: it has none. */
static const char *push_text(lua_State *L, int index, const char *name)
{
    lua_pushstring(L, name);
    return lua_rawget(L, index) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
}

/* "lines.csv:812", or "row 12": a number gets the prefix. */
static const char *push_source(lua_State *L, int desk, int place)
{
    const char *prefix = push_text(L, desk, "prefix");

    lua_pushliteral(L, "at");
    lua_rawget(L, place);
    if (lua_isinteger(L, -1))
        return lua_pushfstring(
            L, "%s%I", prefix ? prefix : "", lua_tointeger(L, -1));
    return lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
}

bool desk_read(lua_State *L, struct journal_ask *ask)
{
    luaL_checkstack(L, 12, NULL);
    if (!task_push_desk(L))
        return false;
    int desk = lua_gettop(L), place = desk + 1;
    lua_pushliteral(L, "place");
    if (lua_rawget(L, desk) != LUA_TTABLE) {
        lua_settop(L, desk - 1);
        return false;
    }
    ask->source = push_source(L, desk, place);
    ask->name = push_text(L, place, "name");
    ask->order_number = push_text(L, place, "order");
    lua_pushliteral(L, "row");
    lua_rawget(L, place);
    ask->seen = desk_see(L, lua_gettop(L));
    return true;
}
