#include "lua/type.h"

#include <lauxlib.h>

void type_hide(lua_State *L)
{
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
}

bool type_push(lua_State *L, const char *name)
{
    bool made = luaL_newmetatable(L, name);

    if (made)
        type_hide(L);
    return made;
}
