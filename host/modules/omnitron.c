/* The omnitron module: release, and what is asked of the journal: known,
 * remember, recall. */
#include "base/mem.h"
#include "journal/cursor_value.h"
#include "lua/modules.h"
#include "lua/script.h"
#include "lua/type.h"
#include "modules/read_release.h"
#include "modules/release.h"

#include <lauxlib.h>
#include <math.h>
#include <string.h>

#define ASKING "omnitron.asking"

/* The journal owns an operation that was submitted, so it lives on the heap
 * and outlives a task that goes away. */
struct ask_op {
    struct account *account; // borrows
    size_t taken;            // of it
    struct journal_op op;
    struct buf key;
    bool under_way;
    struct asking *asking; // who waits; NULL: abandoned
};

struct asking {
    struct waiter waiter;
    struct ask_op *ask; // owns; NULL: not yet, or over
};

/* With its key and a usual text. */
enum { ASK_BYTES = sizeof(struct ask_op) + CURSOR_VALUE_KEY_MAX + 1024 };

static void ask_op_free(struct ask_op *ask)
{
    buf_free(&ask->key);
    buf_free(&ask->op.text);
    account_give(ask->account, ask->taken);
    mem_free(ask);
}

/* Gives the operation up; under way, it is freed by its answer. */
static void leave(struct asking *asking)
{
    struct ask_op *ask = asking->ask;

    asking->ask = NULL;
    if (ask && ask->under_way)
        ask->asking = NULL;
    else if (ask)
        ask_op_free(ask);
}

/* Not left to the finalizer: Lua may drop one, deep in a recursion. */
static void asking_abort(struct waiter *waiter)
{
    leave((struct asking *)waiter);
}

static int l_asking__gc(lua_State *L)
{
    struct asking *asking = luaL_checkudata(L, 1, ASKING);

    leave(asking);
    task_fail(&asking->waiter);
    return 0;
}

static void asked(struct journal_op *op)
{
    struct ask_op *ask = op->owner;

    ask->under_way = false;
    if (!ask->asking)
        ask_op_free(ask);
    else if (!op->failed)
        task_wake(&ask->asking->waiter);
}

/* `text`: bytes of what is remembered, which is copied. */
static struct ask_op *push_asking(
    lua_State *L, enum journal_kind kind, size_t text)
{
    size_t bytes = ASK_BYTES + 2 * text;
    struct account *account = &script_of(L)->account;
    struct asking *asking = lua_newuserdatauv(L, sizeof *asking, 0);

    *asking = (struct asking){.waiter.abort = asking_abort};
    luaL_setmetatable(L, ASKING);
    struct error err;
    if (!account_fits(account, bytes)) {
        account_refuse(
            account, &err, "memory: what is asked of the journal needs");
        luaL_error(L, "%s", err.text);
    }
    struct ask_op *ask = asking->ask = mem_calloc(1, sizeof *ask);
    if (!ask)
        luaL_error(L, "out of memory");
    account_take(account, bytes);
    ask->account = account;
    ask->taken = bytes;
    ask->asking = asking;
    ask->op.kind = kind;
    ask->op.owner = ask;
    ask->op.done = asked;
    return ask;
}

static int ask_and_park(lua_State *L, struct ask_op *ask, lua_KFunction k)
{
    int at = lua_gettop(L);

    ask->under_way = true;
    journal_submit(script_of(L)->loop->journal, &ask->op);
    return task_park(L, &ask->asking->waiter, at, k);
}

static struct journal_op *answered(lua_State *L, lua_KContext ctx)
{
    const struct asking *asking = lua_touserdata(L, (int)ctx);

    if (!asking->ask)
        luaL_error(L, "the journal was not asked");
    return &asking->ask->op;
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

    if (plan_find(script_of(L)->plan, item, &row, &err))
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
    if (script_of(L)->planning)
        return known_planned(L, item);
    struct ask_op *ask = push_asking(L, JOURNAL_FIND, 0);
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

    luaL_argcheck(L,
        len > 0 && len <= CURSOR_VALUE_KEY_MAX && strlen(key) == len, 1,
        "a key is 1 to 255 bytes");
}

static struct cursor_value memo_at(lua_State *L, int index)
{
    struct cursor_value memo = {.type = CURSOR_VALUE_TEXT};

    if (lua_type(L, index) == LUA_TSTRING) {
        memo.text = lua_tolstring(L, index, &memo.len);
    } else if (lua_isinteger(L, index)) {
        memo.type = CURSOR_VALUE_INTEGER;
        memo.integer = lua_tointeger(L, index);
    } else {
        memo.type = CURSOR_VALUE_FLOAT;
        memo.number = lua_tonumber(L, index);
    }
    return memo;
}

static void push_memo(lua_State *L, const struct cursor_value *memo)
{
    switch (memo->type) {
    case CURSOR_VALUE_TEXT:
        lua_pushlstring(L, memo->text, memo->len);
        break;
    case CURSOR_VALUE_INTEGER:
        lua_pushinteger(L, memo->integer);
        break;
    case CURSOR_VALUE_FLOAT:
        lua_pushnumber(L, memo->number);
        break;
    }
}

static int remember_done(lua_State *L, int status, lua_KContext ctx)
{
    (void)L, (void)status, (void)ctx;
    return 0;
}

static int remember_planned(lua_State *L, struct ask_op *ask)
{
    if (!plan_remember(script_of(L)->plan, ask->op.key, &ask->op.text))
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
    struct ask_op *ask = push_asking(
        L, JOURNAL_REMEMBER, type == LUA_TSTRING ? lua_rawlen(L, 2) : 0);
    take_key(L, ask);
    struct cursor_value memo = memo_at(L, 2);
    if (!cursor_value_put(&ask->op.text, &memo))
        return luaL_error(L, "out of memory");
    luaL_argcheck(L, ask->op.text.len <= JOURNAL_VALUE_MAX, 2,
        "longer than 16 MiB: keep it in a file");
    if (script_of(L)->planning)
        return remember_planned(L, ask);
    return ask_and_park(L, ask, remember_done);
}

static int recall_done(lua_State *L, int status, lua_KContext ctx)
{
    struct journal_op *op = answered(L, ctx);
    struct cursor_value memo;

    (void)status;
    if (!op->found)
        lua_pushnil(L);
    else if (cursor_value_read(buf_text(&op->text), op->text.len, &memo))
        push_memo(L, &memo);
    else
        return luaL_error(
            L, "what the journal has under %s is no value", op->key);
    return 1;
}

static int recall_planned(lua_State *L, struct ask_op *ask)
{
    struct error err;
    struct plan *plan = script_of(L)->plan;

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
    struct ask_op *ask = push_asking(L, JOURNAL_RECALL, 0);
    take_key(L, ask);
    if (script_of(L)->planning)
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
    type_push(L, ASKING);
    lua_pushcfunction(L, l_asking__gc);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
    luaL_newlib(L, omnitron);
    lua_pushboolean(L, script_of(L)->planning);
    lua_setfield(L, -2, "planning");
    return 1;
}
