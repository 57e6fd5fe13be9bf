/* release.h: omnitron.release, for the table of its module. */
#ifndef LUA_RELEASE_H
#define LUA_RELEASE_H

#include <lua.h>

int l_omnitron_release(lua_State *L);

#endif
