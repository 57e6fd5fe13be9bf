/* The fs module: the files that an ERP drops, and where they go then. */
#include "base/folder.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/move.h"
#include "lua/modules.h"
#include "lua/script.h"
#include "lua/type.h"

#include <lauxlib.h>
#include <string.h>

#define FILES "omnitron.fs.files"

enum { QUIET_MAX_S = 31 * 86400 };

/* A path without a NUL byte, not empty. */
static const char *check_path(lua_State *L, int index)
{
    size_t len;

    luaL_checktype(L, index, LUA_TSTRING);
    const char *path = lua_tolstring(L, index, &len);
    luaL_argcheck(
        L, len > 0 && strlen(path) == len, index, "must be a path or a name");
    return path;
}

/* The option quiet, the only one, in milliseconds. */
static int64_t read_quiet(lua_State *L, int index)
{
    if (lua_isnoneornil(L, index))
        return 0;
    luaL_checktype(L, index, LUA_TTABLE);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
        if (lua_type(L, -2) != LUA_TSTRING ||
            strcmp(lua_tostring(L, -2), "quiet") != 0)
            luaL_error(L, "fs.list: unknown option %s (there is: quiet)",
                luaL_tolstring(L, -2, NULL));
    int type = lua_getfield(L, index, "quiet");
    lua_Number seconds = lua_tonumber(L, -1);
    bool ok = type == LUA_TNIL ||
              (type == LUA_TNUMBER && seconds >= 0 && seconds <= QUIET_MAX_S);
    luaL_argcheck(L, ok, index, "quiet must be seconds, at most 31 days");
    lua_pop(L, 1);
    return (int64_t)(seconds * 1000);
}

static int l_files__gc(lua_State *L)
{
    folder_files_fini(luaL_checkudata(L, 1, FILES));
    return 0;
}

static struct folder_files *push_files(lua_State *L)
{
    if (tasks_over(L))
        luaL_error(L, "the script has ended");
    struct folder_files *files = lua_newuserdatauv(L, sizeof *files, 0);

    *files = (struct folder_files){0};
    luaL_setmetatable(L, FILES);
    return files;
}

struct listing {
    const char *folder, *pattern;
    int64_t quiet_ms;
    struct account *account;
    struct folder_files *files;
};

static bool list(void *arg, struct error *err)
{
    const struct listing *l = arg;

    return folder_list(
        l->folder, l->pattern, l->quiet_ms, l->account, l->files, err);
}

/* "*.{csv,txt}", as some shells have it. */
static bool has_braces(const char *pattern)
{
    const char *open = strchr(pattern, '{');
    const char *comma = open ? strchr(open, ',') : NULL;

    return comma && strchr(comma, '}');
}

/* fs.list(folder, pattern [, { quiet = seconds }]) -> list of paths
 * The regular files whose names fit the pattern ("*.csv"), sorted; with
 * quiet, those that did not change within the last seconds. Raises when the
 * folder cannot be read. */
static int l_fs_list(lua_State *L)
{
    struct listing l = {.folder = check_path(L, 1),
        .pattern = check_path(L, 2),
        .quiet_ms = read_quiet(L, 3),
        .account = &script_of(L)->account};
    struct folder_files *files = l.files = push_files(L);
    struct error err;

    luaL_argcheck(L, !strchr(l.pattern, '/'), 2, "must have no slash in it");
    luaL_argcheck(L, !has_braces(l.pattern), 2,
        "has braces, which fit nothing here: list once for each of them");
    if (!account_try(l.account, list, &l, &err))
        return luaL_error(L, "%s", err.text);
    lua_createtable(L, (int)files->len, 0);
    for (size_t i = 0; i < files->len; i++) {
        lua_pushstring(L, files->paths[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    folder_files_fini(files);
    return 1;
}

/* Owned by the list before the next call of Lua. */
static char **push_slot(lua_State *L)
{
    struct folder_files *files = push_files(L);

    files->paths = mem_calloc(1, sizeof *files->paths);
    if (!files->paths)
        luaL_error(L, "out of memory");
    files->len = files->cap = 1;
    return files->paths;
}

/* fs.move(path, folder) -> new path
 * What has that name already stays: the file becomes NAME.2, NAME.3 … Raises
 * when it cannot be moved; it is then where it was. In a plan it stays, and
 * under --mock, where nothing was released in earnest; the path is what it
 * would be. */
static int l_fs_move(lua_State *L)
{
    const char *path = check_path(L, 1);
    const char *folder = check_path(L, 2);
    const struct script *host = script_of(L);
    bool stays =
        host->planning || (host->mock && !host->live_erp && !host->test);
    char **to = push_slot(L);
    struct error err;

    if (!(stays ? move_would : move_file)(path, folder, to, &err))
        return luaL_error(L, "%s", err.text);
    if (stays)
        log_warn("would move %s to %s", path, *to);
    lua_pushstring(L, *to);
    return 1;
}

static const luaL_Reg functions[] = {
    {"list", l_fs_list},
    {"move", l_fs_move},
    {NULL, NULL},
};

int luaopen_omnitron_fs(lua_State *L)
{
    type_push(L, FILES);
    lua_pushcfunction(L, l_files__gc);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
    luaL_newlib(L, functions);
    return 1;
}
