/* What may leave the program: a rehearsal's request, or one that is not for the
 * mock, stays, and raises what it would have done. */
#include "base/url.h"
#include "http/http_own.h"
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

/* native.is_would(e) -> whether it is the error of a request that stays */
int http_is_would(lua_State *L)
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

void http_open_would(lua_State *L)
{
    type_push(L, WOULD);
    lua_pushcfunction(L, l_would__tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pop(L, 1);
}
