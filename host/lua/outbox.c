/* The releases of release_all: handed in without waiting, and taken back in
 * the order in which they ended. While they are on their way a row has no
 * coroutine of its own: many are, and each would be resumed twice. */
#include "base/buf.h"
#include "base/mem.h"
#include "delivery/delivery.h"
#include "lua/host.h"
#include "lua/modules.h"
#include "lua/read_release.h"
#include "lua/seen.h"

#include <lauxlib.h>
#include <string.h>

#define OUTBOX "omnitron.outbox"

enum {
    OUTBOX_PREFIX = 1, // its user value, which `prefix` borrows
    SPARE_ROOM = 256,  // releases of a parcel that is kept for the next
};

/* The releases of one row. */
struct parcel {
    struct outbox *outbox;
    struct parcel *next, *prev; // of those under way; next: of other lists
    lua_Integer key;
    size_t room, count, open;
    bool lost;
    struct release *releases[];
};

struct parcels {
    struct parcel *first, *last;
};

struct outbox {
    struct waiter waiter; // who takes them back
    const char *prefix;   // "lines.csv:" before a number
    struct buf place;
    struct account *account; // that parcels are taken from; borrows
    struct parcel *under_way;
    struct parcels good, others; // that have ended
    struct parcel *spare;
};

static struct outbox *check_outbox(lua_State *L)
{
    return luaL_checkudata(L, 1, OUTBOX);
}

/* native.outbox(prefix) -> an outbox; prefix: before a place that is a
 * number */
static int l_native_outbox(lua_State *L)
{
    const char *prefix = luaL_checkstring(L, 1);
    struct outbox *box = lua_newuserdatauv(L, sizeof *box, 1);

    *box = (struct outbox){.prefix = prefix, .account = &host_of(L)->account};
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, -2, OUTBOX_PREFIX);
    luaL_setmetatable(L, OUTBOX);
    return 1;
}

static void link_under_way(struct outbox *box, struct parcel *p)
{
    p->prev = NULL;
    p->next = box->under_way;
    if (p->next)
        p->next->prev = p;
    box->under_way = p;
}

static void unlink_under_way(struct outbox *box, struct parcel *p)
{
    if (p->prev)
        p->prev->next = p->next;
    else
        box->under_way = p->next;
    if (p->next)
        p->next->prev = p->prev;
}

static size_t parcel_size(size_t room)
{
    return sizeof(struct parcel) + room * sizeof(struct release *);
}

static void free_parcel(struct outbox *box, struct parcel *p)
{
    if (p)
        account_give(box->account, parcel_size(p->room));
    mem_free(p);
}

static struct parcel *make_parcel(struct outbox *box, size_t room)
{
    struct parcel *p = NULL;

    if (!account_take(box->account, parcel_size(room)))
        return NULL;
    p = mem_alloc(parcel_size(room));
    if (p)
        p->room = room;
    else
        account_give(box->account, parcel_size(room));
    return p;
}

/* NULL: there is no memory for it. */
static struct parcel *take_spare(struct outbox *box, size_t count)
{
    struct parcel *p = box->spare;

    if (p)
        box->spare = p->next;
    if (!p || p->room < count) {
        free_parcel(box, p);
        p = make_parcel(box, count);
    }
    if (p) {
        p->outbox = box;
        p->count = p->open = 0;
    }
    return p;
}

static void put_spare(struct outbox *box, struct parcel *p)
{
    if (p->room > SPARE_ROOM) {
        free_parcel(box, p);
        return;
    }
    p->next = box->spare;
    box->spare = p;
}

/* The releases go on to their end. */
static void abandon(struct parcel *p)
{
    for (size_t i = 0; i < p->count; i++)
        release_abandon(p->releases[i]);
    p->count = 0;
}

static void free_all(struct outbox *box, struct parcel **list)
{
    while (*list) {
        struct parcel *p = *list;
        *list = p->next;
        abandon(p);
        free_parcel(box, p);
    }
}

static int l_outbox__gc(lua_State *L)
{
    struct outbox *box = check_outbox(L);

    free_all(box, &box->under_way);
    free_all(box, &box->good.first);
    free_all(box, &box->others.first);
    free_all(box, &box->spare);
    buf_free(&box->place);
    return 0;
}

static void append(struct parcels *list, struct parcel *p)
{
    p->next = NULL;
    if (list->first)
        list->last->next = p;
    else
        list->first = p;
    list->last = p;
}

static struct parcel *take_first(struct parcels *list)
{
    struct parcel *p = list->first;

    list->first = p->next;
    return p;
}

static enum verdict verdict_of(const struct parcel *p, size_t i)
{
    return release_result(p->releases[i])->verdict;
}

/* Nobody has to be told anything about them. */
static bool is_good(const struct parcel *p)
{
    for (size_t i = 0; i < p->count; i++)
        if (verdict_of(p, i) != VERDICT_CONFIRMED &&
            verdict_of(p, i) != VERDICT_ALREADY)
            return false;
    return true;
}

static void end(struct parcel *p)
{
    struct outbox *box = p->outbox;

    unlink_under_way(box, p);
    append(is_good(p) ? &box->good : &box->others, p);
    task_wake(&box->waiter);
}

/* A release whose fate is not on disk does not come back, and neither does
 * one that was not sent because the run has to end, nor any that is handed in
 * after that. */
static void delivered(struct release *r, void *arg)
{
    struct parcel *p = arg;
    const struct release_result *result = release_result(r);

    if (result->verdict == VERDICT_LOST || result->left)
        p->lost = true;
    if (--p->open == 0 && !p->lost)
        end(p);
}

/* Those that --only leaves alone are not in the parcel. */
static bool fill(lua_State *L, struct parcel *p, const struct journal_ask *asks,
    size_t count, struct error *err)
{
    struct host *host = host_of(L);

    for (size_t i = 0; i < count; i++) {
        if (!only_wants(host->only, &asks[i])) {
            host->left_alone = true;
            continue;
        }
        struct release *r =
            delivery_release(host->loop->delivery, &asks[i], delivered, p, err);
        if (!r)
            return false;
        p->releases[p->count++] = r;
        p->open++;
    }
    return true;
}

/* False: there was no memory for all of them. */
static bool send(lua_State *L, struct outbox *box,
    const struct journal_ask *asks, size_t count, lua_Integer key,
    struct error *err)
{
    struct parcel *p = take_spare(box, count);

    if (!p)
        return error_memory(err);
    p->key = key;
    p->lost = host_of(L)->leaving;
    bool ok = fill(L, p, asks, count, err);
    if (!ok)
        abandon(p);
    if (p->count)
        link_under_way(box, p);
    else
        put_spare(box, p);
    lua_pushboolean(L, p->count > 0);
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

/* The fields of the row at `index`; NULL: they are not kept. */
static const char *see(lua_State *L, int index)
{
    struct host *host = host_of(L);

    return host->profile->keep_rows && seen_put(L, index, &host->seen)
               ? host->seen.data
               : NULL;
}

/* Something comes back, and gives its memory back then. */
static bool is_waited_for(const struct outbox *box)
{
    return box->under_way || box->good.first || box->others.first;
}

/* Beside others a row leaves Lua its half; alone it may have all there is,
 * also what Lua would give back. */
static bool fits(lua_State *L, const struct outbox *box, size_t count)
{
    struct host *host = host_of(L);
    const struct delivery *d = host->loop->delivery;

    if (is_waited_for(box))
        return delivery_fits(d, count, host->account.most / 2);
    size_t parcel = parcel_size(count);
    if (delivery_fits(d, count, parcel))
        return true;
    account_collect(&host->account);
    return delivery_fits(d, count, parcel);
}

/* -> "full", or nil and why it will never be otherwise */
static int push_full(lua_State *L, const struct outbox *box, size_t count)
{
    char words[ACCOUNT_WORDS];

    if (is_waited_for(box)) {
        lua_pushliteral(L, "full");
        return 1;
    }
    lua_pushnil(L);
    lua_pushfstring(L,
        "memory: the releases of this row, %d of them, need "
        "more than %s",
        (int)count, account_words(box->account, words));
    return 2;
}

/* outbox:put(releases, at, name, row, key) -> true: they come back under their
 * key | false: --only leaves all of them alone | "full": once another row has
 * come back there may be memory for them | nil and what is wrong with the
 * first bad one: a list is valid as a whole or not at all */
static int l_outbox_put(lua_State *L)
{
    struct outbox *box = check_outbox(L);
    struct journal_ask one = {
        .source = read_place(L, 3, box), .name = luaL_optstring(L, 4, NULL)};
    lua_Integer key = luaL_checkinteger(L, 6);
    struct error err;
    size_t count;

    luaL_checktype(L, 2, LUA_TTABLE);
    lua_settop(L, 5);
    struct journal_ask *asks = read_releases(L, 2, &one, &count, &err);
    if (!asks) {
        lua_pushnil(L);
        lua_pushstring(L, err.text);
        return 2;
    }
    if (!fits(L, box, count))
        return push_full(L, box, count);
    const char *seen = see(L, 5);
    for (size_t i = 0; i < count; i++)
        asks[i].seen = seen;
    if (!send(L, box, asks, count, key, &err))
        return luaL_error(L, "%s", err.text);
    return 1;
}

/* The releases are given back at once, so that the next ones find their
 * memory in the processor's cache. */
static void finish(lua_State *L, struct outbox *box, struct parcel *p)
{
    for (size_t i = 0; i < p->count; i++)
        only_ended(host_of(L)->only, release_result(p->releases[i]));
    abandon(p);
    put_spare(box, p);
}

/* outbox:good(keys) -> how many rows have ended whose releases were all
 * confirmed, or had been before; how many releases were which. Their keys are
 * the first of the list `keys` then. */
static int l_outbox_good(lua_State *L)
{
    struct outbox *box = check_outbox(L);
    lua_Integer rows = 0, releases[2] = {0};

    luaL_checktype(L, 2, LUA_TTABLE);
    for (struct parcel *p = box->good.first; p; p = p->next) {
        lua_pushinteger(L, p->key);
        lua_rawseti(L, 2, ++rows);
    }
    while (box->good.first) {
        struct parcel *p = take_first(&box->good);
        for (size_t i = 0; i < p->count; i++)
            releases[verdict_of(p, i) == VERDICT_ALREADY]++;
        finish(L, box, p);
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
    struct outbox *box = check_outbox(L);
    struct parcel *p = box->others.first;

    if (!p)
        return 0;
    int pushed = (int)p->count * 3 + 1;
    luaL_checkstack(L, pushed, "too many releases of one row");
    lua_pushinteger(L, p->key);
    for (size_t i = 0; i < p->count; i++) {
        const struct release_result *result = release_result(p->releases[i]);
        lua_pushstring(L, verdict_name(result->verdict));
        lua_pushstring(L, result->message);
        lua_pushinteger(L, result->order_item_id);
    }
    finish(L, box, take_first(&box->others));
    return pushed;
}

static int opened(lua_State *L, int status, lua_KContext ctx)
{
    (void)L, (void)status, (void)ctx;
    return 0;
}

/* outbox:wait(): until one has ended, or somebody opens it. */
static int l_outbox_wait(lua_State *L)
{
    struct outbox *box = check_outbox(L);
    bool ended = box->good.first || box->others.first;

    return ended ? 0 : task_park(L, &box->waiter, 0, opened);
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

int luaopen_omnitron_outbox(lua_State *L)
{
    luaL_newmetatable(L, OUTBOX);
    lua_pushcfunction(L, l_outbox__gc);
    lua_setfield(L, -2, "__gc");
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
    luaL_newlib(L, outbox);
    return 1;
}
