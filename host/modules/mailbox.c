/* The releases of release_all: handed in without waiting, and taken back in
 * the order in which they ended. While they are on their way a row has no
 * coroutine of its own: many are, and each would be resumed twice. */
#include "base/buf.h"
#include "base/mem.h"
#include "delivery/delivery.h"
#include "lua/modules.h"
#include "lua/script.h"
#include "lua/type.h"
#include "modules/read_release.h"
#include "modules/row_json.h"

#include <lauxlib.h>

#define OUTBOX "omnitron.outbox"

enum {
    OUTBOX_PREFIX = 1, // its user value, which `prefix` borrows
    SPARE_ROOM = 256,  // releases of a parcel that is kept for the next
};

/* The releases of one row. */
struct parcel {
    struct shelf *shelf;
    struct parcel *next, *prev; // of those under way; next: of other lists
    lua_Integer key;
    size_t room, count, open;
    bool lost;
    struct release *releases[];
};

struct parcels {
    struct parcel *first, *last;
};

/* On the heap, where a release that ends finds it: Lua may drop a finalizer,
 * deep in a recursion. */
struct shelf {
    struct parcel *under_way;
    struct parcels good, others; // that have ended
    struct parcel *spare;
    struct outbox *waits;    // whose task waits; NULL: nobody does
    struct account *account; // that parcels are taken from; borrows
};

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
    box->shelf = mem_calloc(1, sizeof *box->shelf);
    if (!box->shelf)
        return luaL_error(L, "out of memory");
    box->shelf->account = &script_of(L)->account;
    return 1;
}

static void link_under_way(struct shelf *shelf, struct parcel *p)
{
    p->prev = NULL;
    p->next = shelf->under_way;
    if (p->next)
        p->next->prev = p;
    shelf->under_way = p;
}

static void unlink_under_way(struct shelf *shelf, struct parcel *p)
{
    if (p->prev)
        p->prev->next = p->next;
    else
        shelf->under_way = p->next;
    if (p->next)
        p->next->prev = p->prev;
}

static size_t parcel_size(size_t room)
{
    return sizeof(struct parcel) + room * sizeof(struct release *);
}

static void free_parcel(const struct shelf *shelf, struct parcel *p)
{
    if (p)
        account_give(shelf->account, parcel_size(p->room));
    mem_free(p);
}

static struct parcel *make_parcel(const struct shelf *shelf, size_t room)
{
    struct parcel *p = NULL;

    if (!account_take(shelf->account, parcel_size(room)))
        return NULL;
    p = mem_alloc(parcel_size(room));
    if (p)
        p->room = room;
    else
        account_give(shelf->account, parcel_size(room));
    return p;
}

/* NULL: there is no memory for it. */
static struct parcel *take_spare(struct shelf *shelf, size_t count)
{
    struct parcel *p = shelf->spare;

    if (p)
        shelf->spare = p->next;
    if (!p || p->room < count) {
        free_parcel(shelf, p);
        p = make_parcel(shelf, count);
    }
    if (p) {
        p->shelf = shelf;
        p->count = p->open = 0;
    }
    return p;
}

static void put_spare(struct shelf *shelf, struct parcel *p)
{
    if (p->room > SPARE_ROOM) {
        free_parcel(shelf, p);
        return;
    }
    p->next = shelf->spare;
    shelf->spare = p;
}

/* The releases go on to their end. */
static void abandon(struct parcel *p)
{
    for (size_t i = 0; i < p->count; i++)
        release_abandon(p->releases[i]);
    p->count = 0;
}

static void free_all(const struct shelf *shelf, struct parcel **list)
{
    while (*list) {
        struct parcel *p = *list;
        *list = p->next;
        abandon(p);
        free_parcel(shelf, p);
    }
}

static int l_outbox__gc(lua_State *L)
{
    struct outbox *box = luaL_checkudata(L, 1, OUTBOX);
    struct shelf *shelf = box->shelf;

    box->shelf = NULL;
    buf_free(&box->place);
    task_fail(&box->waiter);
    if (!shelf)
        return 0;
    free_all(shelf, &shelf->under_way);
    free_all(shelf, &shelf->good.first);
    free_all(shelf, &shelf->others.first);
    free_all(shelf, &shelf->spare);
    mem_free(shelf);
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
    struct shelf *shelf = p->shelf;

    unlink_under_way(shelf, p);
    append(is_good(p) ? &shelf->good : &shelf->others, p);
    if (shelf->waits)
        task_wake(&shelf->waits->waiter);
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
    struct script *host = script_of(L);

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
static bool send(lua_State *L, struct shelf *shelf,
    const struct journal_ask *asks, size_t count, lua_Integer key,
    struct error *err)
{
    struct parcel *p = take_spare(shelf, count);

    if (!p)
        return error_memory(err);
    p->key = key;
    p->lost = script_of(L)->leaving;
    bool ok = fill(L, p, asks, count, err);
    if (!ok)
        abandon(p);
    if (p->count)
        link_under_way(shelf, p);
    else
        put_spare(shelf, p);
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
    struct script *host = script_of(L);

    return host->profile->keep_rows && row_json_put(L, index, &host->seen)
               ? host->seen.data
               : NULL;
}

/* Something comes back, and gives its memory back then. */
static bool is_waited_for(const struct shelf *shelf)
{
    return shelf->under_way || shelf->good.first || shelf->others.first;
}

/* Beside others a row leaves Lua its half; alone it may have all there is,
 * also what Lua would give back. */
static bool fits(lua_State *L, const struct shelf *shelf, size_t count)
{
    struct script *host = script_of(L);
    const struct delivery *d = host->loop->delivery;

    if (is_waited_for(shelf))
        return delivery_fits(d, count, host->account.most / 2);
    size_t parcel = parcel_size(count);
    if (delivery_fits(d, count, parcel))
        return true;
    account_collect(&host->account);
    return delivery_fits(d, count, parcel);
}

/* -> "full", or nil and why it will never be otherwise */
static int push_full(lua_State *L, const struct shelf *shelf, size_t count)
{
    char words[ACCOUNT_WORDS];

    if (is_waited_for(shelf)) {
        lua_pushliteral(L, "full");
        return 1;
    }
    lua_pushnil(L);
    lua_pushfstring(L,
        "memory: the releases of this row, %d of them, need "
        "more than %s",
        (int)count, account_words(shelf->account, words));
    return 2;
}

/* outbox:put(releases, at, name, row, key) -> true: they come back under their
 * key | false: --only leaves all of them alone | "full": once another row has
 * come back there may be memory for them | nil and what is wrong with the
 * first bad one: a list is valid as a whole or not at all */
static int l_outbox_put(lua_State *L)
{
    struct outbox *box = check_outbox(L);
    struct journal_ask one = {.name = luaL_optstring(L, 4, NULL)};
    lua_Integer key = luaL_checkinteger(L, 6);
    struct error err;
    size_t count;

    luaL_checktype(L, 2, LUA_TTABLE);
    if (!script_of(L)->loop->delivery || !tasks_of(L)->current)
        return luaL_error(L, "nothing is sent here");
    lua_settop(L, 5);
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
    const char *source = read_place(L, 3, box), *seen = see(L, 5);
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
static void finish(lua_State *L, struct shelf *shelf, struct parcel *p)
{
    for (size_t i = 0; i < p->count; i++)
        only_ended(script_of(L)->only, release_result(p->releases[i]));
    abandon(p);
    put_spare(shelf, p);
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
        struct parcel *p = take_first(&shelf->good);
        for (size_t i = 0; i < p->count; i++)
            releases[verdict_of(p, i) == VERDICT_ALREADY]++;
        finish(L, shelf, p);
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
    finish(L, shelf, take_first(&shelf->others));
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
    shelf->waits = box;
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
