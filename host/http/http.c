/* What the http module (scripts/lib/http.lua) is made of: one exchange, a
 * turn at a host, what a URL says, and what may leave the program. */
#include "base/url.h"
#include "http/http_own.h"
#include "lua/modules.h"
#include "lua/script.h"
#include "lua/type.h"

#include <lauxlib.h>
#include <string.h>

#define WOULD "omnitron.would"

static bool only_reads(const char *method, bool reads)
{
    return reads || strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

static bool may_leave(const struct script *host, const struct url *url)
{
    return !host->planning && (!host->mock || host->live_erp || url->loopback);
}

/* The query may hold what nobody else should read. */
static void push_would(
    lua_State *L, const char *method, const char *url, const char *save_to)
{
    lua_createtable(L, 0, 1);
    lua_pushfstring(L, "%s ", method);
    lua_pushlstring(L, url, strcspn(url, "?#"));
    if (save_to)
        lua_pushfstring(L, " into %s", save_to);
    lua_concat(L, save_to ? 3 : 2);
    lua_setfield(L, -2, "would");
    luaL_setmetatable(L, WOULD);
}

void http_check_may_leave(lua_State *L, const char *method, const char *url,
    bool reads, const char *save_to)
{
    const struct script *host = script_of(L);
    const char *why;
    struct url read;

    if (!url_read_any(url, &read, &why))
        luaL_error(L, "bad argument to exchange: the URL %s", why);
    if ((only_reads(method, reads) || may_leave(host, &read)) &&
        !(save_to && host->planning))
        return;
    push_would(L, method, url, save_to);
    lua_error(L);
}

/* native.check_may_leave(method, url, reads [, save_to])
 * Raises { would = "POST https://…" } where the request must stay here. */
static int l_http_check_may_leave(lua_State *L)
{
    http_check_may_leave(L, luaL_checkstring(L, 1), luaL_checkstring(L, 2),
        lua_toboolean(L, 3), luaL_optstring(L, 4, NULL));
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

/* native.is_would(e) -> whether it is the error of a request that stays */
static int l_http_is_would(lua_State *L)
{
    bool would = lua_istable(L, 1) && lua_getmetatable(L, 1);

    if (would) {
        luaL_getmetatable(L, WOULD);
        would = lua_rawequal(L, -1, -2);
    }
    lua_pushboolean(L, would);
    return 1;
}

/* tostring(would) -> "would POST https://…"
 * Never raises: it is called where nobody catches. */
static int l_would__tostring(lua_State *L)
{
    lua_settop(L, 1);
    lua_pushliteral(L, "would ");
    lua_pushliteral(L, "would");
    if (!lua_istable(L, 1) || lua_rawget(L, 1) != LUA_TSTRING) {
        lua_settop(L, 2);
        lua_pushliteral(L, "send a request");
    }
    lua_concat(L, 2);
    return 1;
}

static const luaL_Reg functions[] = {
    {"check_may_leave", l_http_check_may_leave},
    {"enter", NULL},
    {"exchange", http_exchange},
    {"is_would", l_http_is_would},
    {"origin", l_http_origin},
    {"speaks", l_http_speaks},
    {NULL, NULL},
};

int luaopen_omnitron_http(lua_State *L)
{
    type_push(L, WOULD);
    lua_pushcfunction(L, l_would__tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pop(L, 1);
    http_open_turns(L);
    http_open_exchanges(L);
    luaL_newlib(L, functions);
    http_push_places(L);
    lua_pushcclosure(L, http_enter, 1);
    lua_setfield(L, -2, "enter");
    return 1;
}
