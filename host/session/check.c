#include "session/check.h"

#include "base/mem.h"
#include "lua/embedded.h"
#include "session/state.h"
#include "task/task.h"

#include <lauxlib.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* What the protected part is told. */
struct checking {
    const struct check_options *options;
    struct check_result *out;
    char at[PATH_MAX]; // the file that is being looked at
};

static void push_part(lua_State *L, const struct embedded *file)
{
    if (luaL_loadbufferx(
            L, (const char *)file->bytes, file->len, "=check", "b"))
        lua_error(L);
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Pushes { main = chunk, ["luacheck/parser"] = chunk, … }, of "check/main.lua"
 * and so on. Those of luacheck have the table at `globals` for their globals.
 */
static void push_parts(lua_State *L, int globals)
{
    const char ours[] = "check/", theirs[] = "luacheck/", tail[] = ".lua";

    lua_newtable(L);
    for (const struct embedded *file = embedded_files; file->name; file++) {
        bool is_ours = begins(file->name, ours);
        const char *name = file->name + (is_ours ? strlen(ours) : 0);
        if (!is_ours && !begins(name, theirs))
            continue;
        lua_pushlstring(L, name, strlen(name) - strlen(tail));
        push_part(L, file);
        if (!is_ours) {
            lua_pushvalue(L, globals);
            lua_setupvalue(L, -2, 1); // _ENV is the first of a chunk
        }
        lua_settable(L, -3);
    }
}

static void push_texts(
    lua_State *L, const char *const *texts, size_t count, const char *key)
{
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        lua_pushstring(L, texts[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, key);
}

/* looking_at(path): from now on; each file may take its time. */
static int l_looking_at(lua_State *L)
{
    struct checking *c = lua_touserdata(L, lua_upvalueindex(1));

    snprintf(c->at, sizeof c->at, "%s", luaL_checkstring(L, 1));
    task_work_anew(L);
    return 0;
}

/* Of luacheck: what a script has, and what it is given besides. */
static void push_luacheck_globals(lua_State *L)
{
    lua_newtable(L);
    lua_newtable(L);
    lua_pushglobaltable(L);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

static void push_host(lua_State *L, struct checking *c, int globals)
{
    const struct profile *p = c->options->profile;

    lua_newtable(L);
    push_texts(L, (const char *const *)c->options->scripts,
        (size_t)c->options->count, "scripts");
    push_texts(L, p->modules, p->module_count, "modules");
    lua_pushboolean(L, p->path != NULL);
    lua_setfield(L, -2, "has_profile");
    lua_pushboolean(L, p->update_stock_explicit);
    lua_setfield(L, -2, "explicit_stock");
    lua_pushlightuserdata(L, c);
    lua_pushcclosure(L, l_looking_at, 1);
    lua_setfield(L, -2, "looking_at");
    lua_pushvalue(L, globals);
    lua_setfield(L, -2, "luacheck_globals");
}

/* Returns nothing, or why a script cannot be read. */
static int check_all(lua_State *L)
{
    struct checking *c = lua_touserdata(L, 1);
    size_t len;

    push_luacheck_globals(L);
    int globals = lua_gettop(L);
    push_parts(L, globals);
    lua_getfield(L, -1, "main");
    lua_insert(L, -2);
    push_host(L, c, globals);
    lua_call(L, 2, 3);
    if (lua_isnil(L, -3)) {
        lua_pop(L, 1);
        return 1;
    }
    const char *text = luaL_checklstring(L, -3, &len);
    c->out->found = (long)luaL_checkinteger(L, -2);
    c->out->files = (long)luaL_checkinteger(L, -1);
    if (!buf_add(&c->out->text, text, len))
        luaL_error(L, "out of memory");
    return 0;
}

static bool check_protected(lua_State *L, struct checking *c, struct error *err)
{
    lua_pushcfunction(L, check_all);
    lua_pushlightuserdata(L, c);
    int status = lua_pcall(L, 1, 1, 0);
    if (status == LUA_ERRMEM)
        return error_memory(err);
    if (status == LUA_OK && lua_isnil(L, -1))
        return true;
    const char *text = lua_tostring(L, -1);
    return error_set(err, status == LUA_OK ? ERROR_USAGE : ERROR_OTHER, "%s",
        text ? text : "check failed");
}

bool check_scripts(const struct check_options *options,
    struct check_result *out, struct error *err)
{
    struct loop loop = {0};
    struct script host = {
        .loop = &loop, .profile = options->profile, .at_once = 1};
    struct state state = {0};
    struct checking c = {.options = options, .out = out};

    bool ok = state_open_bare(&state, &host, "", err) &&
              check_protected(state.L, &c, err);
    state_close(&state);
    return ok;
}
