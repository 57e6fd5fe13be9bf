/* json_lua_place.h: where in a Lua value its writer is. */
#ifndef JSON_JSON_LUA_PLACE_H
#define JSON_JSON_LUA_PLACE_H

#include <lua.h>

#include <stddef.h>

/* A name or a list position, and what is around it. Names are borrowed from
 * keys on the Lua stack. */
struct json_lua_place {
    const struct json_lua_place *around;
    const char *name; // NULL: a list position
    size_t name_len;
    lua_Integer position;
};

/* Raises "items[3].price: WHAT"; at the top (NULL), WHAT alone. */
void json_lua_place_refuse(lua_State *L, const struct json_lua_place *at,
    const char *fmt, ...) __attribute__((format(printf, 3, 4), noreturn));

#endif
