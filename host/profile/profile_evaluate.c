#include "profile/profile_own.h"
#include "profile/source_text.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/secret_file.h"

#include <lauxlib.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    STATE_BYTES = 16 << 20,      // of the state that evaluates it
    STEP = 1000,                 // instructions between two looks
    STEPS_MAX = 10 * 1000 * 1000 // instructions in all
};

/* What Lua calls the file; messages get its path instead, which Lua would cut
 * to 60 bytes. */
static const char chunk_name[] = "=profile.lua";

/* Lua's allocator: capped, and nothing is given back unwiped. A block that
 * shrinks stays where it is. */
static void *private_alloc(void *data, void *block, size_t was, size_t size)
{
    struct profile_own *own = data;

    if (!block)
        was = 0; // it is a type then, not a size
    if (size <= was) {
        if (block)
            explicit_bzero((char *)block + size, was - size);
        own->used -= was - size;
        if (size)
            return block;
        mem_free(block);
        return NULL;
    }
    if (size - was > STATE_BYTES - own->used) {
        own->full = true;
        return NULL;
    }
    void *grown = mem_alloc(size);
    if (!grown)
        return NULL;
    if (block) {
        memcpy(grown, block, was);
        explicit_bzero(block, was);
        mem_free(block);
    }
    own->used += size - was;
    return grown;
}

/* What is under way in a state, found again from its functions. */
struct evaluation {
    struct profile_reading reading;
    const struct buf *text;
    long steps;
    bool no_memory; // the host's, in a function that could only raise
    bool ok;
};

static struct evaluation **evaluation_of(lua_State *L)
{
    return lua_getextraspace(L);
}

/* env(NAME) -> text | nil */
static int l_profile_env(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);

    if (strcmp(name, "OMNITRON_TOKEN") == 0)
        return luaL_error(L, "env does not give OMNITRON_TOKEN: omnitron "
                             "takes the token from there by itself");
    lua_pushstring(L, getenv(name)); // nil for NULL
    return 1;
}

static bool without_secrets;

void profile_without_secrets(void)
{
    without_secrets = true;
}

/* Whether the name of the file is to stand for what would be in it. */
static bool is_missing(struct profile *p, const char *name)
{
    const char *path = without_secrets ? profile_join(p, name) : NULL;
    struct stat st;

    return path && (stat(path, &st) != 0 || st.st_size == 0);
}

static struct secret *read_secret(
    struct profile *p, const char *name, struct error *err)
{
    const char *path = profile_join(p, name);

    if (path)
        return secret_file_read(path, SECRET_FILE_OWN, err);
    error_memory(err);
    return NULL;
}

/* secret(FILE) -> text. The profile owns the secret before Lua may raise. */
static int l_profile_secret(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    struct evaluation *e = *evaluation_of(L);
    struct profile *p = e->reading.p;
    struct error err;

    if (is_missing(p, name)) {
        lua_pushstring(L, name);
        return 1;
    }
    struct profile_secret *s = profile_alloc(p, sizeof *s);
    if (s)
        s->secret = read_secret(p, name, &err);
    else
        error_memory(&err);
    if (!s || !s->secret) {
        e->no_memory = err.kind == ERROR_MEMORY;
        return luaL_error(L, "%s", err.text);
    }
    s->next = p->own->secrets;
    p->own->secrets = s;
    lua_pushstring(L, secret_text(s->secret));
    return 1;
}

/* A name that the file did not assign: a function, or a mistake. */
static int l_environment__index(lua_State *L)
{
    char shown[PROFILE_SHOWN];
    const char *name = lua_tostring(L, 2);

    if (!name)
        name = "?";
    if (strcmp(name, "env") == 0)
        lua_pushcfunction(L, l_profile_env);
    else if (strcmp(name, "secret") == 0)
        lua_pushcfunction(L, l_profile_secret);
    else
        return luaL_error(L,
            "%s is not known here: texts go in quotes, and all there is to "
            "call is env(NAME) and secret(FILE)",
            profile_show((*evaluation_of(L))->reading.p, name, shown));
    return 1;
}

static void count_steps(lua_State *L, lua_Debug *ar)
{
    struct evaluation *e = *evaluation_of(L);

    (void)ar;
    e->steps += STEP;
    if (e->steps <= STEPS_MAX)
        return;
    luaL_where(L, 0); // a hook is no level of its own
    lua_pushliteral(L, "this takes too long: a profile is data, not a program");
    lua_concat(L, 2);
    lua_error(L);
}

/* Pushes the table that the file assigns to. */
static void push_environment(lua_State *L)
{
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, l_environment__index);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

static bool is_empty(lua_State *L, int table)
{
    lua_pushnil(L);
    if (!lua_next(L, table))
        return true;
    lua_pop(L, 2);
    return false;
}

/* [environment, result] -> the table with the keys on top. */
static bool choose_table(struct profile_reading *r, lua_State *L)
{
    if (lua_isnil(L, 2)) {
        lua_settop(L, 1);
        return true;
    }
    if (!lua_istable(L, 2))
        return error_set(r->err, ERROR_USAGE,
            "%s must return a table, not a %s", r->p->path,
            luaL_typename(L, 2));
    if (!is_empty(L, 1))
        return error_set(r->err, ERROR_USAGE,
            "%s returns a table and assigns keys outside it too: keep one of "
            "the two (local before a name of your own)",
            r->p->path);
    return true;
}

/* Pushes the file as a function; a byte order mark is not Lua. */
static void push_chunk(lua_State *L, const struct buf *text)
{
    const char *code = buf_text(text);
    char better[SOURCE_TEXT_MAX];
    size_t mark = strncmp(code, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

    if (luaL_loadbufferx(L, code + mark, text->len - mark, chunk_name, "t") ==
        LUA_OK)
        return;
    if (lua_type(L, -1) == LUA_TSTRING &&
        source_text_explain(code, text->len, lua_tostring(L, -1), better))
        lua_pushstring(L, better);
    lua_error(L);
}

static int evaluate_protected(lua_State *L)
{
    struct evaluation *e = lua_touserdata(L, 1);

    lua_settop(L, 0);
    push_environment(L);
    push_chunk(L, e->text);
    lua_pushvalue(L, 1);
    lua_setupvalue(L, -2, 1); // _ENV
    lua_sethook(L, count_steps, LUA_MASKCOUNT, STEP);
    lua_call(L, 0, 1);
    lua_sethook(L, NULL, 0, 0);
    e->ok = choose_table(&e->reading, L) && profile_read_keys(&e->reading, L);
    lua_settop(L, 0);
    lua_gc(L, LUA_GCCOLLECT);
    return 0;
}

/* What Lua raised, with the file's path in the place of its short name. */
static bool explain(const struct evaluation *e, lua_State *L, int status)
{
    const struct profile *p = e->reading.p;
    struct error *err = e->reading.err;
    size_t name = sizeof chunk_name - 2; // without "=" and NUL
    const char *text = lua_tostring(L, -1);

    if (status == LUA_ERRMEM && p->own->full)
        return error_set(err, ERROR_USAGE,
            "%s needs more than 16 MiB of memory: a profile is data, not a "
            "program",
            p->path);
    if (status == LUA_ERRMEM || e->no_memory || !text)
        return error_memory(err);
    if (strncmp(text, chunk_name + 1, name) == 0 && text[name] == ':')
        return error_set(err, ERROR_USAGE, "%s%s", p->path, text + name);
    return error_set(err, ERROR_USAGE, "%s: %s", p->path, text);
}

bool profile_evaluate(
    struct profile *p, const struct buf *text, struct error *err)
{
    struct evaluation e = {.reading = {p, err}, .text = text};
    lua_State *L = lua_newstate(private_alloc, p->own);

    if (!L)
        return error_memory(err);
    p->own->state = L;
    *evaluation_of(L) = &e;
    lua_pushcfunction(L, evaluate_protected);
    lua_pushlightuserdata(L, &e);
    int status = lua_pcall(L, 1, 0, 0);
    *evaluation_of(L) = NULL;
    return status == LUA_OK ? e.ok : explain(&e, L, status);
}
