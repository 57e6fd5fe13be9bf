/* What may leave the program: a plan's request that writes, or a rehearsal's
 * that is not for a mock of ours, stays, and raises what it would have done. */
#include "base/url.h"
#include "base/utf8.h"
#include "http/http_own.h"
#include "lua/script.h"
#include "lua/type.h"

#include <lauxlib.h>
#include <string.h>

enum { BODY_MOST = 2000 }; // bytes of a body that are shown

#define WOULD "omnitron.would"
#define WHO   "omnitron.who"

static bool only_reads(const char *method, bool reads)
{
    return reads || strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

static bool only_a_mock(const struct script *host)
{
    return host->mock && !host->live_erp && !host->planning;
}

/* What a server said when it was asked who it is: true, it is a mock of ours;
 * false, it is not; nil, nobody has asked. */
static void push_who(lua_State *L, const char *origin)
{
    luaL_getsubtable(L, LUA_REGISTRYINDEX, WHO);
    lua_getfield(L, -1, origin);
    lua_remove(L, -2);
}

/* The mock that this process has, and others that said so. */
static bool is_ours(lua_State *L, const struct url *url)
{
    const char *omnitron = script_of(L)->origin;

    if (omnitron && strcmp(url->origin, omnitron) == 0)
        return true;
    push_who(L, url->origin);
    bool ours = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return ours;
}

static bool may_leave(lua_State *L, const struct url *url)
{
    const struct script *host = script_of(L);

    return !host->planning &&
           (!host->mock || host->live_erp || is_ours(L, url));
}

/* native.stranger(method, url, reads) -> its origin | nil
 * Who has to be asked who it is before that may leave. */
int http_stranger(lua_State *L)
{
    const char *method = luaL_checkstring(L, 1), *why;
    struct url url;

    if (!only_a_mock(script_of(L)) || only_reads(method, lua_toboolean(L, 3)) ||
        !url_read(luaL_checkstring(L, 2), &url, &why) || !url.loopback ||
        is_ours(L, &url))
        return 0;
    push_who(L, url.origin);
    if (!lua_isnil(L, -1))
        return 0;
    lua_pushstring(L, url.origin);
    return 1;
}

/* native.note_stranger(origin, is_ours) */
int http_note_stranger(lua_State *L)
{
    luaL_checkstring(L, 1);
    luaL_checktype(L, 2, LUA_TBOOLEAN);
    lua_settop(L, 2);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, WHO);
    lua_insert(L, 1);
    lua_settable(L, 1);
    return 0;
}

/* As much as people read; whole characters where it is text. */
static void push_body(lua_State *L, int index)
{
    size_t len;
    const char *body = lua_tolstring(L, index, &len);

    if (len > BODY_MOST)
        len = utf8_cut(body, len, BODY_MOST);
    lua_pushlstring(L, body, len);
}

/* The query may hold what nobody else should read. */
static void push_would(lua_State *L, const char *method, const char *url,
    const char *save_to, int body)
{
    const struct script *host = script_of(L);

    lua_createtable(L, 0, 2);
    if (body && lua_type(L, body) == LUA_TSTRING) {
        push_body(L, body);
        lua_setfield(L, -2, "body");
    }
    lua_pushfstring(L, "%s ", method);
    lua_pushlstring(L, url, strcspn(url, "?#"));
    lua_pushstring(L, save_to ? " into " : "");
    lua_pushstring(L, save_to ? save_to : "");
    lua_pushstring(L, only_a_mock(host) && !host->test && !host->repl
                          ? "; --live-erp sends it"
                          : "");
    lua_concat(L, 5);
    lua_setfield(L, -2, "would");
    luaL_setmetatable(L, WOULD);
}

void http_check_may_leave(lua_State *L, const char *method, const char *url,
    bool reads, const char *save_to, int body)
{
    const char *why;
    struct url read;

    if (!url_read_any(url, &read, &why))
        luaL_error(L, "bad argument to exchange: the URL %s", why);
    if ((only_reads(method, reads) || may_leave(L, &read)) &&
        !(save_to && script_of(L)->planning))
        return;
    push_would(L, method, url, save_to, body);
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
