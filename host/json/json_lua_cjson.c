#include "json/json_lua_cjson.h"

#include "base/mem.h"
#include "json/json.h"
#include "json/json_lua.h"

#include <lauxlib.h>
#include <lua-cjson.h>

#include <stdalign.h>
#include <stddef.h>

/* What stands before each of lua-cjson's blocks: its neighbours in the list
 * of the call that made it, and whose memory it is: Lua's, so that it counts
 * as the script's. A block of no call is its own neighbour. */
struct block {
    alignas(max_align_t) struct block *prev;
    struct block *next;
    lua_Alloc allocate; // NULL: it is of mem_alloc
    void *arg;
    size_t size; // with this
};

/* One call into lua-cjson. */
struct call {
    lua_State *L;
    bool opens;            // the blocks are for the instance that it makes
    struct block *reserve; // then: memory for the first of them
    struct block blocks;
};

/* What an instance asks for when it is made is some 1,000 bytes. */
enum { RESERVE = 4096 };

static _Thread_local struct call *current;
static bool guarded;

static void block_link(struct block *b)
{
    struct block *after = b;

    if (current && !current->opens)
        after = &current->blocks;
    else
        b->next = b;
    b->next = after->next;
    b->prev = after;
    b->next->prev = b;
    after->next = b;
}

static void block_unlink(struct block *b)
{
    b->prev->next = b->next;
    b->next->prev = b->prev;
}

/* Leaves lua-cjson, whose frames own nothing that block lists do not know.
 * Its values are dropped first, so that there is room for the message. */
static void *raise_memory(void)
{
    if (!current)
        return NULL;
    lua_settop(current->L, 0);
    lua_pushliteral(current->L, "not enough memory");
    lua_error(current->L);
    return NULL;
}

static void *resize(
    const struct block *like, struct block *old, size_t from, size_t to)
{
    void *got = like->allocate(like->arg, old, from, to);

    if (got || !to || !current)
        return got;
    lua_gc(current->L, LUA_GCCOLLECT); // as Lua does for its own
    return like->allocate(like->arg, old, from, to);
}

static void block_free(struct block *b)
{
    if (b && b->allocate)
        b->allocate(b->arg, b, b->size, 0);
    else
        mem_free(b);
}

/* Of the state that calls lua-cjson. */
static struct block *block_of_lua(size_t size)
{
    struct block like = {.size = size};

    like.allocate = lua_getallocf(current->L, &like.arg);
    struct block *b = resize(&like, NULL, 0, size);
    if (b)
        *b = like;
    return b;
}

static struct block *block_of_nobody(size_t size)
{
    struct block *b = mem_alloc(size);

    if (b)
        *b = (struct block){.size = size};
    return b;
}

/* An instance that is being made must not be left there: its finalizer would
 * free a pointer that was never set. So its memory was taken before. */
static struct block *block_new(size_t size)
{
    if (!current)
        return block_of_nobody(sizeof(struct block) + size);
    if (!current->reserve || size > RESERVE)
        return block_of_lua(sizeof(struct block) + size);
    struct block *b = current->reserve;
    current->reserve = NULL;
    return b;
}

void *json_lua_cjson_malloc(size_t size)
{
    struct block *b = block_new(size);

    guarded = true;
    if (!b)
        return raise_memory();
    block_link(b);
    return b + 1;
}

void *json_lua_cjson_realloc(void *block, size_t size)
{
    if (!block)
        return json_lua_cjson_malloc(size);
    struct block *old = (struct block *)block - 1;
    block_unlink(old);
    size_t from = old->size, to = sizeof *old + size;
    struct block *b =
        old->allocate ? resize(old, old, from, to) : mem_realloc(old, to);
    block_link(b ? b : old);
    if (!b)
        return raise_memory();
    b->size = to;
    return b + 1;
}

void json_lua_cjson_free(void *block)
{
    if (!block)
        return;
    struct block *b = (struct block *)block - 1;
    block_unlink(b);
    block_free(b);
}

bool json_lua_cjson_guarded(void)
{
    return guarded;
}

/* As lua_pcall; what the call did not free is freed. */
static int call_guarded(struct call *call, int nargs, int nresults)
{
    struct call *outer = current; // a finalizer may call in during a call

    call->blocks.prev = call->blocks.next = &call->blocks;
    current = call;
    int status = lua_pcall(call->L, nargs, nresults, 0);
    current = outer;
    while (call->blocks.next != &call->blocks)
        json_lua_cjson_free(call->blocks.next + 1);
    block_free(call->reserve);
    return status;
}

void json_lua_cjson_call(lua_State *L, int nargs, int nresults)
{
    struct call call = {.L = L};

    if (call_guarded(&call, nargs, nresults) != LUA_OK)
        lua_error(L);
}

/* Calls instance.setter(false), the instance being on top. */
static void switch_off(lua_State *L, const char *setter)
{
    lua_getfield(L, -1, setter);
    lua_pushboolean(L, 0);
    json_lua_cjson_call(L, 1, 0);
}

/* Pushes a new instance. Its buffer is not kept: it would outlive the call
 * that made it, and be left too small by one that failed. */
static void push_instance(lua_State *L)
{
    struct call call = {.L = L, .opens = true};

    luaL_checkstack(L, 6, "json");
    lua_pushcfunction(L, luaopen_cjson);
    call.reserve = block_of_nobody(sizeof(struct block) + RESERVE);
    if (!call.reserve)
        luaL_error(L, "not enough memory");
    if (call_guarded(&call, 0, 1) != LUA_OK)
        lua_error(L);
    switch_off(L, "encode_keep_buffer");
}

static const char decode_key = 0, encode_key = 0;

static void push_own(lua_State *L, const char *key)
{
    luaL_checkstack(L, 6, "json");
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, key) == LUA_TFUNCTION)
        return;
    lua_pop(L, 1);
    push_instance(L);
    switch_off(L, "decode_invalid_numbers");
    lua_getfield(L, -1, "decode");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &decode_key);
    lua_getfield(L, -1, "encode");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &encode_key);
    lua_pop(L, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, key);
}

void json_lua_cjson_push_decode(lua_State *L)
{
    push_own(L, &decode_key);
}

void json_lua_cjson_push_encode(lua_State *L)
{
    push_own(L, &encode_key);
}

/* Makes the floats of the value on top that are whole integers. */
static void make_whole(lua_State *L)
{
    json_lua_make_whole(L);
    if (!lua_istable(L, -1))
        return;
    luaL_checkstack(L, 5, "cjson.decode");
    lua_pushnil(L);
    while (lua_next(L, -2)) {
        make_whole(L);
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
    }
}

/* cjson.decode(text) -> value; the real one is the upvalue. Every number is a
 * float to it, and 10 in a text would be "10.0". */
static int l_cjson_decode(lua_State *L)
{
    size_t len;

    luaL_checklstring(L, 1, &len);
    luaL_argcheck(L, lua_gettop(L) == 1, 2, "found too many arguments");
    luaL_argcheck(L, len <= JSON_TEXT_MAX, 1, "more than 64 MiB");
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    json_lua_cjson_call(L, 1, 1);
    make_whole(L);
    return 1;
}

/* Adds up what the value on top will at least take as text, and stops where
 * that is more than the limit or deeper than lua-cjson goes. */
static void measure(lua_State *L, int depth, size_t *bytes)
{
    *bytes += lua_type(L, -1) == LUA_TSTRING ? lua_rawlen(L, -1) : 2;
    if (!lua_istable(L, -1) || depth > JSON_DEPTH_MAX)
        return;
    luaL_checkstack(L, 4, "cjson.encode");
    lua_pushnil(L);
    while (lua_next(L, -2)) {
        if (lua_type(L, -2) == LUA_TSTRING)
            *bytes += lua_rawlen(L, -2);
        measure(L, depth + 1, bytes);
        lua_pop(L, 1);
        if (*bytes > JSON_TEXT_MAX) {
            lua_pop(L, 1);
            return;
        }
    }
}

/* cjson.encode(value) -> text; the real one is the upvalue. Lengths are ints
 * in lua-cjson, and six times a string's: large ones must not get there. */
static int l_cjson_encode(lua_State *L)
{
    size_t bytes = 0;

    luaL_argcheck(L, lua_gettop(L) == 1, 1, "expected 1 argument");
    measure(L, 0, &bytes);
    luaL_argcheck(L, bytes <= JSON_TEXT_MAX, 1, "more than 64 MiB of text");
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    json_lua_cjson_call(L, 1, 1);
    return 1;
}

/* cjson.new() -> another such table */
static int l_cjson_new(lua_State *L)
{
    json_lua_safe_cjson(L);
    return 1;
}

/* Puts `wrapper` around the function `name` of the table on top. */
static void wrap(lua_State *L, const char *name, lua_CFunction wrapper)
{
    lua_getfield(L, -1, name);
    lua_pushcclosure(L, wrapper, 1);
    lua_setfield(L, -2, name);
}

void json_lua_safe_cjson(lua_State *L)
{
    static const char *const left_out[] = {"encode_max_depth",
        "decode_max_depth", "encode_keep_buffer", "encode_sparse_array"};

    push_instance(L);
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++) {
        lua_pushnil(L);
        lua_setfield(L, -2, left_out[i]);
    }
    wrap(L, "decode", l_cjson_decode);
    wrap(L, "encode", l_cjson_encode);
    lua_pushcfunction(L, l_cjson_new);
    lua_setfield(L, -2, "new");
}

void json_lua_push_version(lua_State *L)
{
    push_instance(L);
    lua_getfield(L, -1, "_VERSION");
    lua_remove(L, -2);
}
