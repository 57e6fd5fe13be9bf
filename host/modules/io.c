/* The io of a script: Lua's own, but for what opens a file by its path (see
 * file.h), and for stdout and stderr, where secrets are masked. What is opened
 * is of Lua's own type, so its methods are those of every file. */
#include "lua/modules.h"
#include "modules/file.h"

#include <lauxlib.h>
#include <lualib.h>

/* io.open(path [, mode]) -> file | nil, message, number */
static int l_io_open(lua_State *L)
{
    const char *path = file_check_path(L, 1);
    const char *mode = luaL_optstring(L, 2, "r");
    const char *why;

    luaL_argcheck(L, file_knows_mode(mode), 2, "invalid mode");
    return file_push(L, path, mode, &why) ? 1 : file_push_refusal(L, path, why);
}

static void push_or_raise(lua_State *L, const char *mode)
{
    const char *path = file_check_path(L, 1), *why;

    if (!file_push(L, path, mode, &why))
        luaL_error(L, "%s: %s", path, why);
}

/* Calls Lua's own function, the first upvalue, with all that is there. */
static int call_own(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

static int set_default(lua_State *L, const char *mode)
{
    if (lua_isstring(L, 1)) {
        push_or_raise(L, mode);
        lua_replace(L, 1);
    }
    return call_own(L);
}

/* io.input([file or path]) -> file */
static int l_io_input(lua_State *L)
{
    return set_default(L, "r");
}

/* io.output([file or path]) -> file */
static int l_io_output(lua_State *L)
{
    return set_default(L, "w");
}

/* io.flush() -> file | nil, message, number
 * Upvalue: Lua's own io.output. */
static int l_io_flush(lua_State *L)
{
    lua_settop(L, 0);
    call_own(L);
    return l_file_flush(L);
}

/* Puts the default input below all that is there.
 * Upvalue: Lua's own io.input. */
static void insert_input(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_call(L, 0, 1);
    lua_insert(L, 1);
}

/* io.read([format …]): of the default input */
static int l_io_read(lua_State *L)
{
    insert_input(L);
    lua_getfield(L, 1, "read");
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

/* io.lines([path, format …]) -> iterator, nil, nil, file; without a path, of
 * the default input, which stays open -> iterator */
static int l_io_lines(lua_State *L)
{
    if (lua_isnoneornil(L, 1)) {
        insert_input(L);
        if (lua_gettop(L) > 1)
            lua_remove(L, 2);
        file_push_lines(L, 1, false);
        return 1;
    }
    push_or_raise(L, "r");
    lua_replace(L, 1);
    file_push_lines(L, 1, true);
    lua_pushnil(L);
    lua_pushnil(L);
    lua_pushvalue(L, 1);
    return 4;
}

static const struct {
    const char *name;
    lua_CFunction by;
    const char *own;
} replaced[] = {
    {"flush", l_io_flush, "output"},
    {"input", l_io_input, "input"},
    {"lines", l_io_lines, "input"},
    {"open", l_io_open, "open"},
    {"output", l_io_output, "output"},
    {"read", l_io_read, "input"},
};

/* io.write goes where io.output says. */
static void mask_output(lua_State *L)
{
    file_push_masked(L, stderr);
    lua_setfield(L, -2, "stderr");
    file_push_masked(L, stdout);
    lua_getfield(L, -2, "output");
    lua_pushvalue(L, -2);
    lua_call(L, 1, 0);
    lua_setfield(L, -2, "stdout");
}

int luaopen_omnitron_io(lua_State *L)
{
    luaopen_io(L);
    mask_output(L);
    /* Lua's own are fetched before any is replaced. */
    int io = lua_gettop(L);
    for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++) {
        lua_getfield(L, io, replaced[i].own);
        lua_pushcclosure(L, replaced[i].by, 1);
    }
    for (size_t i = sizeof replaced / sizeof *replaced; i-- > 0;)
        lua_setfield(L, io, replaced[i].name);
    file_set_methods(L);
    return 1;
}
