/* What the script's side of the API (scripts/lib/api.lua) is made of: one
 * request to the profile's Omnitron with its token, and the token's number.
 *
 * The token goes from C memory into the request, and that goes nowhere but to
 * the profile's origin and behind /api/, whatever is asked for: transfer_aim
 * sees to it on the URL as libcurl reads it. A reply that has the token in
 * itself is kept back, so that it does not come to Lua that way either. */
#include "base/buf.h"
#include "base/url.h"
#include "delivery/reply.h"
#include "delivery/wire.h"
#include "http/http_own.h"
#include "lua/disguise.h"
#include "lua/modules.h"
#include "lua/script.h"
#include "lua/type.h"
#include "net/path.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#define CALL  "omnitron.api_call"
#define KNOCK "omnitron.api_knock"

enum {
    REPLY_MAX = 64 << 20,
    WORDS_MAX = 600,
    AT_CALL = 5, // places on the stack while it waits
    AT_KNOCK = 2,
};

struct call {
    struct waiter waiter;
    struct transfer *transfer; // NULL: not yet, or over
    struct token *token;
    int number;           // of the token that it was sent with,
    struct buf sent_with; // and that token
};

static void release(struct call *call)
{
    transfer_free(call->transfer);
    call->transfer = NULL;
    buf_wipe(&call->sent_with);
}

static void call_abort(struct waiter *waiter)
{
    struct call *call = (struct call *)waiter;

    transfer_give_up(call->transfer);
    release(call);
}

static int l_call__gc(lua_State *L)
{
    struct call *call = luaL_checkudata(L, 1, CALL);

    release(call);
    task_fail(&call->waiter);
    return 0;
}

static struct token *token_of(lua_State *L)
{
    struct token *token = script_of(L)->token;

    if (!token)
        luaL_error(L, "%s", script_of(L)->no_token);
    return token;
}

/* Of the target at `arg`. */
static const char *push_url(lua_State *L, int arg)
{
    size_t len;
    const char *target = luaL_checklstring(L, arg, &len);

    luaL_argcheck(L, strlen(target) == len, arg, "a NUL in the path");
    token_of(L); // else there is no origin
    return lua_pushfstring(L, "%s%s", script_of(L)->origin, target);
}

static const char *check_method(lua_State *L, int arg)
{
    static const char *const methods[] = {"GET", "POST", "PATCH", NULL};

    return methods[luaL_checkoption(L, arg, NULL, methods)];
}

static struct call *push_call(lua_State *L)
{
    struct token *token = token_of(L);
    struct call *call = lua_newuserdatauv(L, sizeof *call, 0);

    *call = (struct call){.waiter.abort = call_abort,
        .token = token,
        .number = token_number(token)};
    luaL_setmetatable(L, CALL);
    return call;
}

static void call_ended(struct transfer *t, void *arg)
{
    struct call *call = arg;

    (void)t;
    task_wake(&call->waiter);
}

/* What only the program itself may write to. */
static const struct path_never its_own[] = {
    {"create_mapping", "use omnitron.release: it is written down first"},
    {"auth/login", "the program logs in by itself"},
    {NULL, NULL},
};

static bool prepare(struct script *host, struct call *call, const char *method,
    bool has_body, struct error *err)
{
    const struct profile *p = host->profile;
    const char *headers[] = {"Accept: application/json",
        has_body ? "Content-Type: application/json" : NULL, NULL};
    bool writes = strcmp(method, "GET") != 0;
    struct transfer_request request = {.method = method,
        .headers = headers,
        .only_origin = host->origin,
        .only_api = true,
        .token = buf_text(&call->sent_with),
        .never = writes ? its_own : NULL,
        .writes = writes,
        .route = p->route,
        .body_max = REPLY_MAX,
        .save_fd = -1,
        .account = &host->account};

    return transfer_prepare(call->transfer, &request, err);
}

struct start {
    lua_State *L;
    struct call *call;
};

static bool aim(lua_State *L, struct call *call, struct error *err)
{
    struct script *host = script_of(L);
    size_t len = 0;
    const char *body = lua_tolstring(L, 3, &len);

    call->transfer = transfer_new(host->loop->net);
    if (!call->transfer || !buf_puts(&call->sent_with, token_text(call->token)))
        return error_memory(err);
    return prepare(host, call, lua_tostring(L, 1), body != NULL, err) &&
           transfer_aim(call->transfer, lua_tostring(L, 4), body, len, err) &&
           transfer_start(call->transfer, call_ended, call, err);
}

static bool start(void *arg, struct error *err)
{
    const struct start *s = arg;

    if (aim(s->L, s->call, err))
        return true;
    release(s->call);
    return false;
}

static bool shows(const struct transfer_reply *reply, const char *token)
{
    const struct {
        const char *text;
        size_t len;
    } texts[] = {{buf_text(&reply->head), reply->head.len},
        {buf_text(&reply->body), reply->body.len},
        {reply->error, strlen(reply->error)}};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (disguise_shows(texts[i].text, texts[i].len, token, strlen(token)))
            return true;
    return false;
}

/* The one that it was sent with, or the one that a log-in got meanwhile. */
static bool shows_token(
    const struct call *call, const struct transfer_reply *reply)
{
    const char *now = token_text(call->token);
    bool renewed = now && call->number != token_number(call->token);

    return shows(reply, buf_text(&call->sent_with)) ||
           (renewed && shows(reply, now));
}

static int keep_back(lua_State *L)
{
    lua_pushnil(L);
    lua_pushliteral(L, "the reply shows the token, and is kept back");
    lua_pushliteral(L, "protocol");
    return 3;
}

/* The host's words, which a person reads. */
static void set_words(lua_State *L, const struct transfer_reply *got)
{
    struct wire_reply reply = wire_reply_of(got);
    char words[WORDS_MAX];

    reply_explain(&reply, words, sizeof words);
    lua_pushstring(L, words);
    lua_setfield(L, -2, "words");
}

static int push_answer(lua_State *L, const struct call *call)
{
    const struct transfer_reply *got = transfer_reply(call->transfer);

    if (shows_token(call, got))
        return keep_back(L);
    int results = http_push_result(L, got);
    if (results > 1)
        return results;
    if (got->status < 200 || got->status > 299)
        set_words(L, got);
    lua_pushboolean(
        L, !token_answered(call->token, call->number, got->status == 401));
    lua_setfield(L, -2, "hopeless");
    lua_pushinteger(L, call->number);
    lua_setfield(L, -2, "token");
    return results;
}

static int call_done(lua_State *L, int status, lua_KContext ctx)
{
    struct call *call = lua_touserdata(L, (int)ctx);

    (void)status;
    if (!call->transfer)
        return luaL_error(L, "the request was ended");
    int results = push_answer(L, call);
    release(call);
    return results;
}

/* native.api.send(method, target [, body])
 *   -> { status, headers, body, words, token, hopeless }
 *    | nil, words, kind [, sent]
 * One request with the present token, which there must be, and one reply of
 * any status; `words` when it is no 2xx, `token` the token's number,
 * `hopeless` after a 401 that no log-in cures. */
static int l_api_send(lua_State *L)
{
    const char *method = check_method(L, 1);
    struct error err;

    luaL_optstring(L, 3, NULL);
    lua_settop(L, 3);
    const char *url = push_url(L, 2);
    http_check_may_leave(L, method, url, false, NULL, 3);
    task_check_can_wait(L);
    if (script_of(L)->leaving)
        return task_stay(L);
    struct call *call = push_call(L);
    luaL_argcheck(L, token_text(call->token), 1, "there is no token");
    struct start s = {L, call};
    if (!account_try(&script_of(L)->account, start, &s, &err)) {
        if (err.kind == ERROR_OTHER) // it may not go there
            return http_push_failure(L, err.text, "protocol", false);
        return http_push_unstarted(L, &err);
    }
    return task_park(L, &call->waiter, AT_CALL, call_done);
}

struct knock {
    struct waiter waiter;
    struct token_wait wait;
    struct token *token; // NULL: it does not wait
};

static void leave(struct knock *knock)
{
    if (knock->token)
        token_forget(knock->token, &knock->wait);
    knock->token = NULL;
}

static void knock_abort(struct waiter *waiter)
{
    leave((struct knock *)waiter);
}

static int l_knock__gc(lua_State *L)
{
    struct knock *knock = luaL_checkudata(L, 1, KNOCK);

    leave(knock);
    task_fail(&knock->waiter);
    return 0;
}

static void knock_ended(struct token_wait *wait, const struct wire_reply *reply)
{
    struct knock *knock =
        (struct knock *)(void *)((char *)wait - offsetof(struct knock, wait));

    (void)reply;
    knock->token = NULL;
    task_wake(&knock->waiter);
}

/* -> number | nil, message */
static int push_token(lua_State *L, int after)
{
    const struct script *host = script_of(L);
    char sentence[WORDS_MAX];

    if (token_number(host->token) > after) {
        lua_pushinteger(L, token_number(host->token));
        return 1;
    }
    stop_reason_say(
        token_failure(host->token), host->name, sentence, sizeof sentence);
    lua_pushnil(L);
    lua_pushstring(L, sentence);
    return 2;
}

static int knock_done(lua_State *L, int status, lua_KContext ctx)
{
    (void)status, (void)ctx;
    return push_token(L, (int)lua_tointeger(L, 1));
}

/* native.api.token(after) -> number | nil, message
 * Waits until there is a token newer than that number, if need be by a
 * log-in; only its number is told. */
static int l_api_token(lua_State *L)
{
    int after = (int)luaL_checkinteger(L, 1);
    struct token *token = token_of(L);

    task_check_can_wait(L);
    lua_settop(L, 1);
    struct knock *knock = lua_newuserdatauv(L, sizeof *knock, 0);
    *knock =
        (struct knock){.waiter.abort = knock_abort, .wait.done = knock_ended};
    luaL_setmetatable(L, KNOCK);
    if (token_want(token, after, &knock->wait) != TOKEN_ASKED)
        return push_token(L, after);
    knock->token = token;
    return task_park(L, &knock->waiter, AT_KNOCK, knock_done);
}

/* native.api.check_may_leave(method, target [, body])
 * Raises { would = "POST https://…", body = … } where it must stay here. */
static int l_api_check_may_leave(lua_State *L)
{
    const char *method = check_method(L, 1);

    lua_settop(L, 3);
    const char *url = push_url(L, 2);
    http_check_may_leave(L, method, url, false, NULL, 3);
    return 0;
}

/* The same host, whatever scheme and port: a list that was made behind a proxy
 * names those that the proxy talks to. */
static bool is_own(const struct url *url, const char *origin)
{
    struct url own;
    const char *why;

    return url_read(origin, &own, &why) && strcmp(url->host, own.host) == 0;
}

/* native.api.next(to) -> target | nil, why it is not followed
 * The target that the text `to` in a reply, a URL or a path, means: a path of
 * the API, here. */
static int l_api_next(lua_State *L)
{
    static const char api[] = "/api/";
    const char *to = luaL_checkstring(L, 1);
    const char *origin = script_of(L)->origin, *why;
    struct url url = {.path = to};
    bool whole = to[0] != '/';

    token_of(L); // else there is no origin
    snprintf(url.origin, sizeof url.origin, "%s", origin);
    if (whole && !url_read(to, &url, &why)) {
        lua_pushnil(L);
        lua_pushfstring(L, "that %s", why);
        return 2;
    }
    if ((whole && !is_own(&url, origin)) ||
        strncmp(url.path, api, strlen(api)) != 0) {
        lua_pushnil(L);
        lua_pushfstring(L, "to %s, not to %s%s", url.origin, origin, api);
        return 2;
    }
    lua_pushstring(L, url.path);
    return 1;
}

static const luaL_Reg functions[] = {
    {"check_may_leave", l_api_check_may_leave},
    {"next", l_api_next},
    {"send", l_api_send},
    {"token", l_api_token},
    {NULL, NULL},
};

static void make_type(lua_State *L, const char *name, lua_CFunction end)
{
    type_push(L, name);
    lua_pushcfunction(L, end);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
}

int luaopen_omnitron_api(lua_State *L)
{
    const struct script *host = script_of(L);

    make_type(L, CALL, l_call__gc);
    make_type(L, KNOCK, l_knock__gc);
    luaL_newlib(L, functions);
    lua_pushstring(L, host->name);
    lua_setfield(L, -2, "host");
    lua_pushstring(L, host->origin);
    lua_setfield(L, -2, "origin");
    lua_pushstring(L, host->profile->prefix);
    lua_setfield(L, -2, "prefix");
    return 1;
}
