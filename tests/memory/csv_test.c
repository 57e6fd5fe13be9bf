/* Each allocation of reading CSV fails once, and then two in a row (Lua tries
 * again after a collection): "out of memory" comes back or the work is done,
 * no block and no descriptor stays behind.
 *
 * Links its own six of base/mem.h in place of mem.c. */
#include "csv/csv.h"
#include "lua/modules.h"
#include "mem_faults.h"
#include "task/task.h"

#include <fcntl.h>
#include <lauxlib.h>
#include <lualib.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static char path[] = "/tmp/csv_memory.XXXXXX";

enum { COLUMNS = 40, LONG = 9000 };

/* More columns than there is room for at first, quotes of both kinds, a bad
 * row, a cell for which the text has to grow. */
static int set_up(void **state)
{
    int fd = mkstemp(path);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

    (void)state;
    if (!f)
        return -1;
    for (int i = 0; i < COLUMNS; i++)
        fprintf(f, "%s\xFE%d", i ? ";" : "", i);
    fputs("\nbad;row\nworse;\"row\"s\n\"a\n\"\"b\"\"\";5\"", f);
    for (int i = 2; i < COLUMNS; i++)
        fprintf(f, ";%d", i);
    fputc('\n', f);
    for (int i = 0; i < LONG; i++)
        fputc('x', f);
    for (int i = 1; i < COLUMNS; i++)
        fputs(";\xFD", f);
    fputc('\n', f);
    return fclose(f);
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

static int descriptors(void)
{
    int n = 0;

    for (int fd = 0; fd < 64; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

static void fail_from(long at, long count)
{
    calls = 0;
    fail_at = at;
    fail_count = count;
}

/* "BBRR": what the rows were; false when it failed half way. */
static bool read_all(struct csv_reader *r, struct error *err)
{
    struct csv_record record;
    char seen[8] = "";
    enum csv_got got;

    while ((got = csv_next(r, &record, err)) < CSV_END)
        strcat(seen, got == CSV_ROW ? "R" : "B");
    if (got == CSV_END)
        assert_string_equal(seen, "BBRR");
    return got == CSV_END;
}

static bool try_reader(long at, long count)
{
    struct csv_options options = {.path = path, .encoding = "windows-1254"};
    struct error err = {0};
    int before = descriptors();

    fail_from(at, count);
    struct csv_reader *r = csv_open(&options, &err);
    bool ok = r && read_all(r, &err);
    fail_from(0, 0);
    if (!ok) {
        assert_int_equal(err.kind, ERROR_MEMORY);
        assert_string_equal(err.text, "out of memory");
    }
    csv_close(r);
    assert_int_equal(living, 0);
    assert_int_equal(descriptors(), before);
    return ok;
}

static void test_reader(void **state)
{
    int refused = 0;

    (void)state;
    assert_true(try_reader(0, 0));
    for (long count = 1; count <= 2; count++)
        for (long at = 1; at <= 60; at++)
            refused += !try_reader(at, count);
    assert_true(refused > 20);
}

static const char script[] =
    "local options = { path = ..., encoding = 'windows-1254' }\n"
    "local reader <close> = csv.rows(options)\n"
    "local rows = {}\n"
    "while true do\n"
    "  local row, at, what, message = reader:pull()\n"
    "  if row == nil then break end\n"
    "  if type(at) == 'string' then error(message, 0) end\n" // of the file
    "  rows[#rows + 1] = row or message\n"
    "end\n"
    "assert(#rows == 4 and rows[3]['ş1'] == '5\"')\n"
    "assert(reader:unchanged())\n"
    "local ok, said = pcall(function() return rows[3].x end)\n"
    "if not said:find 'memory' then assert(said:find 'no column') end\n"
    "local ok, said = pcall(csv.table, options, 'ş0')\n"
    "if not said:find 'memory' then assert(said:find 'has 40') end\n"
    "assert(csv.number('1.5') == 1.5)\n";

static int use_large_buffer(lua_State *L)
{
    luaL_Buffer b;

    luaL_buffinitsize(L, &b, LUAL_BUFFERSIZE * 2);
    return 0;
}

static int use_csv(lua_State *L)
{
    luaL_requiref(L, "csv", luaopen_omnitron_csv, 1);
    if (luaL_loadstring(L, script) != LUA_OK)
        return lua_error(L);
    lua_pushstring(L, path);
    lua_call(L, 1, 0);
    return 0;
}

/* Lua makes the metatable of its growing buffers in two steps, and one that
 * failed between them is never mended (lauxlib.c, newbox): so they are used
 * once before anything fails. */
static lua_State *new_state(void)
{
    lua_State *L = lua_newstate(script_alloc, NULL);

    assert_non_null(L);
    tasks_none(L);
    luaL_openlibs(L);
    lua_pushcfunction(L, use_large_buffer);
    assert_int_equal(lua_pcall(L, 0, 0, 0), LUA_OK);
    return L;
}

static bool try_lua(long at, long count)
{
    int before = descriptors();
    lua_State *L = new_state();

    fail_from(at, count);
    lua_pushcfunction(L, use_csv);
    int status = lua_pcall(L, 0, 0, 0);
    long used = calls;
    fail_from(0, 0);
    if (status != LUA_OK && !strstr(lua_tostring(L, -1), "memory"))
        fail_msg("%ld: %s", at, lua_tostring(L, -1));
    lua_close(L);
    assert_int_equal(living, 0);
    assert_int_equal(descriptors(), before);
    calls = used;
    return status == LUA_OK;
}

static void test_lua(void **state)
{
    int refused = 0;

    (void)state;
    assert_true(try_lua(0, 0));
    long all = calls;
    for (long count = 1; count <= 2; count++)
        for (long at = 1; at <= all; at++)
            refused += !try_lua(at, count);
    assert_true(refused > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reader),
        cmocka_unit_test(test_lua),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
