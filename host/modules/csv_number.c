#include "csv/csv_text.h"
#include "modules/csv_own.h"

#include <lauxlib.h>

#include <string.h>

/* 10.0 in a text is "10.0", and a code is another then: what is whole is an
 * integer, as far as a float has each of them. */
static void make_whole(lua_State *L)
{
    static const lua_Number most = 9007199254740992.0; // 2^53
    lua_Number n = lua_tonumber(L, -1);
    lua_Integer whole;

    if (lua_isinteger(L, -1) || n < -most || n > most ||
        !lua_numbertointeger(n, &whole) || (lua_Number)whole != n)
        return;
    lua_pop(L, 1);
    lua_pushinteger(L, whole);
}

/* csv.number(text [, ","]) -> integer or float
 * The second is the decimal point, "." if not given; the other of "." and ","
 * may group the digits before it by three. Raises for anything else. */
int csv_number(lua_State *L)
{
    char plain[CSV_TEXT_NUMBER_MAX], quoted[CSV_TEXT_QUOTE_MAX];
    static const char *const points[] = {".", ",", NULL};
    size_t len;

    luaL_checktype(L, 1, LUA_TSTRING);
    const char *text = lua_tolstring(L, 1, &len);
    const char *point = points[luaL_checkoption(L, 2, ".", points)];
    csv_text_quote(text, len, '\'', quoted);
    if (!csv_text_number(text, len, *point, plain) ||
        lua_stringtonumber(L, plain) == 0)
        return luaL_error(L, "%s is not a number with the decimal point \"%s\"",
            quoted, point);
    if (!strchr(plain, '.') && !lua_isinteger(L, -1))
        return luaL_error(L, "%s has too many digits for a number", quoted);
    make_whole(L);
    return 1;
}
