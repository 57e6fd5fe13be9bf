/* lua_version.h: which Lua, and which lua-cjson, is linked in. */
#ifndef LUA_LUA_VERSION_H
#define LUA_LUA_VERSION_H

enum { VERSION_TEXT_MAX = 32 };

/* "Lua 5.4.4" */
const char *lua_version_lua(void);

/* "2.1.0", cut to fit, as a Lua state of its own is told by it; "" when there
 * is no memory. Returns out. */
const char *lua_version_cjson(char out[VERSION_TEXT_MAX]);

#endif
