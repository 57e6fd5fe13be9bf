/* file.h: files of Lua's own type (LUA_FILEHANDLE) that were opened by
 * base/file.h: what io.open gives, and what require reads. */
#ifndef MODULES_FILE_H
#define MODULES_FILE_H

#include <lua.h>
#include <stdbool.h>
#include <stdio.h>

enum { FILE_FORMATS_MAX = 250 }; // of lines, as in Lua

/* A path at that place; raises where it is none, or has a NUL in it. */
const char *file_check_path(lua_State *L, int index);

/* Whether io.open knows the mode. */
bool file_knows_mode(const char *mode);

/* Pushes a file. False: what is pushed is to be left alone, errno is set, and
 * `*why` is half a sentence. */
bool file_push(
    lua_State *L, const char *path, const char *mode, const char **why);

/* Pushes nil, "PATH: WHY", errno: three values. */
int file_push_refusal(lua_State *L, const char *path, const char *why);

/* Pushes one that leads to stdout or stderr, masked; it cannot be closed. */
void file_push_masked(lua_State *L, FILE *to);

/* Pushes what reads the lines of the file at that place, in the formats that
 * are behind it up to the top; `close`: it is closed at its end. Raises. */
void file_push_lines(lua_State *L, int file, bool close);

/* Gives the type the methods that have to know of those; after luaopen_io. */
void file_set_methods(lua_State *L);

/* file:flush() */
int l_file_flush(lua_State *L);

#endif
