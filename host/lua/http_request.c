/* What the script's side asks native.exchange for: see http_own.h. */
#include "lua/http_own.h"

#include <lauxlib.h>
#include <string.h>

enum { HEADERS_MAX = 200, TIMEOUT_MOST = 86400 };

enum row_kind { ROW_TEXT, ROW_SECONDS, ROW_FLAG };

static const struct {
    const char *name;
    enum row_kind kind;
    bool needed;
    size_t offset;
} rows[] = {
    {"method", ROW_TEXT, true, offsetof(struct http_request, method)},
    {"url", ROW_TEXT, true, offsetof(struct http_request, url)},
    {"save_to", ROW_TEXT, false, offsetof(struct http_request, save_to)},
    {"ca_file", ROW_TEXT, false, offsetof(struct http_request, ca_file)},
    {"client_cert", ROW_TEXT, false,
        offsetof(struct http_request, client_cert)},
    {"client_key", ROW_TEXT, false, offsetof(struct http_request, client_key)},
    {"known_hosts", ROW_TEXT, false,
        offsetof(struct http_request, known_hosts)},
    {"user", ROW_TEXT, false, offsetof(struct http_request, user)},
    {"password", ROW_TEXT, false, offsetof(struct http_request, password)},
    {"timeout", ROW_SECONDS, true, offsetof(struct http_request, timeout)},
    {"reads", ROW_FLAG, false, offsetof(struct http_request, reads)},
    {"streams", ROW_FLAG, false, offsetof(struct http_request, streams)},
};

static const int row_types[] = {
    [ROW_TEXT] = LUA_TSTRING,
    [ROW_SECONDS] = LUA_TNUMBER,
    [ROW_FLAG] = LUA_TBOOLEAN,
};

/* The value on top of the stack stays there: it has the text. */
static void take_value(lua_State *L, enum row_kind kind, void *field)
{
    if (kind == ROW_TEXT)
        *(const char **)field = lua_tostring(L, -1);
    else if (kind == ROW_SECONDS)
        *(double *)field = lua_tonumber(L, -1);
    else
        *(bool *)field = lua_toboolean(L, -1);
}

void http_request_read(lua_State *L, struct http_request *request)
{
    _Static_assert(sizeof rows / sizeof *rows == HTTP_REQUEST_FIELDS,
        "each is on the stack");
    luaL_checkstack(L, HTTP_REQUEST_FIELDS + 8, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int type = lua_getfield(L, 1, rows[i].name);
        bool absent = type == LUA_TNIL && !rows[i].needed;
        if (!absent && type != row_types[rows[i].kind])
            luaL_error(L, "bad argument to exchange: %s is a %s", rows[i].name,
                lua_typename(L, type));
        if (!absent)
            take_value(L, rows[i].kind, (char *)request + rows[i].offset);
    }
    if (!(request->timeout > 0 && request->timeout <= TIMEOUT_MOST))
        luaL_error(L, "bad argument to exchange: timeout is no time");
}

const char *const *http_request_push_headers(lua_State *L)
{
    luaL_argcheck(L, lua_getfield(L, 1, "headers") == LUA_TTABLE, 1,
        "headers must be a list");
    size_t n = (size_t)lua_rawlen(L, -1);
    luaL_argcheck(L, n <= HEADERS_MAX, 1, "more than 200 headers");
    const char **lines = lua_newuserdatauv(L, (n + 1) * sizeof *lines, 0);
    for (size_t i = 0; i < n; i++) {
        int type = lua_rawgeti(L, -2, (lua_Integer)i + 1);
        luaL_argcheck(L, type == LUA_TSTRING, 1, "a header must be a string");
        lines[i] = lua_tostring(L, -1);
        lua_pop(L, 1);
    }
    lines[n] = NULL;
    return lines;
}

bool http_request_repeats(const struct http_request *request)
{
    static const char *const methods[] = {"GET", "HEAD", "PUT", "DELETE", NULL};

    for (const char *const *m = methods; *m; m++)
        if (strcmp(request->method, *m) == 0)
            return true;
    return request->reads;
}
