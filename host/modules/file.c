#include "modules/file.h"

#include "base/file.h"
#include "lua/masked.h"

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

/* Where a read needs memory the collector works, and a finalizer may come to
 * close the file that is read. */
static int l_file_busy(lua_State *L)
{
    luaL_Stream *file = luaL_checkudata(L, 1, LUA_FILEHANDLE);

    file->closef = l_file_busy;
    return luaL_error(L, "the file is in use");
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
    int fd = file_open(path, flags_of_mode(mode), why);

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

/* Pushes the error on top again, with the place of who called. */
static int raise_here(lua_State *L)
{
    if (lua_type(L, -1) == LUA_TSTRING) {
        luaL_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

/* file:read(format …), Lua's own, which is the first upvalue */
static int l_file_read(lua_State *L)
{
    luaL_Stream *file = luaL_checkudata(L, 1, LUA_FILEHANDLE);
    lua_CFunction closef = file->closef;

    if (!closef)
        return luaL_error(L, "attempt to use a closed file");
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    file->closef = l_file_busy;
    int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
    file->closef = closef;
    return status == LUA_OK ? lua_gettop(L) : raise_here(L);
}

enum { LINES_FILE = 1, LINES_CLOSE, LINES_READ, LINES_FIXED = LINES_READ };

/* The iterator of lines. Upvalues: the file, whether it is closed at the end,
 * file:read, and the formats. */
static int l_file_next(lua_State *L)
{
    luaL_Stream *file = lua_touserdata(L, lua_upvalueindex(LINES_FILE));
    int n = 0;

    if (!file->closef)
        return luaL_error(L, "file is already closed");
    lua_settop(L, 0);
    luaL_checkstack(L, FILE_FORMATS_MAX + 2, "too many arguments");
    lua_pushvalue(L, lua_upvalueindex(LINES_READ));
    lua_pushvalue(L, lua_upvalueindex(LINES_FILE));
    for (; !lua_isnone(L, lua_upvalueindex(LINES_FIXED + 1 + n)); n++)
        lua_pushvalue(L, lua_upvalueindex(LINES_FIXED + 1 + n));
    lua_call(L, n + 1, LUA_MULTRET);
    if (lua_toboolean(L, 1))
        return lua_gettop(L);
    if (lua_gettop(L) > 1)
        return luaL_error(L, "%s", lua_tostring(L, 2));
    if (lua_toboolean(L, lua_upvalueindex(LINES_CLOSE)) &&
        file->closef == l_file_close) {
        file->closef = NULL;
        fclose(file->f);
    }
    return 0;
}

void file_push_lines(lua_State *L, int file, bool close)
{
    int top = lua_gettop(L);

    luaL_argcheck(L, top - file <= FILE_FORMATS_MAX, FILE_FORMATS_MAX + 2,
        "too many arguments");
    luaL_checkstack(L, LINES_FIXED + top - file + 2, "too many arguments");
    lua_pushvalue(L, file);
    lua_pushboolean(L, close);
    luaL_getmetatable(L, LUA_FILEHANDLE);
    lua_getfield(L, -1, "__index");
    lua_getfield(L, -1, "read");
    lua_replace(L, -3);
    lua_pop(L, 1);
    for (int i = file + 1; i <= top; i++)
        lua_pushvalue(L, i);
    lua_pushcclosure(L, l_file_next, LINES_FIXED + top - file);
}

/* file:lines([format …]) -> iterator */
static int l_file_lines(lua_State *L)
{
    check_open(L);
    file_push_lines(L, 1, false);
    return 1;
}

static const luaL_Reg methods[] = {
    {"flush", l_file_flush},
    {"lines", l_file_lines},
    {"setvbuf", l_file_setvbuf},
    {NULL, NULL},
};

void file_set_methods(lua_State *L)
{
    luaL_getmetatable(L, LUA_FILEHANDLE);
    lua_getfield(L, -1, "__index");
    luaL_setfuncs(L, methods, 0);
    lua_getfield(L, -1, "read");
    lua_pushcclosure(L, l_file_read, 1);
    lua_setfield(L, -2, "read");
    lua_pop(L, 2);
}
