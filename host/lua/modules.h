/* modules.h: the libraries that a script sees. Each pushes its table. */
#ifndef LUA_MODULES_H
#define LUA_MODULES_H

#include <lua.h>

int luaopen_omnitron_api(lua_State *L);
int luaopen_omnitron_coroutine(lua_State *L);
int luaopen_omnitron_csv(lua_State *L);
int luaopen_omnitron_fs(lua_State *L);
int luaopen_omnitron_http(lua_State *L);
int luaopen_omnitron_io(lua_State *L);
int luaopen_omnitron_json(lua_State *L);
int luaopen_omnitron(lua_State *L);
int luaopen_omnitron_module_file(lua_State *L);
int luaopen_omnitron_os(lua_State *L);
int luaopen_omnitron_mailbox(lua_State *L);
int luaopen_omnitron_planned(lua_State *L);
int luaopen_omnitron_native(lua_State *L);
int luaopen_omnitron_log(lua_State *L);
int luaopen_omnitron_globals(lua_State *L);
int luaopen_omnitron_time(lua_State *L);

#endif
