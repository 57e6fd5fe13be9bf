/* The time module. */
#include "base/instant.h"
#include "csv/csv_text.h"
#include "lua/modules.h"

#include <lauxlib.h>
#include <math.h>

/* time.parse(text) -> seconds since 1970, UTC
 * ISO 8601 with or without a zone, a date alone, "YYYY-MM-DD HH:MM:SS",
 * "/Date(milliseconds)/"; without a zone it is UTC. An integer, or a float
 * where the text has a fraction. Raises for anything else. */
static int l_time_parse(lua_State *L)
{
    char quoted[CSV_TEXT_QUOTE_MAX];
    struct instant instant;
    size_t len;

    luaL_checktype(L, 1, LUA_TSTRING);
    const char *text = lua_tolstring(L, 1, &len);
    if (!instant_read(text, len, &instant)) {
        csv_text_quote(text, len, '\'', quoted);
        return luaL_error(L,
            "%s is not a time (such as 2025-11-22, 2025-11-22 02:14:07 or "
            "2025-11-22T02:14:07+03:00)",
            quoted);
    }
    if (instant.nanoseconds)
        lua_pushnumber(L, (double)instant.seconds + instant.nanoseconds / 1e9);
    else
        lua_pushinteger(L, instant.seconds);
    return 1;
}

/* A float has room for microseconds, not for more. */
static struct instant to_instant(lua_Number seconds)
{
    double whole = floor(seconds);
    int micro = (int)((seconds - whole) * 1e6 + 0.5);

    return (struct instant){
        (int64_t)whole + micro / 1000000, micro % 1000000 * 1000};
}

/* time.text(seconds) -> "2025-11-22T02:14:07Z", with a fraction if any */
static int l_time_text(lua_State *L)
{
    char text[INSTANT_TEXT_MAX];
    lua_Number seconds = luaL_checknumber(L, 1);
    bool far = !(fabs(seconds) < 1e12);

    luaL_argcheck(L, !far && instant_write(to_instant(seconds), text), 1,
        "seconds between the years 1 and 9999");
    lua_pushstring(L, text);
    return 1;
}

static const luaL_Reg functions[] = {
    {"parse", l_time_parse},
    {"text", l_time_text},
    {NULL, NULL},
};

int luaopen_omnitron_time(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
