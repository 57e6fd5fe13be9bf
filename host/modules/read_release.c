#include "modules/read_release.h"

#include "delivery/valid.h"
#include "lua/script.h"

#include <lauxlib.h>
#include <string.h>

bool read_release_item(
    lua_State *L, int index, int64_t *item, struct error *err)
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
    return !script_of(L)->profile->update_stock_explicit ||
           error_set(err, ERROR_USAGE,
               "update_stock is missing: this profile wants it said "
               "(update_stock = \"explicit\")");
}

enum field { ITEM, CODE, STOCK, FIELDS };

static const struct {
    const char *name;
    size_t len;
} fields[FIELDS] = {
    [ITEM] = {"order_item_id", 13},
    [CODE] = {"code", 4},
    [STOCK] = {"update_stock", 12},
};

static int find_field(const char *name, size_t len)
{
    int i = 0;

    while (i < FIELDS &&
           (fields[i].len != len || memcmp(fields[i].name, name, len) != 0))
        i++;
    return i;
}

/* Puts the table's own fields at `first` and behind, in their order. False: it
 * has others, too. */
static bool take_fields(lua_State *L, int index, int first, struct error *err)
{
    lua_pushnil(L);
    while (lua_next(L, index)) {
        size_t len = 1;
        const char *key =
            lua_type(L, -2) == LUA_TSTRING ? lua_tolstring(L, -2, &len) : "?";
        int field = find_field(key, len);
        if (field == FIELDS)
            return error_set(err, ERROR_USAGE,
                "a release has no field \"%.40s\" (it has: order_item_id, "
                "code, update_stock)",
                key);
        lua_replace(L, first + field);
    }
    return true;
}

/* What a metatable makes of the table counts, too. */
static void take_inherited(lua_State *L, int index, int first)
{
    for (int i = 0; i < FIELDS; i++)
        if (lua_isnil(L, first + i)) {
            lua_getfield(L, index, fields[i].name);
            lua_replace(L, first + i);
        }
}

static bool read_fields(
    lua_State *L, int first, struct journal_ask *ask, struct error *err)
{
    return read_release_item(L, first + ITEM, &ask->order_item_id, err) &&
           read_code(L, first + CODE, err) &&
           read_stock(L, first + STOCK, &ask->update_stock, err);
}

bool read_release(
    lua_State *L, int index, struct journal_ask *ask, struct error *err)
{
    luaL_checkstack(L, FIELDS + 4, NULL);
    index = lua_absindex(L, index);
    if (!lua_istable(L, index))
        return error_set(err, ERROR_USAGE,
            "a release must be a table, not a %s", luaL_typename(L, index));
    int first = lua_gettop(L) + 1;
    lua_settop(L, first + FIELDS - 1);
    bool ok = take_fields(L, index, first, err);
    if (ok && luaL_getmetafield(L, index, "__index") != LUA_TNIL)
        take_inherited(L, index, first);
    ok = ok && read_fields(L, first, ask, err);
    if (ok) {
        lua_copy(L, first + CODE, first);
        ask->code = lua_tostring(L, first);
    }
    lua_settop(L, ok ? first : first - 1);
    return ok;
}

/* The number of releases in a list; 0: it is no list. */
static size_t list_len(lua_State *L, int index)
{
    lua_rawgeti(L, index, 1);
    bool is_list = !lua_isnil(L, -1);
    lua_pop(L, 1);
    return is_list ? (size_t)lua_rawlen(L, index) : 0;
}

/* Whether the list has nothing but its `count` elements: what stands beside
 * them, or behind a hole, would be left out without a word. */
static bool is_whole(lua_State *L, int index, size_t count, struct error *err)
{
    luaL_checkstack(L, 3, NULL);
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        if (lua_isinteger(L, -1) && lua_tointeger(L, -1) >= 1 &&
            (lua_Unsigned)lua_tointeger(L, -1) <= count)
            continue;
        lua_pushvalue(L, -1);
        error_set(err, ERROR_USAGE,
            "a list of releases has \"%.40s\" beside them, or a hole before it",
            luaL_tolstring(L, -1, NULL));
        lua_pop(L, 3);
        return false;
    }
    return true;
}

/* What a table of a script says is its length may be anything. Each is read
 * once: a metamethod may say something else the next time. */
static struct journal_ask *read_list(lua_State *L, int index, size_t count,
    const struct journal_ask *like, struct error *err)
{
    if (count > RELEASES_MAX) {
        error_set(err, ERROR_USAGE,
            "one row gives at most %d releases; this one has %zu", RELEASES_MAX,
            count);
        return NULL;
    }
    if (!is_whole(L, index, count, err))
        return NULL;
    luaL_checkstack(L, (int)count + 8, "too many releases of one row");
    struct journal_ask *asks = lua_newuserdatauv(L, count * sizeof *asks, 0);
    for (size_t i = 0; i < count; i++) {
        asks[i] = *like;
        lua_rawgeti(L, index, (lua_Integer)i + 1);
        int at = lua_gettop(L);
        if (!read_release(L, at, &asks[i], err))
            return NULL;
        lua_remove(L, at);
    }
    return asks;
}

struct journal_ask *read_releases(lua_State *L, int index,
    struct journal_ask *one, size_t *count, struct error *err)
{
    size_t len = list_len(L, index);

    *count = len ? len : 1;
    if (len)
        return read_list(L, index, len, one, err);
    return read_release(L, index, one, err) ? one : NULL;
}
