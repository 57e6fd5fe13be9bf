#include "lua/syntax.h"

#include "profile/source_text.h"

#include <lauxlib.h>

void syntax_explain(lua_State *L, const char *text, size_t len)
{
    char better[SOURCE_TEXT_MAX];

    if (lua_type(L, -1) != LUA_TSTRING ||
        !source_text_explain(text, len, lua_tostring(L, -1), better))
        return;
    lua_pop(L, 1);
    lua_pushstring(L, better);
}

int syntax_explain_function(lua_State *L)
{
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);

    luaL_checkstring(L, 2);
    lua_settop(L, 2);
    syntax_explain(L, text, len);
    return 1;
}
