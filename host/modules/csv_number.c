#include "csv/csv_text.h"
#include "modules/csv_own.h"
#include "json/json_lua.h"

#include <lauxlib.h>

#include <string.h>

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
    json_lua_make_whole(L);
    return 1;
}
