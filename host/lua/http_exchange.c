/* One exchange: native.exchange parks the task until its reply is there. */
#include "lua/host.h"
#include "lua/http_own.h"
#include "net/transfer.h"

#include <lauxlib.h>
#include <string.h>

#define EXCHANGE "omnitron.exchange"

enum {
    REPLY_MAX = 64 << 20,
    HEADERS_MAX = 200, // of one request
    AT_EXCHANGE = 2,   // places on the stack while it waits
    AT_BODY = 3,
};

struct exchange {
    struct waiter waiter;
    struct transfer *transfer; // NULL: not yet, or over
    struct http_file file;
};

/* What the script's side asks for; borrows from its table. */
struct request {
    const char *method, *url, *save_to;
    const char *ca_file, *client_cert, *client_key;
    double timeout;
    bool reads;
};

enum row_kind { ROW_TEXT, ROW_SECONDS, ROW_FLAG };

static const struct {
    const char *name;
    enum row_kind kind;
    bool needed;
    size_t offset;
} rows[] = {
    {"method", ROW_TEXT, true, offsetof(struct request, method)},
    {"url", ROW_TEXT, true, offsetof(struct request, url)},
    {"save_to", ROW_TEXT, false, offsetof(struct request, save_to)},
    {"ca_file", ROW_TEXT, false, offsetof(struct request, ca_file)},
    {"client_cert", ROW_TEXT, false, offsetof(struct request, client_cert)},
    {"client_key", ROW_TEXT, false, offsetof(struct request, client_key)},
    {"timeout", ROW_SECONDS, true, offsetof(struct request, timeout)},
    {"reads", ROW_FLAG, false, offsetof(struct request, reads)},
};

static const int row_types[] = {
    [ROW_TEXT] = LUA_TSTRING,
    [ROW_SECONDS] = LUA_TNUMBER,
    [ROW_FLAG] = LUA_TBOOLEAN,
};

/* The table keeps the text of the value on top of the stack. */
static void take_value(lua_State *L, enum row_kind kind, void *field)
{
    if (kind == ROW_TEXT)
        *(const char **)field = lua_tostring(L, -1);
    else if (kind == ROW_SECONDS)
        *(double *)field = lua_tonumber(L, -1);
    else
        *(bool *)field = lua_toboolean(L, -1);
}

static void read_request(lua_State *L, struct request *request)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int type = lua_getfield(L, 1, rows[i].name);
        bool absent = type == LUA_TNIL && !rows[i].needed;
        if (!absent && type != row_types[rows[i].kind])
            luaL_error(L, "bad argument to exchange: %s is a %s", rows[i].name,
                lua_typename(L, type));
        if (!absent)
            take_value(L, rows[i].kind, (char *)request + rows[i].offset);
        lua_pop(L, 1);
    }
}

/* Pushes a block that holds the lines; the table keeps their texts. */
static const char *const *push_headers_of(lua_State *L)
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

static void release(struct exchange *x)
{
    transfer_free(x->transfer);
    x->transfer = NULL;
    http_file_drop(&x->file);
}

static void exchange_abort(struct waiter *waiter)
{
    release((struct exchange *)waiter);
}

static int l_exchange__gc(lua_State *L)
{
    release(luaL_checkudata(L, 1, EXCHANGE));
    return 0;
}

static void exchange_ended(struct transfer *t, void *arg)
{
    struct exchange *x = arg;

    (void)t;
    task_wake(&x->waiter);
}

static struct exchange *push_exchange(lua_State *L)
{
    struct exchange *x = lua_newuserdatauv(L, sizeof *x, 0);

    *x = (struct exchange){.waiter.abort = exchange_abort, .file.fd = -1};
    luaL_setmetatable(L, EXCHANGE);
    return x;
}

/* Methods that change nothing when they are repeated do not pass the gate;
 * what is unknown does. */
static bool may_repeat(const struct request *request)
{
    static const char *const methods[] = {"GET", "HEAD", "PUT", "DELETE", NULL};

    for (const char *const *m = methods; *m; m++)
        if (strcmp(request->method, *m) == 0)
            return true;
    return request->reads;
}

static bool prepare(lua_State *L, struct exchange *x,
    const struct request *request, struct error *err)
{
    const struct host *host = host_of(L);
    struct transfer_request prepared = {.method = request->method,
        .headers = push_headers_of(L),
        .writes = !may_repeat(request),
        .timeout_ms = (long)(request->timeout * 1000 + 0.5),
        .connect_timeout_ms = (long)host->profile->connect_timeout_ms,
        .body_max = REPLY_MAX,
        .save_fd = x->file.fd,
        .ca_file = request->ca_file,
        .client_cert = request->client_cert,
        .client_key = request->client_key};

    x->transfer = transfer_new(host->loop->net);
    bool ok = x->transfer ? transfer_prepare(x->transfer, &prepared, err)
                          : error_memory(err);
    lua_settop(L, AT_EXCHANGE);
    return ok;
}

/* Leaves the body on the stack, where the transfer borrows it. */
static bool start(lua_State *L, struct exchange *x,
    const struct request *request, struct error *err)
{
    size_t len = 0;

    lua_getfield(L, 1, "body");
    const char *body = lua_tolstring(L, AT_BODY, &len);
    return transfer_aim(x->transfer, request->url, body, len, err) &&
           transfer_start(x->transfer, exchange_ended, x, err);
}

/* ASCII alone: the locale must not decide what a header's name is. */
static void push_lower(lua_State *L, const char *name, size_t len)
{
    luaL_Buffer b;
    char *to = luaL_buffinitsize(L, &b, len);

    for (size_t i = 0; i < len; i++)
        to[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a')
                                                 : name[i];
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

static int push_failure(
    lua_State *L, const char *words, const char *kind, bool sent)
{
    lua_pushnil(L);
    lua_pushstring(L, words);
    lua_pushstring(L, kind);
    lua_pushboolean(L, sent);
    return 4;
}

static int push_reply(lua_State *L, const struct transfer_reply *reply)
{
    lua_createtable(L, 0, 6);
    lua_pushinteger(L, reply->status);
    lua_setfield(L, -2, "status");
    lua_pushlstring(L, buf_text(&reply->body), reply->body.len);
    lua_setfield(L, -2, "body");
    push_head(L, &reply->head);
    lua_setfield(L, -2, "headers");
    return 1;
}

int http_push_result(lua_State *L, const struct transfer_reply *reply)
{
    if (reply->curl)
        return push_failure(L, reply->error, reply->kind, reply->sent);
    if (!reply->complete)
        return push_failure(
            L, "the reply ended inside its head", "reset", reply->sent);
    return push_reply(L, reply);
}

static int push_result(lua_State *L, struct exchange *x)
{
    const struct transfer_reply *reply = transfer_reply(x->transfer);
    struct error err;

    if (reply->complete && x->file.fd >= 0 && reply->status >= 200 &&
        reply->status <= 299 && !http_file_keep(&x->file, &err))
        return push_failure(L, err.text, "protocol", reply->sent);
    return http_push_result(L, reply);
}

static int exchange_done(lua_State *L, int status, lua_KContext ctx)
{
    struct exchange *x = lua_touserdata(L, (int)ctx);

    (void)status;
    int results = push_result(L, x);
    release(x);
    return results;
}

/* native.exchange{ method, url, headers = { "Name: value", … }, timeout,
 *     body, reads, save_to, ca_file, client_cert, client_key }
 *   -> { status, headers, body } | nil, words, kind, sent
 * One request, one reply, of any status. */
int http_exchange(lua_State *L)
{
    struct request request = {0};
    struct error err;

    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    read_request(L, &request);
    http_check_may_leave(
        L, request.method, request.url, request.reads, request.save_to);
    task_check_can_wait(L);
    struct exchange *x = push_exchange(L);
    if (request.save_to && !http_file_open(&x->file, request.save_to, &err))
        return push_failure(L, err.text, "protocol", false);
    if (!prepare(L, x, &request, &err) || !start(L, x, &request, &err)) {
        release(x);
        return luaL_error(L, "%s", err.text);
    }
    return task_park(L, &x->waiter, AT_EXCHANGE, exchange_done);
}

static const luaL_Reg exchange_methods[] = {
    {"__close", l_exchange__gc},
    {"__gc", l_exchange__gc},
    {NULL, NULL},
};

void http_open_exchanges(lua_State *L)
{
    luaL_newmetatable(L, EXCHANGE);
    luaL_setfuncs(L, exchange_methods, 0);
    lua_pop(L, 1);
}
