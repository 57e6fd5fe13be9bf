/* The omnitron module: release, known, remember, recall; and, for the
 * prelude, the natives that release_all is made of. */
#include "base/mem.h"
#include "delivery/delivery.h"
#include "delivery/valid.h"
#include "lua/host.h"
#include "lua/modules.h"

#include <lauxlib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define DELIVERING "omnitron.delivering"
#define ASKING     "omnitron.asking"

struct host *host_of(lua_State *L)
{
    return tasks_of(L)->host;
}

static bool read_item(lua_State *L, int index, int64_t *item, struct error *err)
{
    size_t len;

    if (lua_isinteger(L, index)) {
        *item = lua_tointeger(L, index);
        return *item > 0 ||
               error_set(err, ERROR_USAGE, "order_item_id %lld is not positive",
                   (long long)*item);
    }
    if (lua_type(L, index) == LUA_TSTRING) {
        const char *text = lua_tolstring(L, index, &len);
        return valid_item_text(text, len, item, err);
    }
    if (lua_type(L, index) == LUA_TNUMBER)
        return error_set(err, ERROR_USAGE,
            "order_item_id %.17g is a float: an integer is needed, or its "
            "digits",
            (double)lua_tonumber(L, index));
    return error_set(err, ERROR_USAGE,
        lua_isnil(L, index) ? "order_item_id is missing"
                            : "order_item_id must be an integer, not a %s",
        luaL_typename(L, index));
}

static bool read_code(lua_State *L, int index, struct error *err)
{
    size_t len;

    if (lua_type(L, index) != LUA_TSTRING)
        return error_set(err, ERROR_USAGE,
            lua_isnil(L, index) ? "code is missing"
                                : "code must be a string, not a %s",
            luaL_typename(L, index));
    const char *code = lua_tolstring(L, index, &len);
    return valid_code(code, len, err);
}

static bool read_stock(
    lua_State *L, int index, bool *update_stock, struct error *err)
{
    if (lua_isboolean(L, index)) {
        *update_stock = lua_toboolean(L, index);
        return true;
    }
    *update_stock = true;
    if (!lua_isnil(L, index))
        return error_set(err, ERROR_USAGE,
            "update_stock must be true or false, not a %s",
            luaL_typename(L, index));
    return !host_of(L)->profile->update_stock_explicit ||
           error_set(err, ERROR_USAGE,
               "update_stock is missing: this profile wants it said "
               "(update_stock = \"explicit\")");
}

static bool known_fields(lua_State *L, int index, struct error *err)
{
    static const char *const fields[] = {
        "order_item_id", "code", "update_stock", NULL};

    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        const char *key =
            lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "?";
        int i = 0;
        while (fields[i] && strcmp(fields[i], key) != 0)
            i++;
        if (!fields[i]) {
            lua_pop(L, 1);
            return error_set(err, ERROR_USAGE,
                "a release has no field \"%.40s\" (it has: order_item_id, "
                "code, update_stock)",
                key);
        }
    }
    return true;
}

/* Leaves the code on the stack, which the ask borrows. */
static bool read_release(
    lua_State *L, int index, struct journal_ask *ask, struct error *err)
{
    luaL_checkstack(L, 6, NULL);
    index = lua_absindex(L, index);
    if (!lua_istable(L, index))
        return error_set(err, ERROR_USAGE,
            "a release must be a table, not a %s", luaL_typename(L, index));
    int top = lua_gettop(L);
    if (!known_fields(L, index, err))
        return false;
    lua_getfield(L, index, "code");
    lua_getfield(L, index, "order_item_id");
    lua_getfield(L, index, "update_stock");
    bool ok = read_item(L, top + 2, &ask->order_item_id, err) &&
              read_code(L, top + 1, err) &&
              read_stock(L, top + 3, &ask->update_stock, err);
    lua_settop(L, ok ? top + 1 : top);
    if (ok)
        ask->code = lua_tostring(L, top + 1);
    return ok;
}

/* --only: by item or by code. */
static bool is_wanted(const struct host *host, const struct journal_ask *ask)
{
    char digits[24];

    if (!host->only)
        return true;
    snprintf(digits, sizeof digits, "%lld", (long long)ask->order_item_id);
    for (size_t i = 0; i < host->only_count; i++)
        if (strcmp(host->only[i], digits) == 0 ||
            strcmp(host->only[i], ask->code) == 0)
            return true;
    return false;
}

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
 * that was not sent because the run has to end. */
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

static int release_done(lua_State *L, int status, lua_KContext ctx)
{
    struct delivering *d = lua_touserdata(L, (int)ctx);
    const struct release_result *result = release_result(d->releases[0]);

    (void)status;
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

/* omnitron.release{ order_item_id, code [, update_stock] }
 *   -> { pk, content_type, object_id, integration_type, code, already }
 *    | nil, message, "rejected" | "conflict" | "unknown" | "pending"
 * Waits until the outcome is on disk. Raises for what is not valid. */
static int l_omnitron_release(lua_State *L)
{
    struct host *host = host_of(L);
    struct journal_ask ask = {0};
    struct error err;

    luaL_checktype(L, 1, LUA_TTABLE);
    task_check_can_wait(L);
    lua_settop(L, 1);
    if (!read_release(L, 1, &ask, &err))
        return luaL_error(L, "bad argument to release: %s", err.text);
    if (!is_wanted(host, &ask))
        return left_alone(L, "--only");
    ask.source = push_place(L);
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

static bool check_all(lua_State *L, int index, struct error *err)
{
    size_t n = list_len(L, index);

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

/* native.check(releases) -> nil, or what is wrong with the first bad one. A
 * list is valid as a whole or not at all. */
static int l_native_check(lua_State *L)
{
    struct error err;

    luaL_checktype(L, 1, LUA_TTABLE);
    if (check_all(L, 1, &err))
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
        lua_pushstring(L, verdict_name(result->verdict));
        lua_pushstring(L, result->message);
        lua_pushinteger(L, result->order_item_id);
        pushed += 3;
    }
    return pushed;
}

static void hand_in_at(lua_State *L, struct delivering *d, size_t i, int index,
    struct journal_ask *ask)
{
    struct error err;
    int top = lua_gettop(L);

    if (!read_release(L, index, ask, &err)) {
        abandon(&d->waiter);
        luaL_error(L, "%s", err.text);
    }
    if (is_wanted(host_of(L), ask))
        hand_in(L, d, i, ask);
    else
        host_of(L)->left_alone = true;
    lua_settop(L, top);
}

/* native.deliver(releases, at, name) -> true, then kind, message, item of
 * each; or false when --only leaves all of them alone. They were checked. */
static int l_native_deliver(lua_State *L)
{
    struct journal_ask ask = {.source = luaL_optstring(L, 2, NULL),
        .name = luaL_optstring(L, 3, NULL)};
    size_t n = list_len(L, 1);

    lua_settop(L, 3);
    struct delivering *d = push_delivering(L, n ? n : 1);
    if (n == 0)
        hand_in_at(L, d, 0, 1, &ask);
    for (size_t i = 0; i < n; i++) {
        lua_rawgeti(L, 1, (lua_Integer)i + 1);
        hand_in_at(L, d, i, 5, &ask);
        lua_settop(L, 4);
    }
    if (d->open == 0) {
        lua_pushboolean(L, false);
        return 1;
    }
    return task_park(L, &d->waiter, 4, deliver_done);
}

/* The journal owns an operation that was submitted, so it lives on the heap
 * and outlives a task that goes away. */
struct ask_op {
    struct waiter waiter;
    struct journal_op op;
    struct buf key;
    bool under_way;
    bool abandoned;
};

static void ask_op_free(struct ask_op *ask)
{
    buf_free(&ask->key);
    buf_free(&ask->op.text);
    mem_free(ask);
}

static int l_asking__gc(lua_State *L)
{
    struct ask_op **ask = luaL_checkudata(L, 1, ASKING);

    if (!*ask)
        return 0;
    if ((*ask)->under_way)
        (*ask)->abandoned = true;
    else
        ask_op_free(*ask);
    *ask = NULL;
    return 0;
}

static void asking_abort(struct waiter *waiter)
{
    (void)waiter; // the collector finds it under way, and the answer frees it
}

static void asked(struct journal_op *op)
{
    struct ask_op *ask = op->owner;

    ask->under_way = false;
    if (ask->abandoned)
        ask_op_free(ask);
    else if (!op->failed)
        task_wake(&ask->waiter);
}

static struct ask_op *push_asking(lua_State *L, enum journal_kind kind)
{
    struct ask_op **box = lua_newuserdatauv(L, sizeof *box, 0);

    *box = NULL;
    luaL_setmetatable(L, ASKING);
    struct ask_op *ask = mem_calloc(1, sizeof *ask);
    if (!ask)
        luaL_error(L, "out of memory");
    *box = ask;
    ask->waiter.abort = asking_abort;
    ask->op.kind = kind;
    ask->op.owner = ask;
    ask->op.done = asked;
    return ask;
}

static int ask_and_park(lua_State *L, struct ask_op *ask, lua_KFunction k)
{
    int at = lua_gettop(L);

    ask->under_way = true;
    journal_submit(host_of(L)->loop->journal, &ask->op);
    return task_park(L, &ask->waiter, at, k);
}

static struct journal_op *answered(lua_State *L, lua_KContext ctx)
{
    struct ask_op **box = lua_touserdata(L, (int)ctx);

    return &(*box)->op;
}

static int known_done(lua_State *L, int status, lua_KContext ctx)
{
    struct journal_op *op = answered(L, ctx);

    (void)status;
    if (!op->found) {
        lua_pushnil(L);
        return 1;
    }
    lua_createtable(L, 0, 3);
    lua_pushstring(L, op->row.code);
    lua_setfield(L, -2, "code");
    lua_pushboolean(L, op->row.update_stock);
    lua_setfield(L, -2, "update_stock");
    lua_pushstring(L, journal_state_name(op->row.state));
    lua_setfield(L, -2, "state");
    return 1;
}

/* omnitron.known(order_item_id) -> { code, update_stock, state } | nil
 * What the journal has of an item. */
static int l_omnitron_known(lua_State *L)
{
    int64_t item;
    struct error err;

    lua_settop(L, 1);
    task_check_can_wait(L);
    if (!read_item(L, 1, &item, &err))
        return luaL_error(L, "bad argument to known: %s", err.text);
    struct ask_op *ask = push_asking(L, JOURNAL_FIND);
    ask->op.ask.order_item_id = item;
    return ask_and_park(L, ask, known_done);
}

static void take_key(lua_State *L, struct ask_op *ask)
{
    size_t len;
    const char *key = luaL_checklstring(L, 1, &len);

    if (!buf_add(&ask->key, key, len))
        luaL_error(L, "out of memory");
    ask->op.key = buf_text(&ask->key);
}

static void check_key(lua_State *L)
{
    size_t len;
    const char *key = luaL_checklstring(L, 1, &len);

    luaL_argcheck(L, len > 0 && len <= 255 && strlen(key) == len, 1,
        "a key is 1 to 255 bytes");
}

/* The type stands in front of the value, so that 10 and "10" differ. */
static bool put_value(lua_State *L, int index, struct buf *out)
{
    size_t len;

    if (lua_type(L, index) == LUA_TSTRING) {
        const char *text = lua_tolstring(L, index, &len);
        return buf_putc(out, 's') && buf_add(out, text, len);
    }
    if (lua_isinteger(L, index))
        return buf_printf(out, "i%lld", (long long)lua_tointeger(L, index));
    return buf_printf(out, "f%a", (double)lua_tonumber(L, index));
}

static int remember_done(lua_State *L, int status, lua_KContext ctx)
{
    (void)L, (void)status, (void)ctx;
    return 0;
}

/* omnitron.remember(key, value): a string or a number, durable when it
 * returns; the keys belong to the journal. */
static int l_omnitron_remember(lua_State *L)
{
    check_key(L);
    int type = lua_type(L, 2);
    luaL_argexpected(
        L, type == LUA_TSTRING || type == LUA_TNUMBER, 2, "string or number");
    luaL_argcheck(L, type == LUA_TSTRING || isfinite(lua_tonumber(L, 2)), 2,
        "not a finite number");
    lua_settop(L, 2);
    task_check_can_wait(L);
    struct ask_op *ask = push_asking(L, JOURNAL_REMEMBER);
    take_key(L, ask);
    if (!put_value(L, 2, &ask->op.text))
        return luaL_error(L, "out of memory");
    return ask_and_park(L, ask, remember_done);
}

static int recall_done(lua_State *L, int status, lua_KContext ctx)
{
    struct journal_op *op = answered(L, ctx);
    const char *text = buf_text(&op->text);

    (void)status;
    if (!op->found)
        lua_pushnil(L);
    else if (text[0] == 'i' || text[0] == 'f')
        lua_stringtonumber(L, text + 1);
    else
        lua_pushlstring(L, text + 1, op->text.len - 1);
    return 1;
}

/* omnitron.recall(key) -> value | nil */
static int l_omnitron_recall(lua_State *L)
{
    check_key(L);
    lua_settop(L, 1);
    task_check_can_wait(L);
    struct ask_op *ask = push_asking(L, JOURNAL_RECALL);
    take_key(L, ask);
    return ask_and_park(L, ask, recall_done);
}

static const luaL_Reg omnitron[] = {
    {"known", l_omnitron_known},
    {"recall", l_omnitron_recall},
    {"release", l_omnitron_release},
    {"remember", l_omnitron_remember},
    {NULL, NULL},
};

static const luaL_Reg deliver[] = {
    {"check", l_native_check},
    {"deliver", l_native_deliver},
    {NULL, NULL},
};

static void set_gc(lua_State *L, const char *type, lua_CFunction gc)
{
    luaL_newmetatable(L, type);
    lua_pushcfunction(L, gc);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
}

int luaopen_omnitron(lua_State *L)
{
    set_gc(L, DELIVERING, l_delivering__gc);
    set_gc(L, ASKING, l_asking__gc);
    luaL_newlib(L, omnitron);
    lua_pushboolean(L, host_of(L)->planning);
    lua_setfield(L, -2, "planning");
    return 1;
}

int luaopen_omnitron_deliver(lua_State *L)
{
    luaL_newlib(L, deliver);
    return 1;
}
