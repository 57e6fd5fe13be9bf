/* What the http module (scripts/lib/http.lua) is made of: one exchange, a
 * turn at a host, what a URL says, and what may leave the program. */
#include "base/url.h"
#include "http/http_own.h"
#include "lua/modules.h"

#include <lauxlib.h>
#include <string.h>

/* native.check_may_leave(method, url, reads [, save_to [, body]])
 * Raises { would = "POST https://…", body = … } where it must stay here. */
static int l_http_check_may_leave(lua_State *L)
{
    lua_settop(L, 5);
    http_check_may_leave(L, luaL_checkstring(L, 1), luaL_checkstring(L, 2),
        lua_toboolean(L, 3), luaL_optstring(L, 4, NULL), 5);
    return 0;
}

/* native.origin(url [, files]) -> "https://host[:port]", scheme
 *                              | nil, what is wrong with it
 * With files, ftp:// and sftp:// are right, too. */
static int l_http_origin(lua_State *L)
{
    struct url url;
    size_t len;
    const char *why;
    const char *text = luaL_checklstring(L, 1, &len);
    bool ok = (lua_toboolean(L, 2) ? url_read_any : url_read)(text, &url, &why);

    if (ok && strlen(text) == len) {
        lua_pushstring(L, url.origin);
        lua_pushstring(L, url.scheme);
        return 2;
    }
    lua_pushnil(L);
    lua_pushstring(L, ok ? "has a control character in it" : why);
    return 2;
}

/* native.speaks(scheme) -> whether libcurl does, its version */
static int l_http_speaks(lua_State *L)
{
    lua_pushboolean(L, net_speaks(luaL_checkstring(L, 1)));
    lua_pushstring(L, net_version());
    return 2;
}

static const luaL_Reg functions[] = {
    {"check_may_leave", l_http_check_may_leave},
    {"decode", http_decode},
    {"enter", NULL},
    {"exchange", http_exchange},
    {"is_would", http_is_would},
    {"note_stranger", http_note_stranger},
    {"origin", l_http_origin},
    {"speaks", l_http_speaks},
    {"stranger", http_stranger},
    {NULL, NULL},
};

int luaopen_omnitron_http(lua_State *L)
{
    http_open_would(L);
    http_open_turns(L);
    http_open_exchanges(L);
    luaL_newlib(L, functions);
    http_push_places(L);
    lua_pushcclosure(L, http_enter, 1);
    lua_setfield(L, -2, "enter");
    return 1;
}
