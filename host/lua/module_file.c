/* What require, loadfile and dofile read, and which file may be a C module. */
#include "base/regular.h"
#include "lua/file.h"
#include "lua/modules.h"

#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* native.read_file(path) -> text | nil, why */
static int l_read_file(lua_State *L)
{
    const char *path = file_check_path(L, 1), *why;
    luaL_Buffer b;
    size_t n;

    if (!file_push(L, path, "r", &why))
        return file_push_refusal(L, path, why);
    luaL_Stream *file = lua_touserdata(L, -1);
    luaL_buffinit(L, &b);
    do {
        n = fread(luaL_prepbuffer(&b), 1, LUAL_BUFFERSIZE, file->f);
        luaL_addsize(&b, n);
    } while (n > 0);
    bool bad = ferror(file->f);
    int number = errno;
    luaL_pushresult(&b);
    file->closef = NULL;
    fclose(file->f);
    return bad ? file_push_refusal(L, path, strerror(number)) : 1;
}

/* Why no code is taken from it; NULL: it may be. */
static const char *flaw(const struct stat *st)
{
    if (st->st_uid != 0 && st->st_uid != geteuid())
        return "it belongs to another user";
    return st->st_mode & 022 ? "others can write it" : NULL;
}

/* native.check_module(path) -> true | nil, why */
static int l_check_module(lua_State *L)
{
    const char *path = file_check_path(L, 1), *why;
    struct stat st;
    int fd = regular_open(path, O_RDONLY, &why);

    if (fd < 0)
        return file_push_refusal(L, path, why);
    why = fstat(fd, &st) == 0 ? flaw(&st) : strerror(errno);
    close(fd);
    if (why)
        return file_push_refusal(L, path, why);
    lua_pushboolean(L, true);
    return 1;
}

static const luaL_Reg functions[] = {
    {"check_module", l_check_module},
    {"read_file", l_read_file},
    {NULL, NULL},
};

int luaopen_omnitron_module_file(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
