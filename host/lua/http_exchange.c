/* One exchange: native.exchange parks the task until its reply is there, or,
 * of one that streams, the first of its body. */
#include "base/url.h"
#include "lua/host.h"
#include "lua/http_own.h"
#include "net/transfer.h"

#include <lauxlib.h>
#include <string.h>

#define EXCHANGE "omnitron.exchange"

enum {
    REPLY_MAX = 64 << 20,
    AT_EXCHANGE = 2, // places on the stack while it waits
    AT_BODY = 3,
};

struct exchange {
    struct waiter waiter;
    struct transfer *transfer; // NULL: not yet, or over
    struct http_file file;
    bool over; // as the transfer sees it
};

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

/* exchange:__close(), exchange:__gc(): ends it if it has not ended. */
static int l_exchange__gc(lua_State *L)
{
    release(luaL_checkudata(L, 1, EXCHANGE));
    return 0;
}

static void exchange_ended(struct transfer *t, void *arg)
{
    struct exchange *x = arg;

    (void)t;
    x->over = true;
    task_wake(&x->waiter);
}

static void exchange_arrived(struct transfer *t, void *arg)
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

/* NULL for http and https. */
static const char *file_protocol(const char *text)
{
    struct url url;
    const char *why;

    return url_read_any(text, &url, &why) && !url.web ? url.scheme : NULL;
}

/* A reply is asked for compressed only where its size has a limit that counts
 * it unpacked. */
static bool prepare(lua_State *L, struct exchange *x,
    const struct http_request *request, struct error *err)
{
    struct host *host = host_of(L);
    struct transfer_request prepared = {.method = request->method,
        .headers = http_request_push_headers(L),
        .writes = !http_request_repeats(request),
        .timeout_ms = (long)(request->timeout * 1000 + 0.5),
        .connect_timeout_ms = (long)host->profile->connect_timeout_ms,
        .body_max = REPLY_MAX,
        .save_fd = x->file.fd,
        .ca_file = request->ca_file,
        .client_cert = request->client_cert,
        .client_key = request->client_key,
        .packed = !request->save_to && !request->streams,
        .arrived = request->streams ? exchange_arrived : NULL,
        .protocol = file_protocol(request->url),
        .user = request->user,
        .password = request->password,
        .known_hosts = request->known_hosts,
        .account = &host->account,
        .url_bytes = strlen(request->url),
        .plain = strncmp(request->url, "http://", 7) == 0};

    x->transfer = transfer_new(host->loop->net);
    bool ok = x->transfer ? transfer_prepare(x->transfer, &prepared, err)
                          : error_memory(err);
    lua_settop(L, AT_EXCHANGE);
    return ok;
}

/* Leaves the body on the stack, where the transfer borrows it. */
static bool start(lua_State *L, struct exchange *x,
    const struct http_request *request, struct error *err)
{
    size_t len = 0;

    lua_getfield(L, 1, "body");
    const char *body = lua_tolstring(L, AT_BODY, &len);
    return transfer_aim(x->transfer, request->url, body, len, err) &&
           transfer_start(x->transfer, exchange_ended, x, err);
}

/* Where the account is full it is tried once more, without Lua's garbage. */
static bool begin(lua_State *L, struct exchange *x,
    const struct http_request *request, struct error *err)
{
    if (prepare(L, x, request, err))
        return start(L, x, request, err);
    if (err->kind != ERROR_FULL)
        return false;
    transfer_free(x->transfer);
    x->transfer = NULL;
    account_collect(&host_of(L)->account);
    return prepare(L, x, request, err) && start(L, x, request, err);
}

static int push_result(lua_State *L, struct exchange *x)
{
    const struct transfer_reply *reply = transfer_reply(x->transfer);
    struct error err;

    if (reply->complete && x->file.fd >= 0 && reply->status >= 200 &&
        reply->status <= 299 && !http_file_keep(&x->file, &err))
        return http_push_failure(L, err.text, "protocol", reply->sent);
    return http_push_result(L, reply);
}

static int exchange_done(lua_State *L, int status, lua_KContext ctx)
{
    struct exchange *x = lua_touserdata(L, (int)ctx);

    (void)status;
    if (!x->over) {
        http_push_reply(L, transfer_reply(x->transfer));
        lua_pushvalue(L, (int)ctx);
        lua_setfield(L, -2, "stream");
        transfer_drain(x->transfer);
        return 1;
    }
    int results = push_result(L, x);
    release(x);
    return results;
}

/* native.exchange{ method, url, headers = { "Name: value", … }, timeout,
 *     body, reads, save_to, ca_file, client_cert, client_key, known_hosts,
 *     user, password, streams }
 *   -> { status, headers, body [, words] [, stream] }
 *    | nil, words, kind, sent
 * One request, one reply, of any status; of a download, 200, 401, 403 or 404
 * with the words of it. With streams, a body that has not come to its end is
 * read on by stream:read(). */
int http_exchange(lua_State *L)
{
    struct http_request request = {0};
    struct error err;

    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    http_request_read(L, &request);
    http_check_may_leave(
        L, request.method, request.url, request.reads, request.save_to);
    task_check_can_wait(L);
    if (host_of(L)->leaving)
        return task_stay(L);
    struct exchange *x = push_exchange(L);
    if (request.save_to && !http_file_open(&x->file, request.save_to, &err))
        return http_push_failure(L, err.text, "protocol", false);
    if (!begin(L, x, &request, &err)) {
        release(x);
        return http_push_unstarted(L, &err);
    }
    return task_park(L, &x->waiter, AT_EXCHANGE, exchange_done);
}

/* What has come, before more may come. */
static int take_piece(lua_State *L, struct exchange *x)
{
    const struct buf *body = &transfer_reply(x->transfer)->body;

    lua_pushlstring(L, buf_text(body), body->len);
    if (transfer_drain(x->transfer))
        return 1;
    release(x);
    return http_push_failure(L, "out of memory", "protocol", true);
}

static int read_on(lua_State *L, int status, lua_KContext ctx)
{
    struct exchange *x = lua_touserdata(L, 1);

    (void)status, (void)ctx;
    if (!x->transfer)
        return 0;
    const struct transfer_reply *reply = transfer_reply(x->transfer);
    if (reply->body.len > 0)
        return take_piece(L, x);
    if (!x->over)
        return task_park(L, &x->waiter, 0, read_on);
    int results = reply->complete ? 0 : http_push_result(L, reply);
    release(x);
    return results;
}

/* stream:read() -> text | nothing at its end | nil, words, kind, sent
 * Waits for more; what is not read does not come. */
static int l_exchange_read(lua_State *L)
{
    struct exchange *x = luaL_checkudata(L, 1, EXCHANGE);

    task_check_can_wait(L);
    if (x->waiter.task)
        return luaL_error(L, "another task reads this stream");
    lua_settop(L, 1);
    return read_on(L, LUA_OK, 0);
}

static const luaL_Reg exchange_metamethods[] = {
    {"__close", l_exchange__gc},
    {"__gc", l_exchange__gc},
    {NULL, NULL},
};

static const luaL_Reg exchange_methods[] = {
    {"read", l_exchange_read},
    {NULL, NULL},
};

void http_open_exchanges(lua_State *L)
{
    luaL_newmetatable(L, EXCHANGE);
    luaL_setfuncs(L, exchange_metamethods, 0);
    luaL_newlib(L, exchange_methods);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}
