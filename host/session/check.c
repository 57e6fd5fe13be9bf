#include "session/check.h"

#include "base/mem.h"
#include "lua/embedded.h"
#include "session/luacheck.h"
#include "session/state.h"

#include <lauxlib.h>
#include <string.h>

/* What the protected part is told. */
struct checking {
    const struct check_options *options;
    struct check_result *out;
    struct buf said; // by luacheck
};

static void push_part(lua_State *L, const struct embedded *file)
{
    if (luaL_loadbufferx(
            L, (const char *)file->bytes, file->len, "=check", "b"))
        lua_error(L);
}

/* Pushes { lexer = chunk, … }: "check/lexer.lua" and so on. */
static void push_parts(lua_State *L)
{
    const char folder[] = "check/", tail[] = ".lua";
    size_t around = sizeof folder - 1 + sizeof tail - 1;

    lua_newtable(L);
    for (const struct embedded *file = embedded_files; file->name; file++) {
        if (strncmp(file->name, folder, sizeof folder - 1) != 0)
            continue;
        lua_pushlstring(
            L, file->name + sizeof folder - 1, strlen(file->name) - around);
        push_part(L, file);
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

/* What luacheck is told not to say: globals are ours to judge, and how lines
 * are set is the author's taste. */
static const char *const luacheck_options[] = {"luacheck", "--std", "lua54",
    "--formatter", "plain", "--ranges", "--codes", "--no-color",
    "--no-unused-args", "--no-max-line-length", "--ignore", "1", "6",
    "--read-globals", NULL};

/* Adds the list at `index` from argv[n] on; the texts stay in that list. */
static int add_words(lua_State *L, int index, const char **argv, int n)
{
    lua_Integer count = luaL_len(L, index);

    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, index, i);
        argv[n++] = luaL_checkstring(L, -1);
        lua_pop(L, 1);
    }
    return n;
}

/* luacheck(paths, names) -> what it prints | nil: those files, with these
 * globals besides Lua's. */
static int l_luacheck(lua_State *L)
{
    struct checking *c = lua_touserdata(L, lua_upvalueindex(1));
    int n = 0;
    lua_Integer most =
        luaL_len(L, 1) + luaL_len(L, 2) + 2 +
        (lua_Integer)(sizeof luacheck_options / sizeof *luacheck_options);
    const char **argv = lua_newuserdatauv(L, (size_t)most * sizeof *argv, 0);

    for (; luacheck_options[n]; n++)
        argv[n] = luacheck_options[n];
    n = add_words(L, 2, argv, n);
    argv[n++] = "--";
    n = add_words(L, 1, argv, n);
    argv[n] = NULL;
    c->out->luacheck = luacheck_run(argv, &c->said);
    lua_pushlstring(L, buf_text(&c->said), c->said.len);
    return c->out->luacheck;
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
    lua_pushcclosure(L, l_luacheck, 1);
    lua_setfield(L, -2, "luacheck");
}

/* Returns nothing, or why a script cannot be read. */
static int check_all(lua_State *L)
{
    struct checking *c = lua_touserdata(L, 1);
    size_t len;

    push_parts(L);
    lua_getfield(L, -1, "main");
    lua_insert(L, -2);
    push_host(L, c);
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
    buf_free(&c.said);
    return ok;
}
