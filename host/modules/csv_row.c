#include "csv/csv_text.h"
#include "lua/type.h"
#include "modules/csv.h"
#include "modules/csv_own.h"

#include <lauxlib.h>

#include <string.h>

enum { LISTED_MAX = 30 }; // columns that a message names

static void add_quoted(luaL_Buffer *b, const char *text, size_t len)
{
    char quoted[CSV_TEXT_QUOTE_MAX];

    /* The marks serve the cut and the escapes; a list reads better bare. */
    csv_text_quote(text, len, ' ', quoted);
    luaL_addlstring(b, quoted + 1, strlen(quoted) - 2);
}

/* Pushes "a, b, c" from the list of names at `index`. */
static void push_list(lua_State *L, int index)
{
    lua_Unsigned n = lua_rawlen(L, index);
    luaL_Buffer b;

    luaL_buffinit(L, &b);
    for (lua_Unsigned i = 1; i <= n && i <= LISTED_MAX; i++) {
        if (i > 1)
            luaL_addstring(&b, ", ");
        /* The name is in the list: it needs no place on the stack. */
        size_t len;
        lua_rawgeti(L, index, (lua_Integer)i);
        const char *name = lua_tolstring(L, -1, &len);
        lua_pop(L, 1);
        add_quoted(&b, name, len);
    }
    if (n > LISTED_MAX) {
        lua_pushfstring(L, " and %d more", (int)(n - LISTED_MAX));
        luaL_addvalue(&b);
    }
    luaL_pushresult(&b);
}

/* row.foo, when the row has no such cell: upvalues are the path and the list
 * of names. */
static int l_row__index(lua_State *L)
{
    char quoted[CSV_TEXT_QUOTE_MAX];
    size_t len;

    push_list(L, lua_upvalueindex(2));
    const char *key = luaL_tolstring(L, 2, &len);
    return luaL_error(L, "%s has no column %s (it has: %s)",
        lua_tostring(L, lua_upvalueindex(1)),
        csv_text_quote(key, len, '\'', quoted), lua_tostring(L, -2));
}

/* Where the metatable of a row has the list of the columns. */
static const char columns_key;

bool csv_push_columns(lua_State *L, int index)
{
    if (!lua_getmetatable(L, index))
        return false;
    if (lua_rawgetp(L, -1, &columns_key) == LUA_TTABLE) {
        lua_remove(L, -2);
        return true;
    }
    lua_pop(L, 2);
    return false;
}

void csv_row_push_meta(lua_State *L, int path, int names)
{
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, path);
    lua_pushvalue(L, names);
    lua_pushcclosure(L, l_row__index, 2);
    lua_setfield(L, -2, "__index");
    lua_pushvalue(L, names);
    lua_rawsetp(L, -2, &columns_key);
    type_hide(L);
}
