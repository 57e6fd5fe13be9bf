/* The omnitron module: release, and what is asked of the journal: known,
 * remember, recall. */
#include "base/mem.h"
#include "lua/deliver.h"
#include "lua/host.h"
#include "lua/modules.h"
#include "lua/read_release.h"

#include <lauxlib.h>
#include <math.h>
#include <string.h>

#define ASKING "omnitron.asking"

struct host *host_of(lua_State *L)
{
    return tasks_of(L)->host;
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

static int push_known(lua_State *L, const struct journal_row *row)
{
    lua_createtable(L, 0, 3);
    lua_pushstring(L, row->code);
    lua_setfield(L, -2, "code");
    lua_pushboolean(L, row->update_stock);
    lua_setfield(L, -2, "update_stock");
    lua_pushstring(L, journal_state_name(row->state));
    lua_setfield(L, -2, "state");
    return 1;
}

static int known_done(lua_State *L, int status, lua_KContext ctx)
{
    struct journal_op *op = answered(L, ctx);

    (void)status;
    if (op->found)
        return push_known(L, &op->row);
    lua_pushnil(L);
    return 1;
}

static int known_planned(lua_State *L, int64_t item)
{
    struct journal_row row;
    struct error err;

    if (plan_find(host_of(L)->plan, item, &row, &err))
        return push_known(L, &row);
    if (err.text[0])
        return luaL_error(L, "%s", err.text);
    lua_pushnil(L);
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
    if (!read_release_item(L, 1, &item, &err))
        return luaL_error(L, "bad argument to known: %s", err.text);
    if (host_of(L)->planning)
        return known_planned(L, item);
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

static int remember_planned(lua_State *L, struct ask_op *ask)
{
    if (!plan_remember(host_of(L)->plan, ask->op.key, &ask->op.text))
        return luaL_error(L, "out of memory");
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
    if (host_of(L)->planning)
        return remember_planned(L, ask);
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

static int recall_planned(lua_State *L, struct ask_op *ask)
{
    struct error err;
    struct plan *plan = host_of(L)->plan;

    ask->op.found = plan_recall(plan, ask->op.key, &ask->op.text, &err);
    if (!ask->op.found && err.text[0])
        return luaL_error(L, "%s", err.text);
    return recall_done(L, LUA_OK, lua_gettop(L));
}

/* omnitron.recall(key) -> value | nil */
static int l_omnitron_recall(lua_State *L)
{
    check_key(L);
    lua_settop(L, 1);
    task_check_can_wait(L);
    struct ask_op *ask = push_asking(L, JOURNAL_RECALL);
    take_key(L, ask);
    if (host_of(L)->planning)
        return recall_planned(L, ask);
    return ask_and_park(L, ask, recall_done);
}

static const luaL_Reg omnitron[] = {
    {"known", l_omnitron_known},
    {"recall", l_omnitron_recall},
    {"release", l_omnitron_release},
    {"remember", l_omnitron_remember},
    {NULL, NULL},
};

int luaopen_omnitron(lua_State *L)
{
    luaL_newmetatable(L, ASKING);
    lua_pushcfunction(L, l_asking__gc);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
    luaL_newlib(L, omnitron);
    lua_pushboolean(L, host_of(L)->planning);
    lua_setfield(L, -2, "planning");
    return 1;
}
