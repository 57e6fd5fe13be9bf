/* A reply as a table: see http_own.h. */
#include "base/ascii.h"
#include "http/http_own.h"
#include "lua/script.h"
#include "net/transfer.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

enum { TABLE_BYTES = 16 * 1024 }; // beside the texts

static void push_lower(lua_State *L, const char *name, size_t len)
{
    luaL_Buffer b;
    char *to = luaL_buffinitsize(L, &b, len);

    for (size_t i = 0; i < len; i++)
        to[i] = ascii_lower(name[i]);
    luaL_pushresultsize(&b, len);
}

/* RFC 9110, 5.3: values of one name are joined by commas, in their order. */
static void set_joined(lua_State *L, const char *value, size_t len)
{
    lua_pushvalue(L, -1);                          // table name name
    bool again = lua_rawget(L, -3) == LUA_TSTRING; // table name old
    if (!again)
        lua_pop(L, 1);
    else
        lua_pushliteral(L, ", ");
    lua_pushlstring(L, value, len);
    if (again)
        lua_concat(L, 3);
    lua_rawset(L, -3);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static void set_header(lua_State *L, const char *line, const char *end)
{
    const char *colon = memchr(line, ':', (size_t)(end - line));

    if (!colon || is_blank(line[0]))
        return;
    const char *value = colon + 1;
    while (value < end && is_blank(*value))
        value++;
    while (end > value && is_blank(end[-1]))
        end--;
    push_lower(L, line, (size_t)(colon - line));
    set_joined(L, value, (size_t)(end - value));
}

static void push_head(lua_State *L, const struct buf *head)
{
    const char *line = buf_text(head);
    const char *end = line + head->len;

    lua_newtable(L);
    while (line < end) {
        const char *eol = memchr(line, '\n', (size_t)(end - line));
        set_header(L, line, eol ? eol : end);
        line = eol ? eol + 1 : end;
    }
}

/* What is behind the name of a line that is a cookie, else NULL. */
static const char *cookie_in(const char *line, const char *end)
{
    static const char name[] = "set-cookie:";
    size_t len = strlen(name);

    return (size_t)(end - line) >= len && ascii_begins(line, name) ? line + len
                                                                   : NULL;
}

/* A cookie may have a comma in it: those that came, each as it came. */
static void push_cookies(lua_State *L, const struct buf *head)
{
    const char *line = buf_text(head);
    const char *end = line + head->len;

    lua_newtable(L);
    while (line < end) {
        const char *eol = memchr(line, '\n', (size_t)(end - line));
        const char *stop = eol ? eol : end;
        const char *cookie = cookie_in(line, stop);
        if (cookie) {
            lua_pushlstring(L, cookie, (size_t)(stop - cookie));
            lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
        }
        line = eol ? eol + 1 : end;
    }
}

void http_push_reply(lua_State *L, const struct transfer_reply *reply)
{
    lua_createtable(L, 0, 7);
    lua_pushinteger(L, reply->status);
    lua_setfield(L, -2, "status");
    lua_pushlstring(L, buf_text(&reply->body), reply->body.len);
    lua_setfield(L, -2, "body");
    push_head(L, &reply->head);
    lua_setfield(L, -2, "headers");
    push_cookies(L, &reply->head);
    lua_setfield(L, -2, "cookies");
    if (reply->error[0]) {
        lua_pushstring(L, reply->error);
        lua_setfield(L, -2, "words");
    }
}

int http_push_failure(
    lua_State *L, const char *words, const char *kind, bool sent)
{
    lua_pushnil(L);
    lua_pushstring(L, words);
    lua_pushstring(L, kind);
    lua_pushboolean(L, sent);
    return 4;
}

int http_push_unstarted(lua_State *L, const struct error *err)
{
    if (err->kind != ERROR_FULL)
        return luaL_error(L, "%s", err->text);
    return http_push_failure(L, err->text, "toolarge", false);
}

/* Whether Lua has the memory for its own of the reply, garbage apart. */
static bool fits(lua_State *L, const struct transfer_reply *reply)
{
    return account_fits(&script_of(L)->account,
        reply->body.len + 2 * reply->head.len + TABLE_BYTES);
}

static int push_too_large(lua_State *L, bool sent)
{
    struct error full;

    transfer_refuse_reply(&script_of(L)->account, &full);
    return http_push_failure(L, full.text, "toolarge", sent);
}

int http_push_result(lua_State *L, const struct transfer_reply *reply)
{
    if (reply->curl)
        return http_push_failure(L, reply->error, reply->kind, reply->sent);
    if (!reply->complete)
        return http_push_failure(
            L, "the reply ended inside its head", "reset", reply->sent);
    if (!fits(L, reply))
        return push_too_large(L, reply->sent);
    http_push_reply(L, reply);
    return 1;
}
