/* empty: opens a Lua state and closes it, linked with all that `omnitron` is
 * linked with: what starting up costs at least. */
#include <lauxlib.h>
#include <lualib.h>

int main(void)
{
    lua_State *L = luaL_newstate();

    if (!L)
        return 1;
    luaL_openlibs(L);
    lua_close(L);
    return 0;
}
