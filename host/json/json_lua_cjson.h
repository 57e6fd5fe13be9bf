/* json_lua_cjson.h: lua-cjson behind a guard. Only json_lua.c calls in.
 *
 * lua-cjson keeps malloc'd blocks across calls into Lua, which leak when Lua
 * raises, and ends the process when its malloc fails. The build renames
 * malloc, realloc and free in a copy of its archive to the three functions
 * below (objcopy --redefine-sym), which raise a Lua error instead and remember
 * each block, so that a call gives all of them back however it ends. With the
 * archive as it comes everything else works the same. */
#ifndef JSON_JSON_LUA_CJSON_H
#define JSON_JSON_LUA_CJSON_H

#include <lua.h>

#include <stdbool.h>
#include <stddef.h>

/* Pushes the decode or encode of the host's own instance, one per Lua state,
 * made when it is first asked for. */
void json_lua_cjson_push_decode(lua_State *L);
void json_lua_cjson_push_encode(lua_State *L);

/* As lua_call, for a function of lua-cjson. */
void json_lua_cjson_call(lua_State *L, int nargs, int nresults);

/* lua-cjson's memory. */
void *json_lua_cjson_malloc(size_t size);
void *json_lua_cjson_realloc(void *block, size_t size);
void json_lua_cjson_free(void *block);

/* Whether lua-cjson was built to take its memory here: for tests. */
bool json_lua_cjson_guarded(void);

#endif
