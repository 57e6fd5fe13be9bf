/* The log module. */
#include "base/log.h"

#include "lua/modules.h"

#include <lauxlib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS_MAX = 32 };

/* JSON knows no infinity. */
static bool is_bare(lua_State *L, int index)
{
    return lua_isboolean(L, index) || lua_isinteger(L, index) ||
           (lua_type(L, index) == LUA_TNUMBER &&
               isfinite(lua_tonumber(L, index)));
}

/* Leaves the texts on the stack, which the fields borrow. */
static size_t read_fields(lua_State *L, struct log_field *fields)
{
    size_t n = 0;

    if (lua_isnoneornil(L, 2))
        return 0;
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_newtable(L); // 3: keeps the texts
    lua_pushnil(L);
    while (n < FIELDS_MAX && lua_next(L, 2)) {
        fields[n].bare = is_bare(L, -1);
        fields[n].value = luaL_tolstring(L, -1, NULL);
        lua_rawseti(L, 3, (lua_Integer)n * 2 + 1);
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        fields[n].key = luaL_tolstring(L, -1, NULL);
        lua_rawseti(L, 3, (lua_Integer)n * 2 + 2);
        lua_pop(L, 1);
        n++;
    }
    return n;
}

static int by_key(const void *a, const void *b)
{
    const struct log_field *one = a, *other = b;

    return strcmp(one->key, other->key);
}

static int write_line(lua_State *L, enum log_level level)
{
    struct log_field fields[FIELDS_MAX];

    luaL_checkany(L, 1);
    lua_settop(L, 2);
    size_t n = read_fields(L, fields);
    qsort(fields, n, sizeof *fields, by_key);
    log_script(level, luaL_tolstring(L, 1, NULL), fields, n);
    return 0;
}

/* log.debug(message [, fields]): fields is a table of at most 32 names,
 * which come in the order of the alphabet */
static int l_log_debug(lua_State *L)
{
    return write_line(L, LOG_DEBUG);
}

/* log.info(message [, fields]) */
static int l_log_info(lua_State *L)
{
    return write_line(L, LOG_INFO);
}

/* log.warn(message [, fields]) */
static int l_log_warn(lua_State *L)
{
    return write_line(L, LOG_WARN);
}

/* log.error(message [, fields]): says it; does not raise */
static int l_log_error(lua_State *L)
{
    return write_line(L, LOG_ERROR);
}

static const luaL_Reg functions[] = {
    {"debug", l_log_debug},
    {"error", l_log_error},
    {"info", l_log_info},
    {"warn", l_log_warn},
    {NULL, NULL},
};

int luaopen_omnitron_log(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
