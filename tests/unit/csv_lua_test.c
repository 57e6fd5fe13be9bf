/* What a script sees of csv: the checks are in Lua, run by a plain state. */
#include "lua/modules.h"
#include "task/task.h"

#include <fcntl.h>
#include <lauxlib.h>
#include <lualib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

static char folder[] = "/tmp/csv_lua_test.XXXXXX";

/* put(name, text) writes a file that was last changed long ago. */
static int l_put(lua_State *L)
{
    size_t len;
    const char *name = luaL_checkstring(L, 1);
    const char *text = luaL_checklstring(L, 2, &len);
    const struct timespec old[2] = {
        {.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write(fd, text, len) == (ssize_t)len &&
              futimens(fd, old) == 0;

    if (fd >= 0)
        close(fd);
    return ok ? 0 : luaL_error(L, "cannot write %s", name);
}

/* descriptors() counts those that are open. */
static int l_descriptors(lua_State *L)
{
    int n = 0;

    for (int fd = 0; fd < 256; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    lua_pushinteger(L, n);
    return 1;
}

/* fails(message, f, ...) is for a call that raises just that, behind the
 * script's own name and line if there is one. */
static const char prelude[] =
    "function same(a, b)\n"
    "  if a ~= b or math.type(a) ~= math.type(b) then\n"
    "    error(('%s, not %s'):format(a, b), 2)\n"
    "  end\n"
    "end\n"
    "function fails(message, f, ...)\n"
    "  local ok, said = pcall(f, ...)\n"
    "  if ok then error('accepted, not: ' .. message, 2) end\n"
    "  said = said:gsub('^%[string [^]]*%]:%d+: ', '')\n"
    "  if said ~= message then\n"
    "    error(('said %s\\n not %s'):format(said, message), 2)\n"
    "  end\n"
    "end\n";

static int set_up(void **state)
{
    lua_State *L = luaL_newstate();

    assert_non_null(L);
    tasks_none(L);
    luaL_openlibs(L);
    luaL_requiref(L, "csv", luaopen_omnitron_csv, 1);
    lua_settop(L, 0);
    lua_register(L, "put", l_put);
    lua_register(L, "descriptors", l_descriptors);
    assert_int_equal(luaL_dostring(L, prelude), LUA_OK);
    *state = L;
    return 0;
}

static int tear_down(void **state)
{
    lua_close(*state);
    unlink("lines.csv");
    return 0;
}

static void run(lua_State *L, const char *script)
{
    if (luaL_dostring(L, script))
        fail_msg("%s\nin %s", lua_tostring(L, -1), script);
}

static void test_rows(void **state)
{
    run(*state, "put('lines.csv', 'id;code\\r\\n46761; SO-1/10\\r\\n\\r\\n"
                "\"46\\r\\n762\";\"\"\\r\\n')\n"
                "local seen = {}\n"
                "for row, at in csv.rows 'lines.csv' do\n"
                "  local cells = {}\n"
                "  for name, cell in pairs(row) do\n"
                "    cells[#cells + 1] = name .. '=' .. cell\n"
                "  end\n"
                "  table.sort(cells)\n"
                "  seen[#seen + 1] = at .. ' ' .. table.concat(cells, ' ')\n"
                "  same(row.id, cells[2]:sub(4))\n"
                "end\n"
                "same(#seen, 2)\n"
                "same(seen[1], 'lines.csv:2 code=SO-1/10 id=46761')\n"
                "same(seen[2], 'lines.csv:4 code= id=46\\r\\n762')\n"
                "same(select('#', csv.rows 'lines.csv'), 1)\n"
                "local reader = csv.rows{path = 'lines.csv'}\n"
                "reader() reader()\n"
                "same(select('#', reader()), 0)\n"
                "same(reader(), nil)\n"
                "same(reader:pull(), nil)\n");
}

static void test_options(void **state)
{
    run(*state,
        "put('lines.csv', 'id|ad, soyad\\n 1 |G\\xFCl\\xFE\\n')\n"
        "local o = {path = 'lines.csv', encoding = 'windows-1254',\n"
        "  separator = '|', trim = false}\n"
        "local row = csv.rows(o)()\n"
        "same(row.id, ' 1 ')\n"
        "same(row['ad, soyad'], 'Gülş')\n"
        "o.trim = true\n"
        "same(csv.rows(o)().id, '1')\n"
        "o.trim = 'no'\n"
        "fails('csv.rows: trim is true or false, not a string', csv.rows, o)\n"
        "o.trim, o.seperator = nil, ';'\n"
        "fails([[csv.rows: unknown option 'seperator' (known: "
        "encoding, header, path, quote, separator, skip, trim)]], csv.rows, "
        "o)\n"
        "fails([[csv.rows: unknown option '1' (known: encoding, header, "
        "path, quote, separator, skip, trim)]], csv.rows, {'lines.csv'})\n"
        "fails('csv.rows: path is missing', csv.rows, {trim = true})\n"
        "fails('csv.rows: path is a text, not a number', csv.rows,\n"
        "  {path = 1})\n"
        "fails('csv.rows: path has a NUL byte in it', csv.rows, 'a\\0b')\n"
        "for _, bad in ipairs{'', ';;', '\"', '\\n', '\\r', 'ş', '\\0'} do\n"
        "  local ok, said = pcall(csv.rows,\n"
        "    {path = 'lines.csv', separator = bad})\n"
        "  assert(not ok and said:find('separator', 1, true), bad)\n"
        "end\n"
        "fails([[bad argument #1 to 'rows' (path or table of options "
        "expected, got number)]], function() csv.rows(7) end)\n"
        "fails([[bad argument #2 to 'rows' (options go in with the path: "
        "csv.rows{ path = …, encoding = … })]],\n"
        "  function() csv.rows('lines.csv', {}) end)\n");
}

static void test_no_such_column(void **state)
{
    run(*state,
        "put('lines.csv', 'a,\"b\\n\",c\\n1,2,3\\n')\n"
        "local row = csv.rows 'lines.csv'()\n"
        "same(row['b\\n'], '2')\n"
        "fails([[lines.csv has no column 'foo' (it has: a, b\\n, c)]],\n"
        "  function() return row.foo end)\n"
        "fails([[lines.csv has no column '1' (it has: a, b\\n, c)]],\n"
        "  function() return row[1] end)\n"
        "same(rawget(row, 'foo'), nil)\n"
        "row.foo = 'mine'\n"
        "same(row.foo, 'mine')\n"
        "local names = {}\n"
        "for i = 1, 40 do names[i] = 'n' .. i end\n"
        "put('lines.csv', table.concat(names, ',') .. '\\n' ..\n"
        "  ('1,'):rep(39) .. '\\n')\n"
        "fails([[lines.csv has no column 'x' (it has: ]] ..\n"
        "  table.concat(names, ', ', 1, 30) .. ' and 10 more)',\n"
        "  function() return csv.rows 'lines.csv'().x end)\n");
}

static void test_bad_rows(void **state)
{
    run(*state,
        "put('lines.csv', 'a,b\\n1,2\\n3\\n4,5\\n\"6\"x,7\\n')\n"
        "local reader = csv.rows 'lines.csv'\n"
        "same(reader().a, '1')\n"
        "fails('lines.csv:3: 1 column, the header has 2', reader)\n"
        "same(reader().a, '4')\n"
        "reader = csv.rows 'lines.csv'\n"
        "local row, at = reader:pull()\n"
        "same(row.b, '2')\n"
        "same(at, 2)\n"
        "local none, where, what, message = reader:pull()\n"
        "same(none, false)\n"
        "same(where, 3)\n"
        "same(what, 'invalid')\n"
        "same(message, '1 column, the header has 2')\n"
        "same(reader:pull().a, '4')\n"
        "same(reader:prefix() .. select(2, reader:pull()), 'lines.csv:5')\n"
        "same(select('#', reader:pull()), 0)\n"
        "same(reader:unchanged(), true)\n"
        "local f <close> = io.open('lines.csv', 'w')\n"
        "f:write 'a,b\\n1,2' f:flush()\n"
        "reader = csv.rows 'lines.csv'\n"
        "none, where, what, message = reader:pull()\n"
        "same(none, false)\n"
        "same(where, 2)\n"
        "same(what, 'later')\n"
        "assert(message:find('^the last line has no line end'), message)\n"
        "same(reader:pull(), nil)\n"
        "f:write '3\\n' f:flush()\n"
        "local same_file, why = reader:unchanged()\n"
        "same(same_file, false)\n"
        "same(why, 'lines.csv grew from 7 to 9 bytes while it was read')\n");
}

static void test_files(void **state)
{
    run(*state,
        "local function first(path) return csv.rows(path)() end\n"
        "fails('cannot open no.csv: No such file or directory',\n"
        "  first, 'no.csv')\n"
        "fails('cannot open .: it is a folder, and a file is needed here', "
        "first, '.')\n"
        "put('lines.csv', '')\n"
        "fails('lines.csv has no header: its first line must name the "
        "columns', first, 'lines.csv')\n"
        "put('lines.csv', 'a,a\\n')\n"
        "fails('lines.csv:1: columns 1 and 2 have the same name, \"a\"',\n"
        "  first, 'lines.csv')\n"
        "put('lines.csv', 'a\\n')\n"
        "fails('cannot read lines.csv: unknown encoding \"latin5x\" (iconv -l "
        "lists them; a Turkish Windows writes \"windows-1254\")',\n"
        "  csv.rows, {path = 'lines.csv', encoding = 'latin5x'})\n");
}

static void test_close(void **state)
{
    run(*state, "put('lines.csv', 'a\\n1\\n2\\n')\n"
                "local before = descriptors()\n"
                "local reader = csv.rows 'lines.csv'\n"
                "same(descriptors(), before + 1)\n"
                "reader:close()\n"
                "reader:close()\n"
                "same(descriptors(), before)\n"
                "for _, name in ipairs{'pull', 'unchanged'} do\n"
                "  fails('this csv reader is closed', reader[name], reader)\n"
                "end\n"
                "fails('this csv reader is closed', reader)\n"
                "do\n"
                "  local r <close> = csv.rows 'lines.csv'\n"
                "  r()\n"
                "  same(descriptors(), before + 1)\n"
                "end\n"
                "same(descriptors(), before)\n"
                "for _ in csv.rows 'lines.csv' do break end\n"
                "same(descriptors(), before + 1)\n"
                "collectgarbage()\n"
                "same(descriptors(), before)\n"
                "for _ in csv.rows 'lines.csv' do end\n"
                "same(descriptors(), before)\n"
                "put('lines.csv', 'a,a\\n')\n"
                "pcall(csv.rows, 'lines.csv')\n"
                "same(descriptors(), before)\n"
                "assert(not pcall(reader.pull, io.stdout))\n");
}

static void test_table(void **state)
{
    run(*state,
        "put('lines.csv', 'code,city\\n6,Ankara\\n34,İstanbul\\n')\n"
        "local before = descriptors()\n"
        "local by = csv.table('lines.csv', 'code')\n"
        "same(descriptors(), before)\n"
        "same(by['34'].city, 'İstanbul')\n"
        "local n = 0\n"
        "for key, row in pairs(by) do n = n + 1 same(row.code, key) end\n"
        "same(n, 2)\n"
        "fails([[lines.csv has no code 'ANK']],\n"
        "  function() return by.ANK end)\n"
        "fails([[lines.csv has no code '34' (its keys are texts: tostring may "
        "help)]], function() return by[34] end)\n"
        "fails([[lines.csv has no column 'x' (it has: code, city)]],\n"
        "  function() return by['6'].x end)\n"
        "fails([[lines.csv has no column 'x' (it has: code, city)]],\n"
        "  csv.table, 'lines.csv', 'x')\n"
        "put('lines.csv', 'code,city\\n')\n"
        "same(next(csv.table('lines.csv', 'code')), nil)\n"
        "fails([[lines.csv has no column 'x' (it has: code, city)]],\n"
        "  csv.table, 'lines.csv', 'x')\n"
        "put('lines.csv', 'code,city\\n6,a\\n6,b\\n')\n"
        "fails([[lines.csv:3: a second code '6']],\n"
        "  csv.table, 'lines.csv', 'code')\n"
        "put('lines.csv', 'code,city\\n6,a\\n7\\n')\n"
        "fails('lines.csv:3: 1 column, the header has 2',\n"
        "  csv.table, 'lines.csv', 'code')\n"
        "put('lines.csv', 'code;city\\n6;\\xDDzmir\\n')\n"
        "same(csv.table({path = 'lines.csv', encoding = 'windows-1254'},\n"
        "  'code')['6'].city, 'İzmir')\n"
        "local f = io.open('lines.csv', 'w')\n"
        "f:write 'code,city\\n6,Ank' f:close()\n"
        "local ok, said = pcall(csv.table, 'lines.csv', 'code')\n"
        "assert(not ok and said:find 'lines.csv:2: the last line has no line "
        "end', said)\n");
}

static void test_number(void **state)
{
    run(*state,
        "same(csv.number('1,234.56'), 1234.56)\n"
        "same(csv.number('1.234,56', ','), 1234.56)\n"
        "same(csv.number(' -1.234 ', ','), -1234)\n"
        "same(csv.number('12.0'), 12)\n"
        "same(csv.number('12'), 12)\n"
        "same(csv.number('.5'), 0.5)\n"
        "same(csv.number('9223372036854775807'), math.maxinteger)\n"
        "same(csv.number('-9223372036854775808'), math.mininteger)\n"
        "fails([['9223372036854775808' has too many digits for a number]],\n"
        "  csv.number, '9223372036854775808')\n"
        "fails([['12,34' is not a number with the decimal point \".\"]],\n"
        "  csv.number, '12,34')\n"
        "fails([['1.5' is not a number with the decimal point \",\"]],\n"
        "  csv.number, '1.5', ',')\n"
        "fails([['a\\nb' is not a number with the decimal point \".\"]],\n"
        "  csv.number, 'a\\nb')\n"
        "fails([['' is not a number with the decimal point \".\"]],\n"
        "  csv.number, '')\n"
        "assert(not pcall(csv.number, 12))\n"
        "assert(not pcall(csv.number, nil))\n"
        "assert(not pcall(csv.number, '1', ';'))\n");
}

static int set_up_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int tear_down_folder(void **state)
{
    (void)state;
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_rows),
        TEST(test_options),
        TEST(test_no_such_column),
        TEST(test_bad_rows),
        TEST(test_files),
        TEST(test_close),
        TEST(test_table),
        TEST(test_number),
    };

    return cmocka_run_group_tests(tests, set_up_folder, tear_down_folder);
}
