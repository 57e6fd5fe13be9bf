/* Each allocation of reading and writing JSON fails once, and then two in a
 * row (Lua tries again after a collection): the call raises or says so, a
 * buffer is as before, no block stays behind. lua-cjson's own blocks count
 * too, where the build lets it take them from here.
 *
 * Links its own six of base/mem.h in place of mem.c. */
#include "mem_faults.h"
#include "json/json.h"
#include "json/json_lua.h"
#include "json/json_lua_cjson.h"

#include <lauxlib.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void *script_alloc(void *data, void *block, size_t was, size_t size)
{
    (void)data;
    (void)was;
    if (size)
        return mem_realloc(block, size);
    mem_free(block);
    return NULL;
}

/* Long enough that every buffer on the way grows at least once. */
static const char text[] =
    "{\"items\":[{\"price\":12.5,\"none\":null,\"long\":9223372036854775807,"
    "\"empty\":[],\"third\":0.30000000000000004},[],[1,2,3,4,5,6,7,8,9]],"
    "\"slashes\":\"////////////////////////////////////////////////////\","
    "\"text\":\"................................................."
    "..................................................................."
    "..................................................................."
    "...................................................................\"}";

static int use_json(lua_State *L)
{
    json_lua_decode(L, text, sizeof text - 1, JSON_LUA_KEEP_NULL);
    lua_createtable(L, 8, 0);
    for (lua_Integer i = 1; i <= 8; i++) {
        lua_pushvalue(L, 1);
        lua_rawseti(L, -2, i);
    }
    json_lua_encode(L, -1);
    size_t len;
    const char *back = lua_tolstring(L, -1, &len);
    json_lua_decode(L, back, len, 0);
    json_lua_safe_cjson(L);
    lua_getfield(L, -1, "encode");
    lua_pushvalue(L, -3);
    lua_call(L, 1, 1);
    lua_getfield(L, -2, "decode");
    lua_insert(L, -2);
    lua_call(L, 1, 1);
    return 0;
}

static int use_bad_json(lua_State *L)
{
    json_lua_decode(L, text, sizeof text - 2, 0);
    return 0;
}

/* Lua makes the metatable of its growing buffers in two steps, and one that
 * failed between them is never mended (lauxlib.c, newbox): so they are used
 * once before anything fails, as whoever makes a state should. */
static int use_large_buffer(lua_State *L)
{
    luaL_Buffer b;

    luaL_buffinitsize(L, &b, LUAL_BUFFERSIZE * 2);
    return 0;
}

static lua_State *new_state(void)
{
    lua_State *L = lua_newstate(script_alloc, NULL);

    assert_non_null(L);
    lua_pushcfunction(L, use_large_buffer);
    assert_int_equal(lua_pcall(L, 0, 0, 0), LUA_OK);
    return L;
}

/* True when the work was done. A state that was told there is no memory has
 * to be as good as before. */
static bool try_lua(long at, long count)
{
    lua_State *L = new_state();

    calls = 0;
    fail_at = at;
    fail_count = count;
    lua_pushcfunction(L, use_json);
    int status = lua_pcall(L, 0, 0, 0);
    fail_at = 0;
    if (status != LUA_OK)
        assert_string_equal(lua_tostring(L, -1), "not enough memory");
    long used = calls;
    lua_settop(L, 0);
    lua_pushcfunction(L, use_json);
    if (lua_pcall(L, 0, 0, 0) != LUA_OK)
        fail_msg("afterwards: %s", lua_tostring(L, -1));
    lua_pushcfunction(L, use_bad_json);
    assert_int_equal(lua_pcall(L, 0, 0, 0), LUA_ERRRUN);
    lua_close(L);
    assert_int_equal(living, 0);
    calls = used;
    return status == LUA_OK;
}

/* Each adds to a buffer that holds "before"; true when it could. */
static bool add_string(struct buf *b)
{
    static const char long_text[] =
        "\"\\u0041...........................................\\n..........."
        "........................................................\\u00e9....\"";
    struct json_value v = {JSON_STRING, long_text, sizeof long_text - 1};

    return json_string(&v, b);
}

static bool put_string(struct buf *b)
{
    return json_put_string(b, text, sizeof text - 1);
}

static bool put_text(struct buf *b)
{
    return json_put_member_text(b, text, text);
}

static bool put_int(struct buf *b)
{
    return json_put_member_int(b, text, INT64_MIN);
}

static bool put_bool(struct buf *b)
{
    return json_put_member_bool(b, text, true);
}

static bool put_null(struct buf *b)
{
    return json_put_member_null(b, text);
}

static bool (*const writers[])(struct buf *) = {
    add_string, put_string, put_text, put_int, put_bool, put_null};

/* The first `n` reallocations of a writer work, the next does not. */
static void fail_writer(bool (*writer)(struct buf *), long n)
{
    struct buf b = {0};

    fail_at = 0;
    assert_true(buf_puts(&b, "before"));
    calls = 0;
    fail_at = n;
    fail_count = 1;
    if (!writer(&b))
        assert_string_equal(buf_text(&b), "before");
    else
        assert_true(calls < n);
    fail_at = 0;
    buf_free(&b);
    assert_int_equal(living, 0);
}

static void test_buffers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
        for (long n = 1; n < 10; n++)
            fail_writer(writers[i], n);
}

static void test_lua(void **state)
{
    (void)state;
    assert_true(try_lua(0, 0));
    long all = calls;
    if (!json_lua_cjson_guarded())
        skip();
    int refused = 0;
    for (long count = 1; count <= 2; count++)
        for (long at = 1; at <= all; at++)
            refused += !try_lua(at, count);
    assert_true(refused > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buffers),
        cmocka_unit_test(test_lua),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
