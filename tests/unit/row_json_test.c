/* What is kept of a row: the rows are made by Lua, in a plain state. */
#include "base/secret.h"
#include "lua/modules.h"
#include "modules/row_json.h"
#include "task/task.h"
#include "json/json.h"

#include <lauxlib.h>
#include <lualib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static lua_State *L;
static struct buf out;

static int set_up(void **state)
{
    (void)state;
    L = luaL_newstate();
    tasks_none(L);
    luaL_openlibs(L);
    luaL_requiref(L, "csv", luaopen_omnitron_csv, 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    lua_close(L);
    buf_free(&out);
    return 0;
}

/* What is kept of the row that the Lua expression gives; always one JSON
 * object within its bounds, and the stack as it was. */
static const char *see(const char *expression)
{
    struct json_value value;
    struct error err;
    char chunk[2000];

    lua_settop(L, 0);
    snprintf(chunk, sizeof chunk, "return %s", expression);
    if (luaL_dostring(L, chunk) != LUA_OK)
        fail_msg("%s", lua_tostring(L, -1));
    lua_settop(L, 1);
    assert_true(row_json_put(L, 1, &out));
    assert_int_equal(lua_gettop(L), 1);
    if (!json_parse(out.data, out.len, &value, &err))
        fail_msg("%s: %s", err.text, out.data);
    assert_int_equal(value.type, JSON_OBJECT);
    assert_true(out.len <= ROW_JSON_MAX);
    return out.data;
}

static void keeps_what_a_field_may_be(void **state)
{
    static const struct {
        const char *row, *want;
    } rows[] = {
        {"{}", "{}"},
        {"{ qty = 3, item = '46761', b = true, a = 1.5 }",
            "{\"a\":1.5,\"b\":true,\"item\":\"46761\",\"qty\":3}"},
        {"{ big = math.maxinteger, none = 0/0 ~= 0/0 }",
            "{\"big\":9223372036854775807,\"none\":true}"},
        {"{ inf = math.huge }", "{\"inf\":\"inf\"}"},
        {"{ f = print, co = coroutine.create(print), x = 1 }", "{\"x\":1}"},
        {"{ text = 'a\\tb\\0\\\"c' }", "{\"text\":\"a\\tb\\u0000\\\"c\"}"},
        {"{ text = 'k\\xFFn' }", "{\"text\":\"k\xEF\xBF\xBDn\"}"},
        {"{ order = { 12, 'SO-12', { a = false } } }",
            "{\"order\":\"[12,\\\"SO-12\\\",{\\\"a\\\":false}]\"}"},
        {"{ order = {} }", "{\"order\":\"{}\"}"},
        {"{ 'a', 'b', x = 1 }", "{\"1\":\"a\",\"2\":\"b\",\"x\":1}"},
        {"'a text'", "{\"row\":\"a text\"}"},
        {"46761", "{\"row\":46761}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(see(rows[i].row), rows[i].want);
}

static void runs_no_code_of_the_script(void **state)
{
    (void)state;
    assert_string_equal(
        see("setmetatable({ x = 1 }, { __index = error, __pairs = error,"
            " __len = error, __name = 3 })"),
        "{\"x\":1}");
}

static void cuts_long_ones_between_characters(void **state)
{
    (void)state;
    see("{ a = ('x'):rep(120) }");
    assert_null(strstr(out.data, "…"));
    see("{ a = ('x'):rep(121) }");
    assert_int_equal(out.len, strlen("{\"a\":\"\"}") + 120);
    assert_non_null(strstr(out.data, "x…\"}"));
    see("{ a = 'x' .. ('ş'):rep(100) }");
    assert_int_equal(out.len, strlen("{\"a\":\"\"}") + 1 + 58 * 2 + 3);
    see("{ a = ('x'):rep(1 << 20), [('n'):rep(300)] = 1 }");
    assert_true(out.len < 400);
    see("{ t = (function() local t = {} t[1] = t return t end)() }");
    see("{ t = (function() local t = {} for i = 1, 1000 do t[i] = i end "
        "return t end)() }");
    assert_non_null(strstr(out.data, "\"t\":\"[1,2,3"));
    assert_true(out.len < 140);
}

static void counts_what_does_not_fit(void **state)
{
    (void)state;
    see("(function() local t = {} for i = 1, 40 do"
        " t[('f%02d'):format(i)] = ('x'):rep(95) end return t end)()");
    assert_memory_equal(out.data, "{\"f01\":\"xxx", 11);
    assert_non_null(strstr(out.data, ",\"…\":31}"));
    see("(function() local t = {} for i = 1, 500 do t['f' .. i] = 1 end"
        " return t end)()");
    assert_non_null(strstr(out.data, ",\"…\":"));
}

static void masks_secrets(void **state)
{
    struct error err;
    struct secret *s = secret_new("a", "s3cr\"t-key", 10, &err);

    (void)state;
    assert_string_equal(see("{ a = 'is s3cr\"t-key', b = { 's3cr\"t-key' } }"),
        "{\"a\":\"is ***\",\"b\":\"[\\\"***\\\"]\"}");
    // a cut in the middle of it shows no part of it
    see("{ a = ('x'):rep(112) .. 's3cr\"t-key and more' }");
    assert_null(strstr(out.data, "s3c"));
    assert_non_null(strstr(out.data, "x***"));
    see("{ [('x'):rep(112) .. 's3cr\"t-key and more'] = 1 }");
    assert_null(strstr(out.data, "s3c"));
    see("{ t = { ('x'):rep(108), 's3cr\"t-key' } }");
    assert_null(strstr(out.data, "s3c"));
    secret_free(s);
}

static void a_csv_row_has_its_columns_in_order(void **state)
{
    char path[] = "/tmp/seen_test.XXXXXX", row[200];
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "z;y;a\n1;;3\n", 11), 11);
    close(fd);
    snprintf(row, sizeof row, "csv.rows('%s')()", path);
    assert_string_equal(see(row), "{\"z\":\"1\",\"y\":\"\",\"a\":\"3\"}");
    snprintf(row, sizeof row,
        "(function() local r = csv.rows('%s')() r.own = 1 return r end)()",
        path);
    assert_string_equal(see(row), "{\"z\":\"1\",\"y\":\"\",\"a\":\"3\"}");
    unlink(path);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keeps_what_a_field_may_be),
        TEST(runs_no_code_of_the_script),
        TEST(cuts_long_ones_between_characters),
        TEST(counts_what_does_not_fit),
        TEST(masks_secrets),
        TEST(a_csv_row_has_its_columns_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
