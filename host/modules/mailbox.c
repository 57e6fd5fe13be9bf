/* The releases of release_all: handed in without waiting, and taken back in
 * the order in which they ended. While they are on their way a row has no
 * coroutine of its own: many are, and each would be resumed twice. */
#include "base/buf.h"
#include "lua/modules.h"
#include "lua/script.h"
#include "lua/type.h"
#include "modules/desk.h"
#include "modules/read_release.h"
#include "modules/shelf.h"

#include <lauxlib.h>

#define OUTBOX "omnitron.outbox"

enum { OUTBOX_PREFIX = 1 }; // its user value, which `prefix` borrows

struct outbox {
    struct waiter waiter; // who takes them back
    const char *prefix;   // "lines.csv:" before a number
    struct buf place;
    struct shelf *shelf; // owns; NULL: collected
};

static struct outbox *check_outbox(lua_State *L)
{
    struct outbox *box = luaL_checkudata(L, 1, OUTBOX);

    if (!box->shelf)
        luaL_error(L, "the outbox is closed");
    return box;
}

static void outbox_abort(struct waiter *waiter)
{
    ((struct outbox *)waiter)->shelf->waits = NULL;
}

/* native.outbox(prefix) -> an outbox; prefix: before a place that is a
 * number */
static int l_native_outbox(lua_State *L)
{
    const char *prefix = luaL_checkstring(L, 1);

    if (tasks_over(L))
        return luaL_error(L, "the script has ended");
    struct outbox *box = lua_newuserdatauv(L, sizeof *box, 1);

    *box = (struct outbox){.waiter.abort = outbox_abort, .prefix = prefix};
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, -2, OUTBOX_PREFIX);
    luaL_setmetatable(L, OUTBOX);
    box->shelf = shelf_new(&script_of(L)->account);
    return box->shelf ? 1 : luaL_error(L, "out of memory");
}

static int l_outbox__gc(lua_State *L)
{
    struct outbox *box = luaL_checkudata(L, 1, OUTBOX);
    struct shelf *shelf = box->shelf;

    box->shelf = NULL;
    buf_free(&box->place);
    task_fail(&box->waiter);
    shelf_free(shelf);
    return 0;
}

/* Those that --only leaves alone are not in the parcel. */
static bool fill(lua_State *L, struct parcel *p, const struct journal_ask *asks,
    size_t count, struct error *err)
{
    struct script *host = script_of(L);

    for (size_t i = 0; i < count; i++) {
        if (!only_wants(host->only, &asks[i])) {
            host->left_alone = true;
            continue;
        }
        if (!shelf_add(p, host->loop->delivery, &asks[i], err))
            return false;
    }
    return true;
}

/* False: there was no memory for all of them. */
static bool send(lua_State *L, struct shelf *shelf,
    const struct journal_ask *asks, size_t count, lua_Integer key,
    struct error *err)
{
    struct parcel *p = shelf_take_spare(shelf, count);

    if (!p)
        return error_memory(err);
    p->key = key;
    p->lost = script_of(L)->leaving;
    bool ok = fill(L, p, asks, count, err);
    lua_pushboolean(L, shelf_send(p, ok));
    return ok;
}

/* The text of the place at `index`. */
static const char *read_place(lua_State *L, int index, struct outbox *box)
{
    if (!lua_isinteger(L, index))
        return luaL_optstring(L, index, NULL);
    buf_clear(&box->place);
    if (!buf_puts(&box->place, box->prefix) ||
        !buf_int(&box->place, lua_tointeger(L, index)))
        luaL_error(L, "out of memory");
    return box->place.data;
}

/* Beside others a row leaves Lua its half; alone it may have all there is,
 * also what Lua would give back. */
static bool fits(lua_State *L, const struct shelf *shelf, size_t count)
{
    struct script *host = script_of(L);
    const struct delivery *d = host->loop->delivery;

    if (shelf_is_waited_for(shelf))
        return delivery_fits(d, count, host->account.most / 2);
    return delivery_makes_room(d, count, shelf_parcel_size(count));
}

/* -> "full", or nil and why it will never be otherwise */
static int push_full(lua_State *L, const struct shelf *shelf, size_t count)
{
    struct error full;

    if (shelf_is_waited_for(shelf)) {
        lua_pushliteral(L, "full");
        return 1;
    }
    lua_pushnil(L);
    account_refuse(shelf->account, &full,
        "memory: the releases of this row, %zu of them, need", count);
    lua_pushstring(L, full.text);
    return 2;
}

/* outbox:put(releases, at, name, row, key, order) -> true: they come back under
 * their key | false: --only leaves all of them alone | "full": once another row
 * has come back there may be memory for them | nil and what is wrong with the
 * first bad one: a list is valid as a whole or not at all */
static int l_outbox_put(lua_State *L)
{
    struct outbox *box = check_outbox(L);
    struct journal_ask one = {.name = luaL_optstring(L, 4, NULL),
        .order_number = luaL_optstring(L, 7, NULL)};
    lua_Integer key = luaL_checkinteger(L, 6);
    struct error err;
    size_t count;

    luaL_checktype(L, 2, LUA_TTABLE);
    if (!script_of(L)->loop->delivery || !tasks_of(L)->current)
        return luaL_error(L, "nothing is sent here");
    lua_settop(L, 7);
    struct journal_ask *asks = read_releases(L, 2, &one, &count, &err);
    if (!asks) {
        lua_pushnil(L);
        lua_pushstring(L, err.text);
        return 2;
    }
    if (!fits(L, box->shelf, count))
        return push_full(L, box->shelf, count);
    /* Only now, when no code of the script runs any more that might come to
     * use the same memory. */
    const char *source = read_place(L, 3, box), *seen = desk_see(L, 5);
    for (size_t i = 0; i < count; i++) {
        asks[i].source = source;
        asks[i].seen = seen;
    }
    if (!send(L, box->shelf, asks, count, key, &err))
        return luaL_error(L, "%s", err.text);
    return 1;
}

/* The releases are given back at once, so that the next ones find their
 * memory in the processor's cache. */
static void finish(lua_State *L, struct parcel *p)
{
    for (size_t i = 0; i < p->count; i++)
        only_ended(script_of(L)->only, release_result(p->releases[i]));
    shelf_give_back(p);
}

/* outbox:good(keys) -> how many rows have ended whose releases were all
 * confirmed, or had been before; how many releases were which. Their keys are
 * the first of the list `keys` then. */
static int l_outbox_good(lua_State *L)
{
    struct shelf *shelf = check_outbox(L)->shelf;
    lua_Integer rows = 0, releases[2] = {0};

    luaL_checktype(L, 2, LUA_TTABLE);
    for (struct parcel *p = shelf->good.first; p; p = p->next) {
        lua_pushinteger(L, p->key);
        lua_rawseti(L, 2, ++rows);
    }
    while (shelf->good.first) {
        struct parcel *p = shelf_take_first(&shelf->good);
        for (size_t i = 0; i < p->count; i++)
            releases[shelf_verdict(p, i) == VERDICT_ALREADY]++;
        finish(L, p);
    }
    lua_pushinteger(L, rows);
    lua_pushinteger(L, releases[0]);
    lua_pushinteger(L, releases[1]);
    return 3;
}

/* outbox:take() -> key, then kind, message, item of each release of the first
 * of the other rows that have ended; nothing: there is none */
static int l_outbox_take(lua_State *L)
{
    struct shelf *shelf = check_outbox(L)->shelf;
    struct parcel *p = shelf->others.first;

    if (!p)
        return 0;
    int first = lua_gettop(L);
    luaL_checkstack(L, (int)p->count * 3 + 1, "too many releases of one row");
    lua_pushinteger(L, p->key);
    for (size_t i = 0; shelf->others.first == p && i < p->count; i++) {
        const struct release_result *result = release_result(p->releases[i]);
        const char *kind = verdict_name(result->verdict);
        lua_Integer item = result->order_item_id;
        lua_pushstring(L, result->message);
        lua_pushstring(L, kind);
        lua_insert(L, -2);
        lua_pushinteger(L, item);
    }
    if (shelf->others.first != p) // a finalizer was quicker
        return luaL_error(L, "the outbox is in use");
    finish(L, shelf_take_first(&shelf->others));
    return lua_gettop(L) - first;
}

static int opened(lua_State *L, int status, lua_KContext ctx)
{
    (void)status, (void)ctx;
    check_outbox(L)->shelf->waits = NULL;
    return 0;
}

/* outbox:wait(): until one has ended, or somebody opens it. */
static int l_outbox_wait(lua_State *L)
{
    struct outbox *box = check_outbox(L);
    struct shelf *shelf = box->shelf;

    if (shelf->good.first || shelf->others.first)
        return 0;
    task_check_can_wait(L);
    if (box->waiter.task)
        return luaL_error(L, "another task waits at this outbox");
    shelf->waits = &box->waiter;
    return task_park(L, &box->waiter, 0, opened);
}

/* outbox:open() */
static int l_outbox_open(lua_State *L)
{
    task_wake(&check_outbox(L)->waiter);
    return 0;
}

static const luaL_Reg methods[] = {
    {"good", l_outbox_good},
    {"open", l_outbox_open},
    {"put", l_outbox_put},
    {"take", l_outbox_take},
    {"wait", l_outbox_wait},
    {NULL, NULL},
};

static const luaL_Reg outbox[] = {
    {"outbox", l_native_outbox},
    {NULL, NULL},
};

int luaopen_omnitron_mailbox(lua_State *L)
{
    type_push(L, OUTBOX);
    lua_pushcfunction(L, l_outbox__gc);
    lua_setfield(L, -2, "__gc");
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
    luaL_newlib(L, outbox);
    return 1;
}
