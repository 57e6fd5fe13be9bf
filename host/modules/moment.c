#include "modules/moment.h"

#include "base/duration.h"
#include "base/instant.h"

#include <lauxlib.h>
#include <string.h>

int moment_read(lua_State *L)
{
    struct instant instant;
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);

    if (!instant_read(text, len, &instant)) {
        luaL_pushfail(L);
        return 1;
    }
    lua_pushinteger(L, instant.seconds);
    lua_pushinteger(L, instant.nanoseconds);
    lua_pushboolean(L, instant_has_zone(text, len));
    return 3;
}

int moment_earlier(lua_State *L)
{
    char out[INSTANT_TEXT_MAX];
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);

    if (instant_earlier(text, len, luaL_checkinteger(L, 2), out))
        lua_pushstring(L, out);
    else
        luaL_pushfail(L);
    return 1;
}

int moment_span(lua_State *L)
{
    int64_t ms;
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);

    if (strlen(text) == len && duration_read(text, &ms))
        lua_pushinteger(L, ms);
    else
        luaL_pushfail(L);
    return 1;
}
