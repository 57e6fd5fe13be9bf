/* omnitron.release: one release, which its caller waits for. */
#include "modules/release.h"

#include "delivery/delivery.h"
#include "lua/script.h"
#include "lua/type.h"
#include "modules/desk.h"
#include "modules/planned.h"
#include "modules/read_release.h"

#include <lauxlib.h>

#define RELEASING "omnitron.releasing"

struct releasing {
    struct waiter waiter;
    bool lost;
    struct release *release; // NULL: it has been given back
};

/* Nobody waits any more; the release goes on to its end. */
static void abandon(struct waiter *waiter)
{
    struct releasing *r = (struct releasing *)waiter;

    if (r->release)
        release_abandon(r->release);
    r->release = NULL;
}

static int l_releasing__gc(lua_State *L)
{
    struct releasing *r = luaL_checkudata(L, 1, RELEASING);

    abandon(&r->waiter);
    task_fail(&r->waiter);
    return 0;
}

/* A release whose fate is not on disk does not return, and neither does one
 * that was not sent because the run has to end, nor any that is asked for
 * after that: it is written down, and a loop over them comes to its end. */
static void delivered(struct release *release, void *arg)
{
    struct releasing *r = arg;
    const struct release_result *result = release_result(release);

    if (result->verdict == VERDICT_LOST || result->left)
        r->lost = true;
    if (!r->lost)
        task_wake(&r->waiter);
}

static struct releasing *push_releasing(lua_State *L)
{
    struct releasing *r = lua_newuserdatauv(L, sizeof *r, 0);

    *r = (struct releasing){
        .waiter = {.abort = abandon}, .lost = script_of(L)->leaving};
    if (type_push(L, RELEASING)) {
        lua_pushcfunction(L, l_releasing__gc);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    return r;
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

/* The collector would give the release back, too, but late: the next one
 * finds this memory in the processor's cache. */
static int release_done(lua_State *L, int status, lua_KContext ctx)
{
    struct releasing *r = lua_touserdata(L, (int)ctx);

    (void)status;
    if (!r->release)
        return luaL_error(L, "nobody waits for this release any more");
    const struct release_result *result = release_result(r->release);
    int pushed = push_result(L, result);
    only_ended(script_of(L)->only, result);
    abandon(&r->waiter);
    return pushed;
}

static int left_alone(lua_State *L, const char *option)
{
    script_of(L)->left_alone = true;
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

/* omnitron.release{ order_item_id, code [, update_stock] }
 *   -> { pk, content_type, object_id, integration_type, code, already }
 *    | nil, message, "rejected" | "conflict" | "unknown" | "pending"
 * Called for a row it is a release of that row, else of its place in the
 * script. Waits until the outcome is on disk. Raises for what is not valid. */
int l_omnitron_release(lua_State *L)
{
    struct script *host = script_of(L);
    struct journal_ask ask = {0};
    struct error err;

    luaL_checktype(L, 1, LUA_TTABLE);
    task_check_can_wait(L);
    lua_settop(L, 1);
    if (!read_release(L, 1, &ask, &err))
        return luaL_error(L, "bad argument to release: %s", err.text);
    if (!only_wants(host->only, &ask))
        return left_alone(L, "--only");
    if (!desk_read(L, &ask))
        ask.source = push_place(L);
    if (host->planning)
        return planned_release(L, &ask);
    struct releasing *r = push_releasing(L);
    int at = lua_gettop(L);
    (void)delivery_makes_room(host->loop->delivery, 1, 0);
    r->release =
        delivery_release(host->loop->delivery, &ask, delivered, r, &err);
    if (!r->release)
        return luaL_error(L, "%s", err.text);
    return task_park(L, &r->waiter, at, release_done);
}
