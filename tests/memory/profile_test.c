/* Each allocation of a profile's life fails once, and then two in a row (Lua
 * tries again after a collection): "out of memory" comes back or the work is
 * done, no block stays behind and no secret stays unmasked in the messages.
 *
 * Links its own six of base/mem.h in place of mem.c. */
#include "mem_faults.h"
#include "profile/profile.h"

#include <lauxlib.h>
#include <lua.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/profile_memory.XXXXXX";

static const char text[] =
    "return {\n"
    "  url = 'https://acme.omnitron.net', prefix = 'v1', journal = 'j',\n"
    "  first_look = '/api/{prefix}/', modules = { 'lpeg' }, not_done = { 503 "
    "},\n"
    "  settings = { erp = 'x', key = secret 'erp.key', t = { { 1.5 } } },\n"
    "}";

static void put(const char *path, const char *content)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs(content, f);
    fclose(f);
    assert_int_equal(chmod(path, 0600), 0);
}

/* The script's state, through the same door. */
static void *script_alloc(void *data, void *block, size_t was, size_t size)
{
    (void)data;
    (void)was;
    if (size)
        return mem_realloc(block, size);
    mem_free(block);
    return NULL;
}

static int push_settings(lua_State *L)
{
    const struct profile *p = lua_touserdata(L, 1);

    profile_push_settings(p, L);
    lua_getfield(L, -1, "missing"); // raises, with the names of all keys
    return 0;
}

static bool use_settings(const struct profile *p)
{
    lua_State *L = lua_newstate(script_alloc, NULL);

    if (!L)
        return false;
    lua_pushcfunction(L, push_settings);
    lua_pushlightuserdata(L, (void *)(uintptr_t)p);
    int status = lua_pcall(L, 1, 0, 0);
    if (status != LUA_ERRMEM) {
        assert_int_equal(status, LUA_ERRRUN);
        if (!strstr(lua_tostring(L, -1), "not enough memory"))
            assert_string_equal(lua_tostring(L, -1),
                "settings has no key 'missing' (profile.lua has: erp, key, t)");
    }
    lua_close(L);
    return status == LUA_ERRRUN;
}

static bool use_token(const struct profile *p, struct error *err)
{
    struct secret *token;

    if (!profile_token(p, &token, err))
        return false;
    assert_string_equal(secret_text(token), "from-the-variable");
    secret_free(token);
    return true;
}

/* Whether all went well; err says why not. */
static bool live(struct error *err)
{
    struct profile p;

    setenv("OMNITRON_TOKEN", "from-the-variable", 1);
    bool taken = profile_take_environment(err);
    assert_null(getenv("OMNITRON_TOKEN"));
    if (!taken || !profile_load("profile.lua", &p, err))
        return false;
    assert_string_equal(p.first_look, "/api/v1/");
    assert_int_equal(p.module_count, 1);
    char *path = profile_beside(".");
    bool ok = use_token(&p, err);
    if (ok && (!path || !use_settings(&p)))
        ok = error_memory(err);
    mem_free(path);
    profile_free(&p);
    return ok;
}

static void fail_each(long in_a_row)
{
    struct error err;
    long all, failed = 0;

    calls = fail_at = 0;
    fail_count = in_a_row;
    assert_true(live(&err));
    all = calls;
    assert_true(all > 50);
    for (long at = 1; at <= all; at++) {
        calls = 0;
        fail_at = at;
        if (!live(&err)) {
            assert_string_equal(err.text, "out of memory");
            assert_int_equal(err.kind, ERROR_MEMORY);
            failed++;
        }
        fail_at = 0;
        profile_forget_environment();
        if (living != 0)
            fail_msg("allocation %ld: %ld blocks stay", at, living);
    }
    assert_true(failed > 5);
}

static void test_one_fails(void **state)
{
    (void)state;
    fail_each(1);
}

static void test_two_fail(void **state)
{
    (void)state;
    fail_each(2);
}

static int enter_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder) || chdir(folder) != 0)
        return -1;
    unsetenv("CREDENTIALS_DIRECTORY");
    put("profile.lua", text);
    put("erp.key", "swordfish\\\"\n");
    return 0;
}

static int leave_folder(void **state)
{
    (void)state;
    unlink("profile.lua");
    unlink("erp.key");
    return chdir("/") != 0 || rmdir(folder) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_fails),
        cmocka_unit_test(test_two_fail),
    };

    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
