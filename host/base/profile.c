#include "base/profile.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/profile_own.h"

#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <lua.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FILE_BYTES = 1 << 20,        // of profile.lua
    STATE_BYTES = 16 << 20,      // of the state that evaluates it
    STEP = 1000,                 // instructions between two looks
    STEPS_MAX = 10 * 1000 * 1000 // instructions in all
};

/* What Lua calls the file; messages get its path instead, which Lua would cut
 * to 60 bytes. */
static const char chunk_name[] = "=profile.lua";

struct profile_block {
    struct profile_block *next;
    size_t size; // of the bytes
    alignas(max_align_t) char bytes[];
};

void *profile_alloc(struct profile *p, size_t size)
{
    struct profile_block *block = mem_calloc(1, sizeof *block + size);

    if (!block)
        return NULL;
    block->size = size;
    block->next = p->own->blocks;
    p->own->blocks = block;
    return block->bytes;
}

const char *profile_keep(struct profile *p, const char *text, size_t len)
{
    char *copy = profile_alloc(p, len + 1);

    if (copy)
        memcpy(copy, text, len);
    return copy;
}

const char *profile_join(struct profile *p, const char *path)
{
    size_t folder = strlen(p->folder), len = strlen(path);

    if (path[0] == '/' || strcmp(p->folder, ".") == 0)
        return profile_keep(p, path, len);
    char *joined = profile_alloc(p, folder + 1 + len + 1);
    if (!joined)
        return NULL;
    memcpy(joined, p->folder, folder);
    if (p->folder[folder - 1] != '/')
        joined[folder++] = '/';
    memcpy(joined + folder, path, len);
    return joined;
}

static bool holds_secret(const struct profile *p, const char *text)
{
    const struct profile_secret *s = p->own ? p->own->secrets : NULL;

    for (; s; s = s->next)
        if (s->secret && strstr(text, secret_text(s->secret)))
            return true;
    return false;
}

const char *profile_show(
    const struct profile *p, const char *text, char out[PROFILE_SHOWN])
{
    size_t len = 0;

    if (holds_secret(p, text))
        return "a secret";
    out[len++] = '"';
    for (; *text && len < PROFILE_SHOWN - 5; text++)
        out[len++] = (unsigned char)*text < 0x20 || *text == 0x7F ? '?' : *text;
    memcpy(out + len, *text ? "...\"" : "\"", *text ? 5 : 2);
    return out;
}

void profile_defaults(struct profile *out)
{
    *out = (struct profile){
        .folder = ".",
        .prefix = "i1",
        .timeout_ms = 30 * 1000,
        .connect_timeout_ms = 10 * 1000,
        .tries = 5,
        .retry_rejected_ms = 24 * 60 * 60 * 1000,
        .when_unknown = PROFILE_HOLD,
        .first_look = "/api/i1/orders/?limit=1",
        .journal = "journal.db",
        .memory = 256u << 20,
        .run_away_ms = 10 * 1000,
        .keep_rows = true,
    };
    profile_url_from_environment(out);
}

static void free_secrets(struct profile_secret *s)
{
    for (; s; s = s->next)
        secret_free(s->secret);
}

static void free_blocks(struct profile_block *block)
{
    while (block) {
        struct profile_block *next = block->next;
        explicit_bzero(block, sizeof *block + block->size);
        mem_free(block);
        block = next;
    }
}

void profile_free(struct profile *p)
{
    struct profile_own *own = p->own;

    if (own) {
        if (own->state)
            lua_close(own->state);
        free_secrets(own->secrets); // they lie in the blocks
        free_blocks(own->blocks);
        mem_free(own);
    }
    explicit_bzero(p, sizeof *p);
}

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
        return secret_read(path, SECRET_OWN, err);
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
    size_t mark = strncmp(code, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

    if (luaL_loadbufferx(L, code + mark, text->len - mark, chunk_name, "t") !=
        LUA_OK)
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

static bool evaluate(
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

static bool unreadable(const char *path, struct error *err)
{
    if (errno == ENOENT)
        return error_set(err, ERROR_USAGE,
            "there is no profile at %s: omnitron init makes one, "
            "--profile FILE names another",
            path);
    return error_set(
        err, ERROR_USAGE, "cannot read %s: %s", path, strerror(errno));
}

static bool check_file(
    int fd, const char *path, size_t *size, struct error *err)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return unreadable(path, err);
    if (S_ISDIR(st.st_mode))
        return error_set(err, ERROR_USAGE,
            "%s is a folder: name the profile.lua in it", path);
    if (!S_ISREG(st.st_mode))
        return error_set(err, ERROR_USAGE, "%s is not a regular file", path);
    if (st.st_size > FILE_BYTES)
        return error_set(err, ERROR_USAGE,
            "%s is larger than 1 MiB: is it a profile?", path);
    *size = (size_t)st.st_size;
    return true;
}

/* In one block that never moves, so that buf_wipe leaves nothing behind. */
static bool read_bytes(
    int fd, const char *path, size_t size, struct buf *text, struct error *err)
{
    ssize_t n = 1;

    if (!buf_reserve(text, size))
        return error_memory(err);
    while (n != 0 && text->len < size) {
        n = read(fd, text->data + text->len, size - text->len);
        if (n < 0 && errno != EINTR)
            return unreadable(path, err);
        text->len += n > 0 ? (size_t)n : 0;
    }
    text->data[text->len] = '\0';
    return true;
}

static bool read_file(const char *path, struct buf *text, struct error *err)
{
    size_t size = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0)
        return unreadable(path, err);
    bool ok = check_file(fd, path, &size, err) &&
              read_bytes(fd, path, size, text, err);
    close(fd);
    return ok;
}

static const char *keep_folder(struct profile *p, const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return ".";
    return profile_keep(p, path, slash == path ? 1 : (size_t)(slash - path));
}

static bool prepare(struct profile *p, const char *path, struct error *err)
{
    profile_defaults(p);
    p->own = mem_calloc(1, sizeof *p->own);
    if (!p->own)
        return error_memory(err);
    p->path = profile_keep(p, path, strlen(path));
    p->folder = keep_folder(p, path);
    if (!p->path || !p->folder)
        return error_memory(err);
    p->journal = profile_join(p, p->journal);
    return p->journal || error_memory(err);
}

bool profile_load(const char *path, struct profile *out, struct error *err)
{
    struct buf text = {0};
    bool ok = prepare(out, path, err) && read_file(path, &text, err) &&
              evaluate(out, &text, err);

    buf_wipe(&text);
    if (!ok)
        profile_free(out);
    return ok;
}

char *profile_beside(const char *script_or_folder)
{
    const char *named = script_or_folder ? script_or_folder : ".";
    struct buf path = {0};
    struct stat st;
    size_t len = strlen(named);

    if (stat(named, &st) != 0 || !S_ISDIR(st.st_mode)) {
        const char *slash = strrchr(named, '/');
        len = slash ? (size_t)(slash - named) + 1 : 0;
    } else if (strcmp(named, ".") == 0) {
        len = 0;
    }
    bool ok = buf_add(&path, named, len);
    if (ok && len && named[len - 1] != '/')
        ok = buf_putc(&path, '/');
    if (ok && buf_puts(&path, "profile.lua"))
        return path.data;
    buf_free(&path);
    return NULL;
}
