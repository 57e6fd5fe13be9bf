/* One exchange: native.exchange parks the task until its reply is there, or,
 * of one that streams, the first of its body. */
#include "base/mem.h"
#include "base/url.h"
#include "http/http_own.h"
#include "lua/script.h"
#include "lua/type.h"
#include "net/transfer.h"

#include <lauxlib.h>
#include <string.h>

#define EXCHANGE "omnitron.exchange"

enum {
    REPLY_MAX = 64 << 20,
    AT_EXCHANGE = HTTP_REQUEST_FIELDS + 2, // on the stack while it waits
    AT_BODY,
};

/* On the heap, where the transfer finds it: Lua may drop a finalizer, deep in
 * a recursion. */
struct exchange {
    struct transfer *transfer; // NULL: not yet, or over
    struct http_file file;
    bool over;            // as the transfer sees it
    bool closed;          // before its end
    struct handle *waits; // whose task waits; NULL: nobody does
};

struct handle {
    struct waiter waiter;
    struct exchange *exchange; // owns; NULL: collected
};

static void release(struct exchange *x)
{
    transfer_free(x->transfer);
    x->transfer = NULL;
    x->waits = NULL;
    http_file_drop(&x->file);
}

static void exchange_abort(struct waiter *waiter)
{
    struct exchange *x = ((struct handle *)waiter)->exchange;

    transfer_give_up(x->transfer);
    release(x);
}

static void end_early(struct exchange *x)
{
    x->closed = x->closed || x->transfer;
    release(x);
}

/* exchange:__close(): ends it if it has not ended; who reads it meanwhile is
 * told so. */
static int l_exchange__close(lua_State *L)
{
    struct handle *handle = luaL_checkudata(L, 1, EXCHANGE);

    if (handle->exchange)
        end_early(handle->exchange);
    task_wake(&handle->waiter);
    return 0;
}

static int l_exchange__gc(lua_State *L)
{
    struct handle *handle = luaL_checkudata(L, 1, EXCHANGE);

    if (handle->exchange)
        end_early(handle->exchange);
    mem_free(handle->exchange);
    handle->exchange = NULL;
    task_fail(&handle->waiter);
    return 0;
}

static void wake(const struct exchange *x)
{
    if (x->waits)
        task_wake(&x->waits->waiter);
}

static void exchange_ended(struct transfer *t, void *arg)
{
    struct exchange *x = arg;

    (void)t;
    x->over = true;
    wake(x);
}

static void exchange_arrived(struct transfer *t, void *arg)
{
    (void)t;
    wake(arg);
}

static struct handle *push_handle(lua_State *L)
{
    struct handle *handle = lua_newuserdatauv(L, sizeof *handle, 0);

    *handle = (struct handle){.waiter.abort = exchange_abort};
    luaL_setmetatable(L, EXCHANGE);
    handle->exchange = mem_calloc(1, sizeof *handle->exchange);
    if (!handle->exchange)
        luaL_error(L, "out of memory");
    handle->exchange->file.fd = -1;
    return handle;
}

/* The exchange of the handle at `index`, for which nobody waits any more. */
static struct exchange *awaited(lua_State *L, int index)
{
    const struct handle *handle = lua_touserdata(L, index);

    if (!handle->exchange)
        luaL_error(L, "the request was closed before its end");
    handle->exchange->waits = NULL;
    return handle->exchange;
}

static int park(
    lua_State *L, struct handle *handle, lua_KContext ctx, lua_KFunction k)
{
    handle->exchange->waits = handle;
    return task_park(L, &handle->waiter, ctx, k);
}

/* A reply is asked for compressed only where its size has a limit that counts
 * it unpacked. */
static bool prepare(lua_State *L, struct exchange *x,
    const struct http_request *request, struct error *err)
{
    struct script *host = script_of(L);
    const char *why;
    struct url url;

    if (!url_read_any(request->url, &url, &why))
        return error_set(err, ERROR_OTHER, "the URL %s", why);
    struct transfer_request prepared = {.method = request->method,
        .headers = request->headers,
        .only_origin = url.origin,
        .from_outside = request->from && !request->from_inside,
        .writes = !http_request_repeats(request),
        .route = {(int64_t)(request->timeout * 1000 + 0.5),
            host->profile->route.connect_timeout_ms, request->ca_file, NULL},
        .body_max = REPLY_MAX,
        .save_fd = x->file.fd,
        .client_cert = request->client_cert,
        .client_key = request->client_key,
        .packed = !request->save_to && !request->streams,
        .arrived = request->streams ? exchange_arrived : NULL,
        .protocol = url.web ? NULL : url.scheme,
        .user = request->user,
        .password = request->password,
        .known_hosts = request->known_hosts,
        .account = &host->account,
        .url_bytes = strlen(request->url),
        .plain = strncmp(request->url, "http://", 7) == 0};

    x->transfer = transfer_new(host->loop->net);
    return x->transfer ? transfer_prepare(x->transfer, &prepared, err)
                       : error_memory(err);
}

/* Drops the headers, which were copied; leaves the body on the stack, where the
 * transfer borrows it. */
static bool start(lua_State *L, struct exchange *x,
    const struct http_request *request, struct error *err)
{
    size_t len = 0;

    lua_settop(L, AT_EXCHANGE);
    lua_getfield(L, 1, "body");
    const char *body = lua_tolstring(L, AT_BODY, &len);
    return transfer_aim(x->transfer, request->url, body, len, err) &&
           transfer_start(x->transfer, exchange_ended, x, err);
}

struct beginning {
    lua_State *L;
    struct exchange *x;
    const struct http_request *request;
};

static bool prepare_anew(void *arg, struct error *err)
{
    const struct beginning *b = arg;

    if (prepare(b->L, b->x, b->request, err))
        return true;
    transfer_free(b->x->transfer);
    b->x->transfer = NULL;
    return false;
}

/* The headers are on the stack until it is prepared. */
static bool begin(lua_State *L, struct exchange *x,
    const struct http_request *request, struct error *err)
{
    struct beginning b = {L, x, request};

    return account_try(&script_of(L)->account, prepare_anew, &b, err) &&
           start(L, x, request, err);
}

/* Behind a reply; how many both are. */
static int push_place(lua_State *L, const struct exchange *x)
{
    lua_pushboolean(L, transfer_was_inside(x->transfer));
    return 2;
}

static int push_result(lua_State *L, struct exchange *x)
{
    const struct transfer_reply *reply = transfer_reply(x->transfer);
    struct error err;

    if (reply->complete && x->file.fd >= 0 && reply->status >= 200 &&
        reply->status <= 299 && !http_file_keep(&x->file, &err))
        return http_push_failure(L, err.text, "protocol", reply->sent);
    int results = http_push_result(L, reply);
    return results > 1 ? results : push_place(L, x);
}

static int exchange_done(lua_State *L, int status, lua_KContext ctx)
{
    struct exchange *x = awaited(L, (int)ctx);

    (void)status;
    if (!x->transfer)
        return luaL_error(L, "the request was closed before its end");
    if (!x->over) {
        http_push_reply(L, transfer_reply(x->transfer));
        lua_pushvalue(L, (int)ctx);
        lua_setfield(L, -2, "stream");
        transfer_drain(x->transfer);
        return push_place(L, x);
    }
    int results = push_result(L, x);
    release(x);
    return results;
}

/* A method that a header puts in the place of one that reads is meant. */
static void check_may_leave(lua_State *L, const struct http_request *request)
{
    const char *override = http_request_override(request);

    http_check_may_leave(
        L, request->method, request->url, request->reads, request->save_to, 0);
    if (override)
        http_check_may_leave(
            L, override, request->url, false, request->save_to, 0);
}

static bool is_web(const char *text)
{
    struct url url;
    const char *why;

    return url_read(text, &url, &why);
}

/* native.exchange{ method, url, headers = { "Name: value", … }, timeout,
 *     body, reads, save_to, ca_file, client_cert, client_key, known_hosts,
 *     user, password, streams, from, home, from_inside }
 *   -> { status, headers, body [, words] [, stream] }, inside
 *    | nil, words, kind, sent
 * One request, one reply, of any status; of a download, 200, 401, 403 or 404
 * with the words of it. With streams, a body that has not come to its end is
 * read on by stream:read(). `inside` is whether the address that answered is
 * one; with `from`, the URL that redirected here, and `home`, the first, a
 * credential stays where it is from, https does not become http, and from
 * outside nothing leads inside.
 */
int http_exchange(lua_State *L)
{
    struct http_request request = {0};
    struct error err;
    const char *why;

    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    http_request_read(L, &request);
    struct handle *handle = push_handle(L);
    struct exchange *x = handle->exchange;
    if (request.from && !http_request_follow(&request, &why))
        return http_push_failure(L, why, "protocol", false);
    http_request_push_headers(L, &request);
    check_may_leave(L, &request);
    task_check_can_wait(L);
    if (script_of(L)->leaving)
        return task_stay(L);
    if (request.save_to && !http_file_open(&x->file, request.save_to, &err))
        return http_push_failure(L, err.text, "protocol", false);
    if (!begin(L, x, &request, &err)) {
        release(x);
        if (err.kind == ERROR_USAGE)
            return http_push_failure(
                L, err.text, is_web(request.url) ? "tls" : "protocol", false);
        return http_push_unstarted(L, &err);
    }
    return park(L, handle, AT_EXCHANGE, exchange_done);
}

/* What has come, before more may come. */
static int take_piece(lua_State *L, struct exchange *x)
{
    const struct buf *body = &transfer_reply(x->transfer)->body;

    lua_pushlstring(L, buf_text(body), body->len);
    if (!x->transfer || transfer_drain(x->transfer)) // a finalizer may close it
        return 1;
    release(x);
    return http_push_failure(L, "out of memory", "protocol", true);
}

static int read_on(lua_State *L, int status, lua_KContext ctx)
{
    struct exchange *x = awaited(L, 1);

    (void)status, (void)ctx;
    if (x->closed)
        return http_push_failure(
            L, "it was closed before its end", "protocol", true);
    if (!x->transfer)
        return 0;
    const struct transfer_reply *reply = transfer_reply(x->transfer);
    if (reply->body.len > 0)
        return take_piece(L, x);
    if (!x->over)
        return park(L, lua_touserdata(L, 1), 0, read_on);
    int results = reply->complete ? 0 : http_push_result(L, reply);
    release(x);
    return results;
}

/* stream:read() -> text | nothing at its end | nil, words, kind, sent
 * Waits for more; what is not read does not come. */
static int l_exchange_read(lua_State *L)
{
    const struct handle *handle = luaL_checkudata(L, 1, EXCHANGE);

    task_check_can_wait(L);
    if (handle->waiter.task)
        return luaL_error(L, "another task reads this stream");
    lua_settop(L, 1);
    return read_on(L, LUA_OK, 0);
}

static const luaL_Reg exchange_metamethods[] = {
    {"__close", l_exchange__close},
    {"__gc", l_exchange__gc},
    {NULL, NULL},
};

static const luaL_Reg exchange_methods[] = {
    {"read", l_exchange_read},
    {NULL, NULL},
};

void http_open_exchanges(lua_State *L)
{
    type_push(L, EXCHANGE);
    luaL_setfuncs(L, exchange_metamethods, 0);
    luaL_newlib(L, exchange_methods);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}
