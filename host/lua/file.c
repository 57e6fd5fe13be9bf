#include "lua/file.h"

#include "base/masked.h"
#include "base/regular.h"

#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <string.h>
#include <unistd.h>

const char *file_check_path(lua_State *L, int index)
{
    size_t len;
    const char *path = luaL_checklstring(L, index, &len);

    luaL_argcheck(L, strlen(path) == len, index, "a path has no NUL in it");
    return path;
}

int file_push_refusal(lua_State *L, const char *path, const char *why)
{
    int number = errno;

    luaL_pushfail(L);
    lua_pushfstring(L, "%s: %s", path, why);
    lua_pushinteger(L, number);
    return 3;
}

/* "r", "w" or "a", then "+", then "b", as Lua has it; -1: none. */
static int flags_of_mode(const char *mode)
{
    static const struct {
        char letter;
        int alone, flags;
    } letters[] = {{'r', O_RDONLY, 0}, {'w', O_WRONLY, O_CREAT | O_TRUNC},
        {'a', O_WRONLY, O_CREAT | O_APPEND}};
    bool both = mode[0] && mode[1] == '+';

    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        const char *rest = mode + 1 + both;
        if (mode[0] != letters[i].letter)
            continue;
        if (rest[0] == 'b')
            rest++;
        return rest[0] ? -1
                       : letters[i].flags | (both ? O_RDWR : letters[i].alone);
    }
    return -1;
}

bool file_knows_mode(const char *mode)
{
    return flags_of_mode(mode) >= 0;
}

static int l_file_close(lua_State *L)
{
    luaL_Stream *file = luaL_checkudata(L, 1, LUA_FILEHANDLE);

    return luaL_fileresult(L, fclose(file->f) == 0, NULL);
}

/* What is not the script's to close stays open. */
static int l_file_stay(lua_State *L)
{
    luaL_Stream *file = luaL_checkudata(L, 1, LUA_FILEHANDLE);

    file->closef = l_file_stay;
    luaL_pushfail(L);
    lua_pushliteral(L, "cannot close standard file");
    return 2;
}

static luaL_Stream *push_closed(lua_State *L)
{
    luaL_Stream *file = lua_newuserdatauv(L, sizeof *file, 0);

    *file = (luaL_Stream){0};
    luaL_setmetatable(L, LUA_FILEHANDLE);
    return file;
}

bool file_push(
    lua_State *L, const char *path, const char *mode, const char **why)
{
    luaL_Stream *file = push_closed(L);
    int fd = regular_open(path, flags_of_mode(mode), why);

    if (fd < 0)
        return false;
    file->f = fdopen(fd, mode);
    if (file->f) {
        file->closef = l_file_close;
        return true;
    }
    *why = strerror(errno);
    close(fd);
    return false;
}

void file_push_masked(lua_State *L, FILE *to)
{
    luaL_Stream *file = push_closed(L);

    file->f = masked_stream(to);
    if (!file->f)
        luaL_error(L, "out of memory");
    file->closef = l_file_stay;
}

/* Of a masked one, what it leads to. */
static FILE *check_open(lua_State *L)
{
    luaL_Stream *file = luaL_checkudata(L, 1, LUA_FILEHANDLE);

    if (!file->closef)
        luaL_error(L, "attempt to use a closed file");
    FILE *under = masked_under(file->f);
    return under ? under : file->f;
}

/* file:flush() -> file | nil, message, number */
int l_file_flush(lua_State *L)
{
    FILE *file = check_open(L);

    lua_settop(L, 1);
    return fflush(file) == 0 ? 1 : luaL_fileresult(L, 0, NULL);
}

/* file:setvbuf(mode [, size]) -> true | nil, message, number */
static int l_file_setvbuf(lua_State *L)
{
    static const int modes[] = {_IONBF, _IOFBF, _IOLBF};
    static const char *const names[] = {"no", "full", "line", NULL};
    FILE *file = check_open(L);
    int mode = modes[luaL_checkoption(L, 2, NULL, names)];
    lua_Integer size = luaL_optinteger(L, 3, LUAL_BUFFERSIZE);

    return luaL_fileresult(
        L, setvbuf(file, NULL, mode, (size_t)size) == 0, NULL);
}

static const luaL_Reg methods[] = {
    {"flush", l_file_flush},
    {"setvbuf", l_file_setvbuf},
    {NULL, NULL},
};

void file_set_methods(lua_State *L)
{
    luaL_getmetatable(L, LUA_FILEHANDLE);
    lua_getfield(L, -1, "__index");
    luaL_setfuncs(L, methods, 0);
    lua_pop(L, 2);
}
