#include "session/state.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/file_path.h"
#include "base/trust.h"
#include "ending/watchdog.h"
#include "lua/embedded.h"
#include "lua/masked.h"
#include "lua/modules.h"
#include "lua/syntax.h"
#include "lua/type.h"
#include "modules/test.h"
#include "session/builtins.h"
#include "json/json_lua.h"

#include <fcntl.h>
#include <lauxlib.h>
#include <limits.h>
#include <lualib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BARE_MEMORY = 256 << 20, SCRIPT_MAX = 64 << 20 };

/* What the protected part of opening is told. */
struct opening {
    struct state *state;
    struct script *host;
    const struct state_script *script;
    const char *name; // of the script, without its folder
    struct buf *text; // of the script; NULL: there is none
    void (*ended)(lua_State *co, int status, void *arg);
    void *arg;
};

static const luaL_Reg standard[] = {
    {LUA_GNAME, luaopen_base},
    {LUA_LOADLIBNAME, luaopen_package},
    {LUA_COLIBNAME, luaopen_coroutine},
    {LUA_TABLIBNAME, luaopen_table},
    {LUA_IOLIBNAME, luaopen_omnitron_io},
    {LUA_OSLIBNAME, luaopen_omnitron_os},
    {LUA_STRLIBNAME, luaopen_string},
    {LUA_MATHLIBNAME, luaopen_math},
    {LUA_UTF8LIBNAME, luaopen_utf8},
    {NULL, NULL},
};

/* Modules of ours, fields of the native table. */
static const luaL_Reg ours[] = {
    {"api", luaopen_omnitron_api},
    {"csv", luaopen_omnitron_csv},
    {"fs", luaopen_omnitron_fs},
    {"http", luaopen_omnitron_http},
    {"json", luaopen_omnitron_json},
    {"log", luaopen_omnitron_log},
    {"omnitron", luaopen_omnitron},
    {"sleep", luaopen_omnitron_globals},
    {"time", luaopen_omnitron_time},
    {NULL, NULL},
};

static int l_cjson(lua_State *L)
{
    if (tasks_over(L))
        return luaL_error(L, "the script has ended");
    json_lua_safe_cjson(L);
    lua_pushcfunction(L, l_cjson);
    lua_setfield(L, -2, "new");
    return 1;
}

static void set_text(lua_State *L, const char *key, const char *text)
{
    lua_pushstring(L, text);
    lua_setfield(L, -2, key);
}

/* "acme/" of "acme/release.lua", "" of "release.lua". */
static void set_folder(lua_State *L, const char *key, const char *path)
{
    lua_pushlstring(L, path, file_path_head(path));
    lua_setfield(L, -2, key);
}

static void set_texts(
    lua_State *L, const char *key, const char *const *texts, size_t count)
{
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        lua_pushstring(L, texts[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, key);
}

static void merge(lua_State *L, lua_CFunction open)
{
    lua_pushcfunction(L, open);
    lua_call(L, 0, 1);
    lua_pushnil(L);
    while (lua_next(L, -2)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_settable(L, -5);
    }
    lua_pop(L, 1);
}

/* Pushes the table that the prelude is given. */
static void push_native(lua_State *L, const struct opening *o)
{
    const struct profile *p = o->host->profile;

    lua_pushcfunction(L, luaopen_omnitron_native);
    lua_call(L, 0, 1);
    merge(L, luaopen_omnitron_coroutine);
    merge(L, luaopen_omnitron_module_file);
    merge(L, luaopen_omnitron_mailbox);
    merge(L, luaopen_omnitron_planned);
    for (const luaL_Reg *module = ours; module->name; module++) {
        lua_pushcfunction(L, module->func);
        lua_call(L, 0, 1);
        lua_setfield(L, -2, module->name);
    }
    if (o->host->test) {
        lua_pushcfunction(L, luaopen_omnitron_test);
        lua_call(L, 0, 1);
        lua_setfield(L, -2, "test");
    }
    lua_pushcfunction(L, l_cjson);
    lua_setfield(L, -2, "cjson");
    profile_push_settings(p, L);
    lua_setfield(L, -2, "settings");
    set_texts(L, "modules", p->modules, p->module_count);
    set_texts(L, "canceled", p->canceled, p->canceled_count);
    set_text(L, "script_name", o->name);
    set_folder(L, "script_folder", o->script->path);
    set_folder(L, "profile_folder", p->path ? p->path : o->script->path);
    /* More rows than requests at once: those in flight, twice as many whose
     * intents are written ahead, as many whose outcomes are being written;
     * and what it takes to keep the disk busy where few are in flight. */
    lua_pushinteger(L, o->host->at_once * 6 + 6);
    lua_setfield(L, -2, "rows_at_once");
    lua_pushboolean(L, o->host->only != NULL);
    lua_setfield(L, -2, "only");
    lua_pushboolean(L, o->host->planning);
    lua_setfield(L, -2, "planning");
    if (!o->host->repl)
        return;
    lua_pushboolean(L, true);
    lua_setfield(L, -2, "repl");
    lua_pushvalue(L, -1);
    lua_setfield(L, LUA_REGISTRYINDEX, STATE_NATIVE);
}

static void push_chunk(lua_State *L, const char *name)
{
    const struct embedded *file = embedded_find(name);

    if (!file)
        luaL_error(L, "%s is missing in this build", name);
    if (luaL_loadbufferx(
            L, (const char *)file->bytes, file->len, "=omnitron", "b"))
        lua_error(L);
    builtins_give(L);
}

/* Pushes { rows = chunk, http = chunk }: "lib/rows.lua" and so on. */
static void push_libraries(lua_State *L)
{
    lua_newtable(L);
    for (const struct embedded *file = embedded_files; file->name; file++) {
        size_t len = strlen(file->name);
        if (strncmp(file->name, "lib/", 4) != 0 || len < 9)
            continue;
        lua_pushlstring(L, file->name + 4, len - 8);
        push_chunk(L, file->name);
        lua_settable(L, -3);
    }
}

static void push_arg(lua_State *L, const struct state_script *script)
{
    lua_createtable(L, script->argc, 1);
    lua_pushstring(L, script->path);
    lua_rawseti(L, -2, 0);
    for (int i = 0; i < script->argc; i++) {
        lua_pushstring(L, script->args[i]);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setglobal(L, "arg");
}

static void spawn_script(lua_State *L, const struct opening *o)
{
    int native = lua_gettop(L);

    lua_getfield(L, native, "main");
    lua_pushfstring(L, "@%s", o->name);
    if (luaL_loadbufferx(
            L, buf_text(o->text), o->text->len, lua_tostring(L, -1), "t")) {
        syntax_explain(L, buf_text(o->text), o->text->len);
        lua_error(L);
    }
    lua_remove(L, -2);
    luaL_checkstack(L, o->script->argc + 4, "too many arguments");
    for (int i = 0; i < o->script->argc; i++)
        lua_pushstring(L, o->script->args[i]);
    task_spawn(L, o->script->argc + 1, o->ended, o->arg);
}

/* Lua 5.4 makes the metatable of large buffers in two steps when it is first
 * needed; a failed allocation between them would break every large buffer of
 * the state for good. Here it ends the start. */
static void prepare_buffers(lua_State *L)
{
    luaL_Buffer b;

    luaL_buffinitsize(L, &b, LUAL_BUFFERSIZE * 2);
    luaL_pushresultsize(&b, 0);
    lua_pop(L, 1);
}

static int open_all(lua_State *L)
{
    struct opening *o = lua_touserdata(L, 1);

    prepare_buffers(L);

    for (const luaL_Reg *library = standard; library->name; library++) {
        luaL_requiref(L, library->name, library->func, 1);
        lua_pop(L, 1);
    }
    luaL_getmetatable(L, LUA_FILEHANDLE);
    type_hide(L);
    lua_pop(L, 1);
    push_native(L, o);
    push_arg(L, o->script);
    builtins_make(L);
    push_chunk(L, "prelude.lua");
    lua_pushvalue(L, -2);
    push_libraries(L);
    lua_call(L, 2, 0);
    if (o->text)
        spawn_script(L, o);
    return 0;
}

/* A byte order mark and a first line "#!…" become spaces, so that the lines
 * keep their numbers. */
static void blank_first_line(struct buf *text)
{
    size_t i = 0;

    if (text->len >= 3 && memcmp(text->data, "\xEF\xBB\xBF", 3) == 0)
        for (; i < 3; i++)
            text->data[i] = ' ';
    if (i < text->len && text->data[i] == '#')
        for (; i < text->len && text->data[i] != '\n'; i++)
            text->data[i] = ' ';
}

bool state_read_script(const char *path, struct buf *text, struct error *err)
{
    const char *why;
    int fd = file_open(path, O_RDONLY, &why);

    if (fd < 0)
        return error_set(err, ERROR_USAGE, "cannot open %s: %s", path, why);
    if (trust_open(fd, path, err))
        return file_read_fd(fd, path, SCRIPT_MAX, text, ERROR_USAGE, err);
    close(fd);
    return false;
}

static bool open_protected(struct opening *o, struct error *err)
{
    lua_State *L = o->state->L;

    lua_pushcfunction(L, open_all);
    lua_pushlightuserdata(L, o);
    if (lua_pcall(L, 1, 0, 0) == LUA_OK)
        return true;
    const char *text = lua_tostring(L, -1);
    return error_set(
        err, ERROR_OTHER, "%s", text ? text : "the script does not start");
}

/* What Lua has as garbage may hold what a reply has no room for. */
static void collect(void *arg)
{
    struct cpu_tick_frame frame;

    cpu_tick_enter_closed(&frame, arg); // finalizers
    lua_gc(arg, LUA_GCCOLLECT);
    cpu_tick_leave(&frame);
}

static bool make_state(
    struct state *state, struct script *host, struct error *err)
{
    if (!profile_protect(host->profile, err))
        return false;
    host->account.most = host->profile->memory;
    state->heap.account = &host->account;
    state->L = lua_newstate(lua_heap_allocate, &state->heap);
    if (!state->L)
        return error_memory(err);
    tasks_init(&state->tasks, state->L, host->profile->run_away_ms, host);
    watchdog_limit_work(host->profile->run_away_ms);
    host->account.collect = collect;
    host->account.arg = state->L;
    return true;
}

bool state_open(struct state *state, struct script *host,
    const struct state_script *script,
    void (*ended)(lua_State *co, int status, void *arg), void *arg,
    struct error *err)
{
    struct buf text = {0};
    struct opening o = {.state = state,
        .host = host,
        .script = script,
        .name = file_path_name(script->path),
        .text = &text,
        .ended = ended,
        .arg = arg};

    bool ok = make_state(state, host, err);
    if (ok && script->text)
        o.text = script->text;
    else
        ok = ok && state_read_script(script->path, &text, err);
    if (ok)
        blank_first_line(o.text);
    ok = ok && open_protected(&o, err);
    buf_free(&text);
    return ok;
}

bool state_open_bare(struct state *state, struct script *host,
    const char *folder, struct error *err)
{
    const struct state_script none = {.path = folder};
    struct opening o = {
        .state = state, .host = host, .script = &none, .name = ""};

    if (!make_state(state, host, err))
        return false;
    if (!host->repl)
        host->account.most = BARE_MEMORY;
    return open_protected(&o, err);
}

void state_close(struct state *state)
{
    struct cpu_tick_frame frame;
    struct script *host = state->tasks.host;

    if (state->L) {
        host->account.collect = NULL;
        tasks_fini(&state->tasks);
        cpu_tick_work_anew();
        cpu_tick_enter_closed(&frame, state->L); // finalizers
        lua_close(state->L);
        cpu_tick_leave(&frame);
        buf_free(&host->seen);
        masked_end(stdout);
        masked_end(stderr);
        state->L = NULL;
    }
    lua_heap_fini(&state->heap);
}

static bool compile(
    lua_State *L, struct buf *text, const char *name, struct error *err)
{
    blank_first_line(text); // as it is for a run
    int status = luaL_loadbufferx(L, buf_text(text), text->len, name, "t");

    if (status == LUA_ERRMEM)
        return error_memory(err);
    if (status == LUA_ERRSYNTAX)
        syntax_explain(L, buf_text(text), text->len);
    return status == LUA_OK ||
           error_set(err, ERROR_OTHER, "%s", lua_tostring(L, -1));
}

bool state_compiles(const char *path, struct error *err)
{
    struct account account = {.most = BARE_MEMORY};
    struct lua_heap heap = {.account = &account};
    struct buf text = {0};
    char name[NAME_MAX + 2];

    snprintf(name, sizeof name, "@%s", file_path_name(path));
    lua_State *L = lua_newstate(lua_heap_allocate, &heap);
    bool ok = (L || error_memory(err)) && state_read_script(path, &text, err) &&
              compile(L, &text, name, err);
    if (L)
        lua_close(L);
    lua_heap_fini(&heap);
    buf_free(&text);
    return ok;
}
