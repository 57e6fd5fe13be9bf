/* type.h: the types that the bindings give to scripts. */
#ifndef LUA_TYPE_H
#define LUA_TYPE_H

#include <lua.h>
#include <stdbool.h>

/* As luaL_newmetatable: pushes the metatable of that name. A script neither
 * gets it nor changes it. True: it was made now. */
bool type_push(lua_State *L, const char *name);

/* Keeps the metatable on top from scripts. */
void type_hide(lua_State *L);

#endif
