#include "task/spot.h"

#include <stdio.h>
#include <string.h>

/* The library function that runs a rule has two locals: these. */
static const char job_name[] = "job", place_name[] = "place";

/* No snprintf: it may be called in a signal. */
static void put_number(char *out, size_t cap, int n)
{
    char digits[12];
    size_t len = 0, at = strlen(out);

    do
        digits[len++] = (char)('0' + n % 10);
    while ((n /= 10) > 0);
    while (len > 0 && at + 1 < cap)
        out[at++] = digits[--len];
    out[at] = '\0';
}

static void put_place(char out[SPOT_MAX], const lua_Debug *ar)
{
    size_t len = strnlen(ar->short_src, SPOT_MAX - 13);

    memcpy(out, ar->short_src, len);
    out[len++] = ':';
    out[len] = '\0';
    put_number(out, SPOT_MAX, ar->currentline);
}

bool spot_find(lua_State *L, char out[SPOT_MAX])
{
    lua_Debug ar;

    out[0] = '\0';
    for (int level = 0; !out[0] && lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "Sl", &ar);
        if (ar.source[0] == '@' && ar.currentline > 0)
            put_place(out, &ar);
    }
    return out[0] != '\0';
}

/* Pushes the local of that name; false: it has none. */
static bool push_local(lua_State *L, lua_Debug *ar, const char *wanted)
{
    const char *name;

    for (int i = 1; (name = lua_getlocal(L, ar, i)); i++) {
        if (strcmp(name, wanted) == 0)
            return true;
        lua_pop(L, 1);
    }
    return false;
}

/* The field `key` of the local `name`, pushed, or nil. */
static int push_field(
    lua_State *L, lua_Debug *ar, const char *name, const char *key)
{
    if (!push_local(L, ar, name))
        lua_pushnil(L);
    if (!lua_istable(L, -1))
        return lua_type(L, -1);
    lua_pushstring(L, key);
    lua_rawget(L, -2);
    lua_remove(L, -2);
    return lua_type(L, -1);
}

/* As place_text of rows.lua: a text, or a number behind the job's prefix. */
static bool row_at(lua_State *L, lua_Debug *ar, char *out, size_t cap)
{
    int top = lua_gettop(L);
    int type = push_field(L, ar, place_name, "at");
    int prefix = push_field(L, ar, job_name, "prefix");

    out[0] = '\0';
    if (type == LUA_TSTRING)
        snprintf(out, cap, "%s", lua_tostring(L, top + 1));
    else if (type == LUA_TNUMBER && prefix == LUA_TSTRING)
        snprintf(out, cap, "%s%lld", lua_tostring(L, top + 2),
            (long long)lua_tointeger(L, top + 1));
    lua_settop(L, top);
    return out[0] != '\0';
}

bool spot_find_row(lua_State *L, char *out, size_t cap)
{
    lua_Debug ar;
    bool found = false;

    out[0] = '\0';
    if (!lua_checkstack(L, 4))
        return false;
    for (int level = 0; !found && lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "S", &ar);
        if (strcmp(ar.source, "=omnitron") == 0)
            found = row_at(L, &ar, out, cap);
    }
    return found;
}
