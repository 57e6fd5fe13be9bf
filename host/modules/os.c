/* The os of a script: Lua's own, but for what renames or removes a file. */
#include "base/protected.h"
#include "lua/modules.h"
#include "modules/file.h"

#include <errno.h>
#include <lauxlib.h>
#include <lualib.h>

/* Whether a path must stay as it is: then three values are pushed. */
static bool is_refused(lua_State *L, const char *path)
{
    const char *why = protected_path(path);

    if (!why)
        return false;
    errno = EACCES;
    file_push_refusal(L, path, why);
    return true;
}

/* os.remove(path) -> true | nil, message, number */
static int l_os_remove(lua_State *L)
{
    const char *path = file_check_path(L, 1);

    if (is_refused(L, path))
        return 3;
    return luaL_fileresult(L, remove(path) == 0, path);
}

/* os.rename(from, to) -> true | nil, message, number */
static int l_os_rename(lua_State *L)
{
    const char *from = file_check_path(L, 1), *to = file_check_path(L, 2);

    if (is_refused(L, from) || is_refused(L, to))
        return 3;
    return luaL_fileresult(L, rename(from, to) == 0, from);
}

static const luaL_Reg functions[] = {
    {"remove", l_os_remove},
    {"rename", l_os_rename},
    {NULL, NULL},
};

int luaopen_omnitron_os(lua_State *L)
{
    luaopen_os(L);
    luaL_setfuncs(L, functions, 0);
    return 1;
}
