/* What the script's side asks native.exchange for: see http_own.h. */
#include "base/ascii.h"
#include "base/url.h"
#include "http/http_own.h"

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
    {"from", ROW_TEXT, false, offsetof(struct http_request, from)},
    {"home", ROW_TEXT, false, offsetof(struct http_request, home)},
    {"timeout", ROW_SECONDS, true, offsetof(struct http_request, timeout)},
    {"reads", ROW_FLAG, false, offsetof(struct http_request, reads)},
    {"streams", ROW_FLAG, false, offsetof(struct http_request, streams)},
    {"from_inside", ROW_FLAG, false,
        offsetof(struct http_request, from_inside)},
};

static const int row_types[] = {
    [ROW_TEXT] = LUA_TSTRING,
    [ROW_SECONDS] = LUA_TNUMBER,
    [ROW_FLAG] = LUA_TBOOLEAN,
};

/* C would read it up to its first NUL, and decide on another text. */
static const char *plain_text(lua_State *L, const char *name)
{
    size_t len;
    const char *text = lua_tolstring(L, -1, &len);

    if (strlen(text) != len)
        luaL_error(L, "bad argument to exchange: a NUL in %s", name);
    return text;
}

/* The value on top of the stack stays there: it has the text. */
static void take_value(
    lua_State *L, const char *name, enum row_kind kind, void *field)
{
    if (kind == ROW_TEXT)
        *(const char **)field = plain_text(L, name);
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
            take_value(L, rows[i].name, rows[i].kind,
                (char *)request + rows[i].offset);
    }
    if (!(request->timeout > 0 && request->timeout <= TIMEOUT_MOST))
        luaL_error(L, "bad argument to exchange: timeout is no time");
}

/* The value of a header line if it has this name, in lower case, else NULL. */
static const char *value_of(const char *line, const char *name)
{
    if (!ascii_begins(line, name))
        return NULL;
    line += strlen(name);
    if (*line != ':' && *line != ';')
        return NULL;
    return line + 1 + strspn(line + 1, " ");
}

static bool is_one_of(const char *line, const char *const *names)
{
    while (*names && !value_of(line, *names))
        names++;
    return *names != NULL;
}

/* The header line on top of the stack. */
static const char *check_header(lua_State *L)
{
    static const char *const framing[] = {
        "content-length", "transfer-encoding", NULL};

    luaL_argcheck(
        L, lua_type(L, -1) == LUA_TSTRING, 1, "a header must be a string");
    const char *line = plain_text(L, "a header");
    luaL_argcheck(
        L, !is_one_of(line, framing), 1, "a header that frames the body");
    return line;
}

/* Any other may hold a credential; "Content-Type:" takes libcurl's away. */
static bool may_go_elsewhere(const char *line)
{
    static const char *const names[] = {
        "accept", "accept-language", "user-agent", NULL};

    return is_one_of(line, names) || strcmp(line, "Content-Type:") == 0;
}

void http_request_push_headers(lua_State *L, struct http_request *request)
{
    size_t kept = 0;

    luaL_argcheck(L, lua_getfield(L, 1, "headers") == LUA_TTABLE, 1,
        "headers must be a list");
    size_t n = (size_t)lua_rawlen(L, -1);
    luaL_argcheck(L, n <= HEADERS_MAX, 1, "more than 200 headers");
    const char **lines = lua_newuserdatauv(L, (n + 1) * sizeof *lines, 1);
    lua_createtable(L, (int)n, 0); // theirs may change meanwhile
    for (size_t i = 0; i < n; i++) {
        lua_rawgeti(L, -3, (lua_Integer)i + 1);
        const char *line = check_header(L);
        if (!request->elsewhere || may_go_elsewhere(line))
            lines[kept++] = line;
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setiuservalue(L, -2, 1);
    lines[kept] = NULL;
    request->headers = lines;
}

static bool asks_to_write(const char *line, const char **method)
{
    static const char *const names[] = {
        "x-http-method-override", "x-http-method", "x-method-override", NULL};

    for (const char *const *name = names; *name; name++) {
        *method = value_of(line, *name);
        if (*method && strcmp(*method, "GET") != 0 &&
            strcmp(*method, "HEAD") != 0)
            return true;
    }
    return false;
}

const char *http_request_override(const struct http_request *request)
{
    const char *method;

    for (const char *const *line = request->headers; *line; line++)
        if (asks_to_write(*line, &method))
            return method;
    return NULL;
}

/* By the same reader as the URL itself. */
bool http_request_follow(struct http_request *request, const char **why)
{
    struct url home, from, to;

    if (!request->home || !url_read(request->home, &home, why) ||
        !url_read(request->from, &from, why) ||
        !url_read(request->url, &to, why)) {
        *why = "it is redirected to or from what is no web page";
        return false;
    }
    if (strcmp(request->method, "GET") != 0)
        *why = "it is redirected, and is no GET";
    else if (from.https && !to.https)
        *why = "it is redirected from https to http, which is not followed";
    else
        *why = NULL;
    request->elsewhere = strcmp(home.origin, to.origin) != 0;
    if (request->elsewhere)
        request->client_cert = request->client_key = NULL;
    request->user = request->password = NULL;
    return !*why;
}

bool http_request_repeats(const struct http_request *request)
{
    static const char *const methods[] = {"GET", "HEAD", "PUT", "DELETE", NULL};

    for (const char *const *m = methods; *m; m++)
        if (strcmp(request->method, *m) == 0)
            return true;
    return request->reads;
}
