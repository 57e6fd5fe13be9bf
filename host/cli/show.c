#include "cli/show.h"

#include "base/mem.h"
#include "cli/show_text.h"
#include "lua/embedded.h"
#include "lua/lua_heap.h"
#include "json/json_lua.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <string.h>

struct show {
    struct account account;
    struct lua_heap heap;
    lua_State *L;
    const char *name;
    const struct buf *given; // what the call under way is about; NULL: nil
    struct buf *out;
    int step; // the module's inner function, in the registry
};

enum { NAME_MAX_LEN = 64 };

/* Pushes what the module of that name returns. */
static void run_module(lua_State *L, const char *name)
{
    char path[NAME_MAX_LEN + 8];

    snprintf(path, sizeof path, "%s.lua", name);
    for (char *at = path; at < path + strlen(name); at++)
        if (*at == '.')
            *at = '/';
    const struct embedded *file = embedded_find(path);
    if (!file)
        luaL_error(L, "there is no module %s", name);
    if (luaL_loadbufferx(
            L, (const char *)file->bytes, file->len, "=omnitron", "b"))
        lua_error(L);
    lua_call(L, 0, 1);
}

/* require(name): "text", or a module of scripts/, once. */
static int l_require(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);

    luaL_argcheck(L, strlen(name) < NAME_MAX_LEN, 1, "too long");
    if (lua_getfield(L, lua_upvalueindex(1), name) != LUA_TNIL)
        return 1;
    run_module(L, name);
    lua_pushvalue(L, -1);
    lua_setfield(L, lua_upvalueindex(1), name);
    return 1;
}

static int l_write(lua_State *L)
{
    struct show *show = lua_touserdata(L, lua_upvalueindex(1));
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);

    return buf_add(show->out, text, len) ? 0 : show_text_no_memory(L);
}

/* The libraries that can do no more than reckon. */
static void open_libraries(lua_State *L)
{
    static const luaL_Reg libraries[] = {{LUA_GNAME, luaopen_base},
        {LUA_TABLIBNAME, luaopen_table}, {LUA_STRLIBNAME, luaopen_string},
        {LUA_MATHLIBNAME, luaopen_math}, {LUA_UTF8LIBNAME, luaopen_utf8}, {0}};
    static const char *const not_here[] = {
        "dofile", "load", "loadfile", "print", "collectgarbage", "warn"};

    for (const luaL_Reg *lib = libraries; lib->name; lib++) {
        luaL_requiref(L, lib->name, lib->func, 1);
        lua_pop(L, 1);
    }
    for (size_t i = 0; i < sizeof not_here / sizeof *not_here; i++) {
        lua_pushnil(L);
        lua_setglobal(L, not_here[i]);
    }
    lua_newtable(L);
    show_text_push(L);
    lua_setfield(L, -2, "text");
    lua_pushcclosure(L, l_require, 1);
    lua_setglobal(L, "require");
}

static int begin(lua_State *L)
{
    struct show *show = lua_touserdata(L, 1);

    open_libraries(L);
    lua_pushfstring(L, "cmd.%s", show->name);
    run_module(L, lua_tostring(L, -1));
    json_lua_decode(L, buf_text(show->given), show->given->len, 0);
    lua_pushlightuserdata(L, show);
    lua_pushcclosure(L, l_write, 1);
    lua_call(L, 2, 1);
    show->step = luaL_ref(L, LUA_REGISTRYINDEX);
    return 0;
}

static int step(lua_State *L)
{
    struct show *show = lua_touserdata(L, 1);

    lua_rawgeti(L, LUA_REGISTRYINDEX, show->step);
    if (show->given)
        json_lua_decode(L, buf_text(show->given), show->given->len, 0);
    else
        lua_pushnil(L);
    lua_call(L, 1, 0);
    return 0;
}

static bool call(struct show *show, lua_CFunction function,
    const struct buf *given, struct error *err)
{
    lua_State *L = show->L;

    show->given = given;
    lua_pushcfunction(L, function);
    lua_pushlightuserdata(L, show);
    int status = lua_pcall(L, 1, 0, 0);
    if (status == LUA_OK)
        return true;
    if (status == LUA_ERRMEM || show_text_is_no_memory(L))
        error_memory(err);
    else
        error_set(err, ERROR_OTHER, "scripts/cmd/%s.lua: %s", show->name,
            lua_tostring(L, -1));
    lua_settop(L, 0);
    return false;
}

struct show *show_open(const char *name, const struct buf *view,
    struct buf *out, struct error *err)
{
    struct show *show = mem_calloc(1, sizeof *show);

    if (!show) {
        error_memory(err);
        return NULL;
    }
    show->account.most = SIZE_MAX;
    show->heap.account = &show->account;
    show->name = name;
    show->out = out;
    show->L = lua_newstate(lua_heap_allocate, &show->heap);
    if (show->L ? call(show, begin, view, err) : error_memory(err))
        return show;
    show_close(show);
    return NULL;
}

bool show_record(struct show *show, const struct buf *record, struct error *err)
{
    return call(show, step, record, err);
}

bool show_end(struct show *show, struct error *err)
{
    return call(show, step, NULL, err);
}

void show_close(struct show *show)
{
    if (!show)
        return;
    if (show->L)
        lua_close(show->L);
    lua_heap_fini(&show->heap);
    mem_free(show);
}

bool show_once(const char *name, const struct buf *view,
    const struct buf *record, struct buf *out, struct error *err)
{
    struct buf nothing = {.data = (char[]){"{}"}, .len = 2};
    struct show *show = show_open(name, view ? view : &nothing, out, err);
    bool ok = show && show_record(show, record, err) && show_end(show, err);

    show_close(show);
    return ok;
}
