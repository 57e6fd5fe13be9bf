#include "csv/csv_text.h"
#include "lua/type.h"
#include "modules/csv_own.h"

#include <lauxlib.h>

/* table[key], when it is not there: upvalues are the path and the column. */
static int l_table__index(lua_State *L)
{
    char key[CSV_TEXT_QUOTE_MAX], column[CSV_TEXT_QUOTE_MAX];
    bool text = lua_type(L, 2) == LUA_TSTRING;
    size_t key_len, column_len;
    const char *name = lua_tolstring(L, lua_upvalueindex(2), &column_len);
    const char *missing = luaL_tolstring(L, 2, &key_len);

    csv_text_quote(name, column_len, ' ', column);
    csv_text_quote(missing, key_len, '\'', key);
    return luaL_error(L, "%s has no%s%s%s",
        lua_tostring(L, lua_upvalueindex(1)), column, key,
        text ? "" : " (its keys are texts: tostring may help)");
}

/* Pushes the table that is to be filled, for the reader at `rows`. */
static void push_table(lua_State *L, int rows)
{
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    csv_rows_push_path(L, rows);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, l_table__index, 2);
    lua_setfield(L, -2, "__index");
    type_hide(L);
    lua_setmetatable(L, -2);
}

/* Takes the row on top into the table below it, by the column at 2. */
static void add_row(lua_State *L, int rows, const struct csv_record *record)
{
    int table = lua_gettop(L) - 1;
    char key[CSV_TEXT_QUOTE_MAX], column[CSV_TEXT_QUOTE_MAX];
    size_t key_len, column_len;

    lua_pushvalue(L, 2);
    lua_gettable(L, -2); // raises when there is no such column
    lua_pushvalue(L, -1);
    if (lua_rawget(L, table) != LUA_TNIL) {
        const char *name = lua_tolstring(L, 2, &column_len);
        const char *text = lua_tolstring(L, -2, &key_len);
        csv_text_quote(name, column_len, ' ', column);
        csv_text_quote(text, key_len, '\'', key);
        csv_rows_push_position(L, rows, record->line);
        luaL_error(L, "%s: a second%s%s", lua_tostring(L, -1), column, key);
    }
    lua_pop(L, 1);
    lua_insert(L, -2);
    lua_rawset(L, table);
}

/* csv.table(path | options, column) -> rows by what they have in `column`
 * Raises for a row that cannot be used, for a second row with a key and, when
 * the table is read, for a key that is not there. */
int csv_table(lua_State *L)
{
    struct csv_record record;
    enum csv_got got;
    enum { ROWS_AT = 3 };

    luaL_checktype(L, 2, LUA_TSTRING);
    lua_settop(L, 2);
    csv_rows_push(L, 1);
    csv_rows_check_column(L, ROWS_AT, 2);
    push_table(L, ROWS_AT);
    while ((got = csv_rows_next(L, ROWS_AT, &record)) == CSV_ROW)
        add_row(L, ROWS_AT, &record);
    if (got == CSV_FAILED)
        return csv_rows_raise_failure(L, ROWS_AT);
    if (got == CSV_BAD)
        return csv_rows_raise(L, ROWS_AT, &record);
    csv_rows_close(L, ROWS_AT);
    return 1;
}
