#include "session/builtins.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdbool.h>
#include <stddef.h>

/* The libraries of which the functions are copied, too. */
static const char *const libraries[] = {LUA_COLIBNAME, LUA_IOLIBNAME,
    LUA_MATHLIBNAME, LUA_OSLIBNAME, LUA_STRLIBNAME, LUA_TABLIBNAME,
    LUA_UTF8LIBNAME};

static const char key = 0; // of the environment, in the registry

/* Replaces the table on top by a copy. */
static void copy(lua_State *L)
{
    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, -3)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
    }
    lua_remove(L, -2);
}

/* What a script adds to its table `string` becomes a method of strings still;
 * what it replaces there does not. */
static void copy_methods(lua_State *L)
{
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1); // "" meta
    lua_getglobal(L, LUA_STRLIBNAME);
    copy(L); // "" meta methods
    lua_createtable(L, 0, 1);
    lua_getglobal(L, LUA_STRLIBNAME);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 2);
}

void builtins_make(lua_State *L)
{
    luaL_checkstack(L, 8, NULL);
    lua_pushglobaltable(L);
    copy(L);
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        lua_getfield(L, -1, libraries[i]);
        copy(L);
        lua_setfield(L, -2, libraries[i]);
    }
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key);
    copy_methods(L);
}

void builtins_give(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key);
    lua_setupvalue(L, -2, 1);
}
