/* omnitron.release, and what release_all is made of: native.check and
 * native.deliver. */
#include "lua/deliver.h"

#include "base/clock.h"
#include "delivery/delivery.h"
#include "lua/host.h"
#include "lua/modules.h"
#include "lua/read_release.h"
#include "lua/seen.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#define DELIVERING "omnitron.delivering"

struct delivering {
    struct waiter waiter;
    size_t count, open;
    bool lost;
    struct release *releases[];
};

/* Nobody waits any more; the releases go on to their end. */
static void abandon(struct waiter *waiter)
{
    struct delivering *d = (struct delivering *)waiter;

    for (size_t i = 0; i < d->count; i++)
        if (d->releases[i]) {
            release_abandon(d->releases[i]);
            d->releases[i] = NULL;
        }
}

static int l_delivering__gc(lua_State *L)
{
    struct delivering *d = luaL_checkudata(L, 1, DELIVERING);

    abandon(&d->waiter);
    return 0;
}

/* A release whose fate is not on disk does not return, and neither does one
 * that was not sent because the run has to end, nor any that is asked for
 * after that: it is written down, and a loop over them comes to its end. */
static void delivered(struct release *r, void *arg)
{
    struct delivering *d = arg;
    const struct release_result *result = release_result(r);

    if (result->verdict == VERDICT_LOST || result->left)
        d->lost = true;
    if (--d->open == 0 && !d->lost)
        task_wake(&d->waiter);
}

static struct delivering *push_delivering(lua_State *L, size_t count)
{
    struct delivering *d =
        lua_newuserdatauv(L, sizeof *d + count * sizeof *d->releases, 0);

    memset(d, 0, sizeof *d + count * sizeof *d->releases);
    d->count = count;
    d->lost = host_of(L)->leaving;
    d->waiter.abort = abandon;
    luaL_setmetatable(L, DELIVERING);
    return d;
}

static void hand_in(
    lua_State *L, struct delivering *d, size_t i, const struct journal_ask *ask)
{
    struct error err;

    d->releases[i] =
        delivery_release(host_of(L)->loop->delivery, ask, delivered, d, &err);
    if (!d->releases[i]) {
        abandon(&d->waiter);
        luaL_error(L, "%s", err.text);
    }
    d->open++;
}

static void push_mapping(lua_State *L, const struct release_result *result)
{
    lua_createtable(L, 0, 6);
    lua_pushinteger(L, result->order_item_id);
    lua_setfield(L, -2, "object_id");
    lua_pushstring(L, result->code);
    lua_setfield(L, -2, "code");
    lua_pushboolean(L, result->verdict == VERDICT_ALREADY);
    lua_setfield(L, -2, "already");
    if (!result->mapping.known)
        return;
    lua_pushinteger(L, result->mapping.pk);
    lua_setfield(L, -2, "pk");
    lua_pushinteger(L, result->mapping.content_type);
    lua_setfield(L, -2, "content_type");
    lua_pushstring(L, result->mapping.integration_type);
    lua_setfield(L, -2, "integration_type");
}

static int push_result(lua_State *L, const struct release_result *result)
{
    if (result->verdict == VERDICT_CONFIRMED ||
        result->verdict == VERDICT_ALREADY) {
        push_mapping(L, result);
        return 1;
    }
    lua_pushnil(L);
    lua_pushstring(L, result->message);
    lua_pushstring(L, verdict_name(result->verdict));
    return 3;
}

/* The collector would give the releases back, too, but late: the next ones
 * find this memory in the processor's cache. */
static int release_done(lua_State *L, int status, lua_KContext ctx)
{
    struct delivering *d = lua_touserdata(L, (int)ctx);

    (void)status;
    const struct release_result *result = release_result(d->releases[0]);
    int pushed = push_result(L, result);
    only_ended(host_of(L)->only, result);
    abandon(&d->waiter);
    return pushed;
}

static int left_alone(lua_State *L, const char *option)
{
    host_of(L)->left_alone = true;
    lua_pushnil(L);
    lua_pushfstring(L, "left alone (%s)", option);
    lua_pushliteral(L, "skipped");
    return 3;
}

/* Pushes the "rules.lua:6" of the caller, which the text returned is of. */
static const char *push_place(lua_State *L)
{
    size_t len;

    luaL_where(L, 1);
    const char *place = lua_tolstring(L, -1, &len);
    return len > 2 ? lua_pushlstring(L, place, len - 2) : place;
}

/* In a plan: what a release would come to, told to the plan's ear. False: it
 * cannot be known, and the error is raised. */
static enum plan_would plan_one(
    lua_State *L, const struct journal_ask *ask, char *words)
{
    struct host *host = host_of(L);
    enum plan_would would;
    struct error err;
    char item[24];

    if (!plan_release(host->plan, ask, clock_wall_ms(), &would, words, &err))
        luaL_error(L, "%s", err.text);
    snprintf(item, sizeof item, "%lld", (long long)ask->order_item_id);
    host->planned(host->arg, &(struct plan_row){.would = would,
                                 .at = ask->source ? ask->source : "",
                                 .name = ask->name ? ask->name : "",
                                 .item = item,
                                 .code = ask->code,
                                 .has_stock = true,
                                 .update_stock = ask->update_stock,
                                 .words = words});
    return would;
}

/* The word that a run would answer with, if all goes well. */
static const char *planned_kind(enum plan_would would)
{
    switch (would) {
    case PLAN_RELEASE:
    case PLAN_RESEND:
        return "confirmed";
    case PLAN_ALREADY:
    case PLAN_TAKE_BACK:
        return "already";
    default:
        return plan_word(would);
    }
}

static int planned(lua_State *L, const struct journal_ask *ask)
{
    char words[JUDGE_NOTE_MAX];
    const char *kind = planned_kind(plan_one(L, ask, words));
    bool already = strcmp(kind, "already") == 0;

    host_of(L)->direct_releases++;
    if (!already && strcmp(kind, "confirmed") != 0) {
        lua_pushnil(L);
        lua_pushstring(L, words);
        lua_pushstring(L, kind);
        return 3;
    }
    lua_createtable(L, 0, 4);
    lua_pushboolean(L, true);
    lua_setfield(L, -2, "planned");
    lua_pushinteger(L, ask->order_item_id);
    lua_setfield(L, -2, "object_id");
    lua_pushstring(L, ask->code);
    lua_setfield(L, -2, "code");
    lua_pushboolean(L, already);
    lua_setfield(L, -2, "already");
    return 1;
}

/* omnitron.release{ order_item_id, code [, update_stock] }
 *   -> { pk, content_type, object_id, integration_type, code, already }
 *    | nil, message, "rejected" | "conflict" | "unknown" | "pending"
 * Waits until the outcome is on disk. Raises for what is not valid. */
int l_omnitron_release(lua_State *L)
{
    struct host *host = host_of(L);
    struct journal_ask ask = {0};
    struct error err;

    luaL_checktype(L, 1, LUA_TTABLE);
    task_check_can_wait(L);
    lua_settop(L, 1);
    if (!read_release(L, 1, &ask, &err))
        return luaL_error(L, "bad argument to release: %s", err.text);
    if (!only_wants(host->only, &ask))
        return left_alone(L, "--only");
    ask.source = push_place(L);
    if (host->planning)
        return planned(L, &ask);
    struct delivering *d = push_delivering(L, 1);
    int at = lua_gettop(L);
    hand_in(L, d, 0, &ask);
    return task_park(L, &d->waiter, at, release_done);
}

/* The number of releases in what a rule returned: a list, or one. */
static size_t list_len(lua_State *L, int index)
{
    lua_rawgeti(L, index, 1);
    bool is_list = !lua_isnil(L, -1);
    lua_pop(L, 1);
    return is_list ? (size_t)lua_rawlen(L, index) : 0;
}

static bool check_one(lua_State *L, int index, struct error *err)
{
    struct journal_ask ask;
    int top = lua_gettop(L);
    bool ok = read_release(L, index, &ask, err);

    lua_settop(L, top);
    return ok;
}

static bool check_all(lua_State *L, int index, size_t n, struct error *err)
{
    if (n == 0)
        return check_one(L, index, err);
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(L, index, (lua_Integer)i);
        bool ok = check_one(L, lua_gettop(L), err);
        lua_pop(L, 1);
        if (!ok)
            return false;
    }
    return true;
}

/* native.check(releases) -> nil, or what is wrong with the first bad one. */
static int l_native_check(lua_State *L)
{
    struct error err;

    luaL_checktype(L, 1, LUA_TTABLE);
    if (check_all(L, 1, list_len(L, 1), &err))
        return 0;
    lua_pushstring(L, err.text);
    return 1;
}

static int deliver_done(lua_State *L, int status, lua_KContext ctx)
{
    struct delivering *d = lua_touserdata(L, (int)ctx);
    int pushed = 1;

    (void)status;
    luaL_checkstack(L, (int)d->count * 3 + 1, "too many releases of one row");
    lua_pushboolean(L, true);
    for (size_t i = 0; i < d->count; i++) {
        if (!d->releases[i])
            continue;
        const struct release_result *result = release_result(d->releases[i]);
        only_ended(host_of(L)->only, result);
        lua_pushstring(L, verdict_name(result->verdict));
        lua_pushstring(L, result->message);
        lua_pushinteger(L, result->order_item_id);
        pushed += 3;
    }
    abandon(&d->waiter);
    return pushed;
}

static void hand_in_wanted(
    lua_State *L, struct delivering *d, size_t i, const struct journal_ask *ask)
{
    if (only_wants(host_of(L)->only, ask))
        hand_in(L, d, i, ask);
    else
        host_of(L)->left_alone = true;
}

static void plan_at(lua_State *L, int index, struct journal_ask *ask)
{
    char words[JUDGE_NOTE_MAX];
    struct error err;
    int top = lua_gettop(L);

    if (!read_release(L, index, ask, &err))
        luaL_error(L, "%s", err.text);
    if (!only_wants(host_of(L)->only, ask)) {
        host_of(L)->left_alone = true;
        lua_settop(L, top);
        return;
    }
    const char *kind = planned_kind(plan_one(L, ask, words));
    lua_settop(L, top);
    lua_pushstring(L, kind);
    lua_pushstring(L, words);
    lua_pushinteger(L, ask->order_item_id);
}

/* As native.deliver, of a plan. */
static int plan_all(lua_State *L, struct journal_ask *ask, size_t n)
{
    luaL_checkstack(L, (int)n * 3 + 8, "too many releases of one row");
    lua_settop(L, 3);
    lua_pushboolean(L, true);
    if (n == 0)
        plan_at(L, 1, ask);
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(L, 1, (lua_Integer)i);
        int at = lua_gettop(L);
        plan_at(L, at, ask);
        lua_remove(L, at);
    }
    int pushed = lua_gettop(L) - 3;
    if (pushed > 1)
        return pushed;
    lua_pushboolean(L, false);
    return 1;
}

/* The fields of the row at `index`; NULL: they are not kept. */
static const char *see(lua_State *L, int index)
{
    struct host *host = host_of(L);

    return host->profile->keep_rows && seen_put(L, index, &host->seen)
               ? host->seen.data
               : NULL;
}

/* Reads the releases of the list at 1 into an array that is pushed, with their
 * codes above it. Each is read once: a metamethod may say something else the
 * next time. NULL: one is not valid. */
static struct journal_ask *push_asks(
    lua_State *L, size_t n, const struct journal_ask *like, struct error *err)
{
    struct journal_ask *asks = lua_newuserdatauv(L, n * sizeof *asks, 0);

    luaL_checkstack(L, (int)n + 8, "too many releases of one row");
    for (size_t i = 0; i < n; i++) {
        asks[i] = *like;
        lua_rawgeti(L, 1, (lua_Integer)i + 1);
        int at = lua_gettop(L);
        if (!read_release(L, at, &asks[i], err))
            return NULL;
        lua_remove(L, at);
    }
    return asks;
}

/* As many as there are, or the one that the table at 1 is: *one. */
static struct journal_ask *read_asks(
    lua_State *L, size_t n, struct journal_ask *one, struct error *err)
{
    if (n)
        return push_asks(L, n, one, err);
    return read_release(L, 1, one, err) ? one : NULL;
}

static int invalid(lua_State *L, const struct error *err)
{
    lua_pushnil(L);
    lua_pushstring(L, err->text);
    return 2;
}

/* The text of the place at 2; a number stands behind the prefix at 5. */
static const char *read_place(lua_State *L, char *out, size_t cap)
{
    if (!lua_isinteger(L, 2))
        return luaL_optstring(L, 2, NULL);
    snprintf(out, cap, "%s%lld", luaL_optstring(L, 5, ""), lua_tointeger(L, 2));
    return out;
}

/* native.deliver(releases, at, name, row, prefix) -> true, then kind, message,
 * item of each; false when --only leaves all of them alone; nil and what is
 * wrong with the first bad one: a list is valid as a whole or not at all. */
static int l_native_deliver(lua_State *L)
{
    char place[RELEASE_NAME_MAX + 1];
    struct journal_ask ask = {.source = read_place(L, place, sizeof place),
        .name = luaL_optstring(L, 3, NULL)};
    struct error err;

    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 4);
    size_t n = list_len(L, 1), count = n ? n : 1;
    if (host_of(L)->planning)
        return check_all(L, 1, n, &err) ? plan_all(L, &ask, n)
                                        : invalid(L, &err);
    struct journal_ask *asks = read_asks(L, n, &ask, &err);
    if (!asks)
        return invalid(L, &err);
    const char *seen = see(L, 4);
    struct delivering *d = push_delivering(L, count);
    int at = lua_gettop(L);
    for (size_t i = 0; i < count; i++) {
        asks[i].seen = seen;
        hand_in_wanted(L, d, i, &asks[i]);
    }
    if (d->open == 0) {
        lua_pushboolean(L, false);
        return 1;
    }
    return task_park(L, &d->waiter, at, deliver_done);
}

static const luaL_Reg deliver[] = {
    {"check", l_native_check},
    {"deliver", l_native_deliver},
    {NULL, NULL},
};

int luaopen_omnitron_deliver(lua_State *L)
{
    luaL_newmetatable(L, DELIVERING);
    lua_pushcfunction(L, l_delivering__gc);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
    luaL_newlib(L, deliver);
    return 1;
}
