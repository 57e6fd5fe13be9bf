#include "lua/lua_version.h"

#include "base/mem.h"
#include "json/json_lua.h"

#include <lua.h>
#include <stdio.h>

const char *lua_version_lua(void)
{
    return LUA_RELEASE;
}

static void *allocate(void *arg, void *block, size_t old, size_t size)
{
    (void)arg;
    (void)old;
    if (size)
        return mem_realloc(block, size);
    mem_free(block);
    return NULL;
}

static int l_cjson_version(lua_State *L)
{
    json_lua_push_version(L);
    return 1;
}

const char *lua_version_cjson(char out[VERSION_TEXT_MAX])
{
    lua_State *L = lua_newstate(allocate, NULL);

    out[0] = '\0';
    if (!L)
        return out;
    lua_pushcfunction(L, l_cjson_version);
    if (lua_pcall(L, 0, 1, 0) == LUA_OK && lua_isstring(L, -1))
        snprintf(out, VERSION_TEXT_MAX, "%s", lua_tostring(L, -1));
    lua_close(L);
    return out;
}
