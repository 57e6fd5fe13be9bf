#include "session/check.h"

#include "base/mem.h"
#include "lua/embedded.h"
#include "lua/syntax.h"
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
    char at[PATH_MAX]; // the script or module that is being looked at
};

/* part(name) -> the chunk of that file in the binary ("check/tree.lua"), or
 * nil. One of luacheck has the table that is the upvalue for globals. */
static int l_part(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    const struct embedded *file = embedded_find(name);
    const char theirs[] = "luacheck/";

    if (!file)
        return 0;
    if (luaL_loadbufferx(
            L, (const char *)file->bytes, file->len, "=check", "b"))
        return lua_error(L);
    if (strncmp(name, theirs, strlen(theirs)) == 0) {
        lua_pushvalue(L, lua_upvalueindex(1));
        lua_setupvalue(L, -2, 1); // _ENV is the first of a chunk
    }
    return 1;
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

/* Pushes the globals of luacheck: what a script has, and what it is given
 * besides. */
static void push_luacheck_globals(lua_State *L)
{
    lua_newtable(L);
    lua_newtable(L);
    lua_pushglobaltable(L);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

static void push_host(lua_State *L, struct checking *c)
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
    lua_pushcfunction(L, syntax_explain_function);
    lua_setfield(L, -2, "explain_syntax");
    push_luacheck_globals(L);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "luacheck_globals");
    lua_pushcclosure(L, l_part, 1);
    lua_setfield(L, -2, "part");
}

/* Returns nothing, or why a script cannot be read. */
static int check_all(lua_State *L)
{
    struct checking *c = lua_touserdata(L, 1);
    size_t len;

    push_host(L, c);
    lua_getfield(L, -1, "part");
    lua_pushliteral(L, "check/main.lua");
    lua_call(L, 1, 1);
    lua_insert(L, -2);
    lua_call(L, 1, 3);
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

/* What goes on for run_away is ended at its next instruction. */
static bool worked_too_long(const struct checking *c, struct error *err)
{
    return error_set(err, ERROR_FULL,
        "%s is too much for check, which was not through after %g s of work "
        "(run_away in profile.lua)",
        c->at, (double)c->options->profile->run_away_ms / 1000);
}

/* It was the account, or the machine. */
static bool no_memory(
    const struct checking *c, const struct lua_heap *heap, struct error *err)
{
    if (!heap->refused)
        return error_memory(err);
    return error_set(err, ERROR_FULL,
        "%s is too much for check: it takes more than %zu MiB of memory", c->at,
        heap->account->most >> 20);
}

static bool check_protected(
    struct state *state, struct checking *c, struct error *err)
{
    lua_State *L = state->L;

    lua_pushcfunction(L, check_all);
    lua_pushlightuserdata(L, c);
    int status = lua_pcall(L, 1, 1, 0);
    if (status == LUA_OK && lua_isnil(L, -1))
        return true;
    if (state->tasks.ran_away)
        return worked_too_long(c, err);
    if (status == LUA_ERRMEM)
        return no_memory(c, &state->heap, err);
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
              check_protected(&state, &c, err);
    state_close(&state);
    return ok;
}
