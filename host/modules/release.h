/* release.h: omnitron.release, for the table of its module. */
#ifndef MODULES_RELEASE_H
#define MODULES_RELEASE_H

#include <lua.h>

int l_omnitron_release(lua_State *L);

#endif
