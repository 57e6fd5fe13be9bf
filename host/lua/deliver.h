/* deliver.h: omnitron.release, for the table of its module. */
#ifndef LUA_DELIVER_H
#define LUA_DELIVER_H

#include <lua.h>

/* Needs luaopen_omnitron_deliver to have run. */
int l_omnitron_release(lua_State *L);

#endif
