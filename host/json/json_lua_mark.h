/* json_lua_mark.h: what decoding and encoding put into a text for the other
 * side of lua-cjson, see json_lua.h. For the other files of json_lua. */
#ifndef JSON_JSON_LUA_MARK_H
#define JSON_JSON_LUA_MARK_H

#include <lua.h>

#include <stdbool.h>

/* The first byte of a string that stands for something else. */
#define MARK      "\xFF"
#define MARK_BYTE '\xFF'

/* Pushes the metatable of lists, made when it is first asked for. */
void json_lua_push_array_type(lua_State *L);

/* Whether the table at `index` has it. */
bool json_lua_is_array(lua_State *L, int index);

#endif
