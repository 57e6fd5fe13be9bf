/* json_lua.h: JSON texts to Lua values and back, through lua-cjson, exactly.
 *
 * lua-cjson makes every number a float, writes 14 digits and lets bad texts
 * through. So a text is checked first (json/json), and what cjson would bend
 * goes through it as a string that begins with the byte 0xFF, which no valid
 * UTF-8 and no escape can give: long integers and empty lists on the way in,
 * long numbers and empty lists on the way out. One walk makes them whole.
 *
 * Integers within 64 bits and doubles survive to the last digit. A whole
 * number is a Lua integer, also when it was written 10.0 or 1e1; -0.0 stays a
 * float. null is json_lua_push_null's value.
 *
 * Everything here may raise a Lua error and wants to be called where one may.
 * Nothing is leaked then. */
#ifndef JSON_JSON_LUA_H
#define JSON_JSON_LUA_H

#include "base/error.h"

#include <lua.h>

#include <stdbool.h>
#include <stddef.h>

enum {
    JSON_LUA_KEEP_NULL = 1, // null members stay, instead of being left out
};

/* Pushes the value of a text, and true; or pushes nothing and says in *err
 * where and what is wrong. Raises only when there is no memory. For
 * tests, which hold its words against json_parse's. */
bool json_lua_try_decode(
    lua_State *L, const char *text, size_t len, int flags, struct error *err);

/* Pushes the value, or raises "bad JSON: line 3, column 12: ...". */
void json_lua_decode(lua_State *L, const char *text, size_t len, int flags);

/* Pushes the text of the value at `index`. Raises with the path of what
 * cannot be written: "items[3].price: not a number (nan)". */
void json_lua_encode(lua_State *L, int index);

/* Pushes what stands for null: the light userdata NULL, as in lua-cjson. */
void json_lua_push_null(lua_State *L);

/* A float on top that is whole becomes the integer, as far as a float has each
 * of them (2^53): 10.0 in a text is "10.0", and a code is another then. */
void json_lua_make_whole(lua_State *L);

/* Marks the table at `index` as a list, so that it is written as [] when it
 * is empty: gives it a metatable of ours. Raises when it has another. */
void json_lua_mark_array(lua_State *L, int index);

/* Pushes a new table as `require "cjson"` gives it: lua-cjson's own behaviour
 * in an instance of its own, for code written for it. But a whole number is an
 * integer, as it is everywhere: 10.0 makes another code than 10. Left out are
 * the setters
 * that can crash or end the process (encode_max_depth, decode_max_depth,
 * encode_keep_buffer, encode_sparse_array); encode and decode refuse what is
 * larger than JSON_TEXT_MAX. */
void json_lua_safe_cjson(lua_State *L);

/* Pushes lua-cjson's version as it gives it itself. */
void json_lua_push_version(lua_State *L);

#endif
