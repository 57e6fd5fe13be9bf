#include "json/json_lua.h"

#include "base/clock.h"
#include "base/mem.h"
#include "lua/modules.h"
#include "seed.h"
#include "json/json.h"

#include <lauxlib.h>
#include <lualib.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define TEST(f)     cmocka_unit_test_setup_teardown(f, set_up, tear_down)

static int open_cjson(lua_State *L)
{
    json_lua_safe_cjson(L);
    return 1;
}

/* What the scripts below lean on: q turns ` into a quotation mark, same
 * compares, fails(message, f, ...) is for a call that raises just that. */
static const char prelude[] =
    "function q(s) return (s:gsub('`', '\"')) end\n"
    "function fails(message, f, ...)\n"
    "  local ok, said = pcall(f, ...)\n"
    "  if ok then error('accepted, not: ' .. message, 2) end\n"
    "  if said ~= q(message) then\n"
    "    error(('said %s\\n not %s'):format(said, q(message)), 2)\n"
    "  end\n"
    "end\n"
    "function same(a, b, kind)\n"
    "  if a ~= b or (kind and math.type(a) ~= kind) then\n"
    "    error(('%s (%s), not %s'):format(a, math.type(a), b), 2)\n"
    "  end\n"
    "end\n";

static int set_up(void **state)
{
    lua_State *L = luaL_newstate();

    assert_non_null(L);
    luaL_openlibs(L);
    luaL_requiref(L, "json", luaopen_omnitron_json, 1);
    luaL_requiref(L, "cjson", open_cjson, 1);
    lua_settop(L, 0);
    assert_int_equal(luaL_dostring(L, prelude), LUA_OK);
    *state = L;
    return 0;
}

static int tear_down(void **state)
{
    lua_close(*state);
    return 0;
}

static void run(lua_State *L, const char *script)
{
    if (luaL_dostring(L, script))
        fail_msg("%s\n%s", script, lua_tostring(L, -1));
    assert_int_equal(lua_gettop(L), 0);
}

static void test_numbers_come_in(void **state)
{
    run(*state,
        "local function number(text, want, kind)\n"
        "  same(json.decode(text), want, kind)\n"
        "  same(json.decode('[' .. text .. ']')[1], want, kind)\n"
        "  same(json.decode(q'{`a`:' .. text .. '}').a, want, kind)\n"
        "end\n"
        "number('0', 0, 'integer')\n"
        "number('46761', 46761, 'integer')\n"
        "number('10.0', 10, 'integer')\n"
        "number('1e1', 10, 'integer')\n"
        "number('-120e-1', -12, 'integer')\n"
        "number('1e18', 1000000000000000000, 'integer')\n"
        "number('999999999999999', 999999999999999, 'integer')\n"
        "number('-999999999999999', -999999999999999, 'integer')\n"
        "number('9999999999999999', 9999999999999999, 'integer')\n"
        "number('9007199254740993', 9007199254740993, 'integer')\n"
        "number('9223372036854775807', math.maxinteger, 'integer')\n"
        "number('-9223372036854775808', math.mininteger, 'integer')\n"
        "number('-9223372036854775808.0', math.mininteger, 'integer')\n"
        "number('9223372036854775808.0', 2.0^63, 'float')\n"
        "number('1e19', 1e19, 'float')\n"
        "number('1.5', 1.5, 'float')\n"
        "number('0.1', 0.1, 'float')\n"
        "number('1.7976931348623157e308', 1.7976931348623157e308, 'float')\n"
        "number('4.9e-324', 4.9e-324, 'float')\n"
        "number('1e-400', 0, 'integer')\n"
        "for _, text in ipairs{'-0', '-0.0', '-0e9', '-1e-400'} do\n"
        "  number(text, 0, 'float')\n"
        "  same(1 / json.decode(text), -math.huge)\n"
        "end\n");
}

static void test_numbers_go_out(void **state)
{
    run(*state, "local function number(value, want)\n"
                "  same(json.encode(value), want)\n"
                "  same(json.encode{value}, '[' .. want .. ']')\n"
                "  same(json.encode{a = value}, q'{`a`:' .. want .. '}')\n"
                "end\n"
                "number(0, '0')\n"
                "number(10.0, '10')\n"
                "number(-46761, '-46761')\n"
                "number(99999999999999, '99999999999999')\n"
                "number(100000000000000, '100000000000000')\n"
                "number(-100000000000000, '-100000000000000')\n"
                "number(math.maxinteger, '9223372036854775807')\n"
                "number(math.mininteger, '-9223372036854775808')\n"
                "number(2.0^53, '9007199254740992')\n"
                "number(2.0^60, '1152921504606846976')\n"
                "number(-2.0^63, '-9223372036854775808')\n"
                "number(2.0^63, '9.223372036854776e+18')\n"
                "number(1e300, '1e+300')\n"
                "number(12.5, '12.5')\n"
                "number(0.1, '0.1')\n"
                "number(0.1 + 0.2, '0.30000000000000004')\n"
                "number(1/3, '0.3333333333333333')\n"
                "number(-0.0, '-0.0')\n");
}

/* All kinds of doubles: each comes back equal. */
static double random_double(uint64_t *seed, int i)
{
    uint64_t bits;
    double d;

    do {
        *seed = *seed * 6364136223846793005U + 1442695040888963407U;
        bits = *seed >> 32;
        *seed = *seed * 6364136223846793005U + 1442695040888963407U;
        bits = bits << 32 | *seed >> 32;
        memcpy(&d, &bits, sizeof d);
    } while (!isfinite(d));
    if (i % 3 == 1)
        return (double)(int64_t)bits / 4096;
    if (i % 3 == 2)
        return (double)(int64_t)(bits >> 20) / 100;
    return d;
}

static int round_trip(lua_State *L)
{
    size_t len;

    json_lua_encode(L, 1);
    const char *text = lua_tolstring(L, -1, &len);
    json_lua_decode(L, text, len, 0);
    return 1;
}

enum { PER_TEXT = 1000, DOUBLES = 300000 };

static void test_doubles_survive(void **state)
{
    lua_State *L = *state;
    uint64_t seed = seed_take(46761);

    for (int done = 0; done < DOUBLES; done += PER_TEXT) {
        double sent[PER_TEXT];
        lua_pushcfunction(L, round_trip);
        lua_createtable(L, PER_TEXT, 0);
        for (int i = 0; i < PER_TEXT; i++) {
            sent[i] = random_double(&seed, i);
            lua_pushnumber(L, sent[i]);
            lua_rawseti(L, -2, i + 1);
        }
        lua_call(L, 1, 1);
        for (int i = 0; i < PER_TEXT; i++) {
            lua_rawgeti(L, -1, i + 1);
            lua_pushnumber(L, sent[i]);
            if (!lua_rawequal(L, -1, -2))
                fail_msg("%.17g came back as %s", sent[i],
                    luaL_tolstring(L, -2, NULL));
            lua_pop(L, 2);
        }
        lua_pop(L, 1);
    }
}

static void test_integers_survive(void **state)
{
    run(*state, "local x, sent = 46761, {}\n"
                "for i = 1, 20000 do\n"
                "  x = x * 6364136223846793005 + 1442695040888963407\n"
                "  sent[i] = x // (1 << i % 62)\n"
                "end\n"
                "local got = json.decode(json.encode(sent))\n"
                "same(#got, #sent)\n"
                "for i = 1, #sent do same(got[i], sent[i], 'integer') end\n");
}

static void test_texts_that_lua_cannot_hold(void **state)
{
    run(*state,
        "local function bad(text, message)\n"
        "  fails('bad JSON: line ' .. message, json.decode, q(text))\n"
        "end\n"
        "bad('9223372036854775808',\n"
        "  '1, column 1: 9223372036854775808 is an integer of more than 64 "
        "bits')\n"
        "bad('{`a`:\\n  -9223372036854775809}',\n"
        "  '2, column 3: -9223372036854775809 is an integer of more than 64 "
        "bits')\n"
        "bad('[1' .. ('0'):rep(60) .. ']', '1, column 2: 1' .. ('0'):rep(39) "
        "..\n"
        "  '... is an integer of more than 64 bits')\n"
        "bad('[0, 1e309]', '1, column 5: 1e309 is too large for a number')\n"
        "bad('-1E+9999', '1, column 1: -1E+9999 is too large for a number')\n"
        "bad(('9'):rep(400) .. '.0', '1, column 1: ' .. ('9'):rep(40) ..\n"
        "  '... is too large for a number')\n"
        "bad('[1,]', \"1, column 4: expected a value but found ']'\")\n"
        "bad('[1] x', \"1, column 5: expected the end of the text but found "
        "'x'\")\n"
        "bad('`\\xE7`', '1, column 2: not UTF-8 (byte 0xE7)')\n"
        "bad('`\\xFF1`', '1, column 2: not UTF-8 (byte 0xFF)')\n"
        "bad('[12345678901234567, `\\xFF1`]',\n"
        "  '1, column 22: not UTF-8 (byte 0xFF)')\n"
        "bad('`a\\0b`', '1, column 3: a control character (0x00) in a string: "
        "' ..\n"
        "  'write \\\\u0000')\n");
}

static void test_null(void **state)
{
    run(*state, "local text = q'{`a`:null,`b`:[null,{`c`:null}],`d`:1}'\n"
                "local v = json.decode(text)\n"
                "same(v.a, nil) same(next(v.b[2]), nil) same(v.d, 1)\n"
                "same(v.b[1], json.null) same(#v.b, 2)\n"
                "same(json.decode(text, {}).a, nil)\n"
                "same(json.decode(text, {keep_null = false}).a, nil)\n"
                "v = json.decode(text, {keep_null = true})\n"
                "same(v.a, json.null) same(v.b[2].c, json.null)\n"
                "same(json.decode 'null', json.null)\n"
                "same(json.decode(q'{`a`:1,`a`:null}').a, nil)\n"
                "same(json.encode(json.null), 'null')\n"
                "same(json.encode{json.null, json.null}, '[null,null]')\n"
                "same(json.null, cjson.null)\n");
}

static void test_many_nulls_leave_the_rest(void **state)
{
    run(*state,
        "local parts = {}\n"
        "for i = 1, 5000 do\n"
        "  parts[i] = q'`k%d`:%s':format(i, i % 3 == 0 and i or 'null')\n"
        "end\n"
        "local v, n = json.decode('{' .. table.concat(parts, ',') .. '}'), 0\n"
        "for k, x in pairs(v) do n = n + 1 same(k, 'k' .. x) end\n"
        "same(n, 1666)\n");
}

static void test_empty_lists(void **state)
{
    run(*state,
        "for _, text in ipairs{'[]', '{}', '[[],{},[[]]]', '{`a`:[]}',\n"
        "    '{`a`:{}}', '[`[]`]', '[[],12345678901234567]'} do\n"
        "  same(json.encode(json.decode(q(text))), q(text))\n"
        "end\n"
        "same(json.encode(json.decode '[ \\n]'), '[]')\n"
        "same(json.encode{}, '{}')\n"
        "same(json.encode(json.array()), '[]')\n"
        "same(json.encode(json.array(nil)), '[]')\n"
        "same(json.encode{a = json.array{}}, q'{`a`:[]}')\n"
        "local t = {1, 2}\n"
        "same(json.array(t), t) same(json.array(t), t)\n"
        "same(json.encode(t), '[1,2]')\n"
        "t[1], t[2] = nil\n"
        "same(json.encode(t), '[]')\n"
        "local d = json.decode '[]'\n"
        "d[1] = 'x'\n"
        "same(json.encode(d), q'[`x`]')\n"
        "fails('json.array: the table has a metatable of its own; copy its ' "
        "..\n"
        "  'items into a new table', json.array, setmetatable({}, {}))\n");
}

static void test_strings(void **state)
{
    run(*state,
        "local function text(value, want)\n"
        "  want = q(want)\n"
        "  same(json.encode(value), want)\n"
        "  same(json.decode(want), value)\n"
        "  same(json.encode{[value] = 0.1 + 0.2, [value .. '/'] = nil},\n"
        "    '{' .. want .. ':0.30000000000000004}')\n"
        "  same(json.encode{value, math.maxinteger, value},\n"
        "    '[' .. want .. ',9223372036854775807,' .. want .. ']')\n"
        "  same(json.decode('{' .. want .. ':1}')[value], 1)\n"
        "  same(json.decode('[' .. want .. ',12345678901234567]')[1], value)\n"
        "end\n"
        "text('', '``')\n"
        "text('/', '`/`')\n"
        "text('SO-1/10', '`SO-1/10`')\n"
        "text(q'a\\\\/`b', '`a\\\\\\\\/\\\\`b`')\n"
        "text('\\\\\\\\//', '`\\\\\\\\\\\\\\\\//`')\n"
        "text('\\\\/', '`\\\\\\\\/`')\n"
        "text('a\\0b\\n\\x7F', '`a\\\\u0000b\\\\n\\\\u007f`')\n"
        "text('\\u{15F}\\u{1F600}\\u{FFFF}', '`\\u{15F}\\u{1F600}\\u{FFFF}`')\n"
        "same(json.decode(q'`\\\\ud83d\\\\ude00\\\\/`'), '\\u{1F600}/')\n"
        "same(json.decode('\\u{FEFF}[1]')[1], 1)\n");
}

static void test_what_cannot_be_written(void **state)
{
    run(*state,
        "local function bad(value, message) fails(message, json.encode, value) "
        "end\n"
        "bad(0/0, 'not a number (nan)')\n"
        "bad({items = {1, 2, {price = 0/0}}}, 'items[3].price: not a number "
        "(nan)')\n"
        "bad({1/0}, '[1]: not a finite number (inf)')\n"
        "bad({a = -1/0}, 'a: not a finite number (-inf)')\n"
        "bad({['two words'] = {f = print}},\n"
        "  '[`two words`].f: a function cannot be written')\n"
        "bad({[''] = print}, '[``]: a function cannot be written')\n"
        "bad({['a\\n'] = print}, '[`a?`]: a function cannot be written')\n"
        "bad({['sipari\\u{15F}'] = print},\n"
        "  'sipari\\u{15F}: a function cannot be written')\n"
        "bad({[('x'):rep(47) .. '\\u{15F}z'] = print},\n"
        "  '[`' .. ('x'):rep(47) .. '...`]: a function cannot be written')\n"
        "bad({coroutine.create(print)}, '[1]: a thread cannot be written')\n"
        "bad(io.stdout, 'a userdata cannot be written')\n"
        "bad(nil, 'nil cannot be written: json.null can')\n"
        "bad({a = '\\xE7'}, 'a: not UTF-8 text (byte 0xE7 at position 1)')\n"
        "bad({'ab\\xED\\xA0\\x80'}, '[1]: not UTF-8 text (byte 0xED at "
        "position 3)')\n"
        "bad({'\\xFF1'}, '[1]: not UTF-8 text (byte 0xFF at position 1)')\n"
        "bad({a = {['\\xE7'] = 1}}, 'a: a name that is not UTF-8 text')\n"
        "bad({a = {1, nil, 3}}, 'a: a list with holes: item 2 is missing ' ..\n"
        "  '(json.null can stand there)')\n"
        "bad({[46761] = 1}, 'a list with holes: item 1 is missing ' ..\n"
        "  '(json.null can stand there)')\n"
        "bad({a = {1, 2, x = 3}}, 'a: both a list and names in one table')\n"
        "bad({[0] = 1}, 'lists begin at 1, this one has position 0')\n"
        "bad({[1.5] = 1}, 'a key that is a number: only names and list ' ..\n"
        "  'positions can be written')\n"
        "bad({[true] = 1}, 'a key that is a boolean: only names and list ' ..\n"
        "  'positions can be written')\n"
        "local m = json.array()\n"
        "m.x = 1\n"
        "bad({m = m}, 'm: marked with json.array, but it has names')\n");
}

static void test_errors_name_the_script(void **state)
{
    run(*state, "local f = load('local v = ... return (json.encode(v)), 1', "
                "'=rules.lua')\n"
                "fails('rules.lua:1: a: not a number (nan)', f, {a = 0/0})\n"
                "f = load('\\nlocal v = ... return (json.decode(v)), 1', "
                "'=rules.lua')\n"
                "fails(\"rules.lua:2: bad JSON: line 1, column 1: expected a "
                "value but \" ..\n"
                "  \"found '<'\", f, '<html>')\n");
}

static void test_arguments(void **state)
{
    run(*state,
        "fails(\"bad argument #1 to 'json.decode' (string expected, got "
        "number)\",\n"
        "  json.decode, 12)\n"
        "fails(\"bad argument #1 to 'json.decode' (string expected, got "
        "nil)\",\n"
        "  json.decode, nil)\n"
        "fails(\"bad argument #2 to 'json.decode' (unknown option 'keepnull'; "
        "\" ..\n"
        "  \"there is: keep_null)\", json.decode, '1', {keepnull = true})\n"
        "fails(\"bad argument #2 to 'json.decode' (unknown option '1'; \" ..\n"
        "  \"there is: keep_null)\", json.decode, '1', {true})\n"
        "fails(\"bad argument #2 to 'json.decode' (keep_null is true or "
        "false)\",\n"
        "  json.decode, '1', {keep_null = 1})\n"
        "fails(\"bad argument #2 to 'json.decode' (table expected, got "
        "boolean)\",\n"
        "  json.decode, '1', true)\n"
        "fails(\"bad argument #1 to 'json.encode' (value expected)\", "
        "json.encode)\n"
        "fails(\"bad argument #1 to 'json.array' (table expected, got "
        "number)\",\n"
        "  json.array, 1)\n");
}

static void test_depth(void **state)
{
    run(*state,
        "local function nested(n) return ('['):rep(n) .. (']'):rep(n) end\n"
        "for _, n in ipairs{500, 1000} do\n"
        "  same(json.encode(json.decode(nested(n))), nested(n))\n"
        "end\n"
        "fails('bad JSON: line 1, column 1001: nested deeper than 1000 "
        "levels',\n"
        "  json.decode, nested(1001))\n"
        "fails('bad JSON: line 1, column 1001: nested deeper than 1000 "
        "levels',\n"
        "  json.decode, ('['):rep(100000))\n"
        "local deep = json.decode(('{`a`:'):gsub('`', '\"'):rep(1000) .. '0.1' "
        "..\n"
        "  ('}'):rep(1000))\n"
        "same(json.decode(json.encode(deep)) ~= nil, true)\n"
        "local ok, said = pcall(json.encode, {json.decode(nested(1000))})\n"
        "same(said:match(': (.*)'),\n"
        "  'nested deeper than 1000 levels (is a table inside itself?)')\n"
        "local t = {}\n"
        "t.t = t\n"
        "ok, said = pcall(json.encode, t)\n"
        "same(ok, false)\n"
        "same(said:match('^(.-)t%.t'), '....')\n"
        "same(said:match(': (.*)'),\n"
        "  'nested deeper than 1000 levels (is a table inside itself?)')\n");
}

static void test_tables_are_not_written_to(void **state)
{
    run(*state,
        "local inner = {0.1 + 0.2, json.array(), 'x'}\n"
        "local t = {a = inner, b = 2^60 | 1, c = {d = {}}, list = {1, inner, "
        "3}}\n"
        "local one = json.decode(json.encode(t))\n"
        "same(t.a, inner) same(t.b, 2^60 | 1) same(t.list[2], inner)\n"
        "same(inner[1], 0.1 + 0.2) same(#inner[2], 0) same(inner[3], 'x')\n"
        "same(one.list[2][1], 0.1 + 0.2) same(one.list[3], 3)\n"
        "same(one.b, 2^60 | 1) same(one.a[3], 'x')\n"
        "same(json.encode{1, 2, 0.1 + 0.2, 4, 5}, "
        "'[1,2,0.30000000000000004,4,5]')\n"
        "local proxy = setmetatable({a = 1}, {\n"
        "  __index = error, __pairs = error, __len = error, __newindex = "
        "error})\n"
        "same(json.encode(proxy), q'{`a`:1}')\n"
        "same(json.encode(setmetatable({2^60 | 1}, getmetatable(proxy))),\n"
        "  '[1152921504606846977]')\n");
}

static void test_sizes(void **state)
{
    run(*state, "local s = ('x'):rep(30 << 20)\n"
                "fails('[3]: the text would be longer than 64 MiB', "
                "json.encode, {s, s, s})\n"
                "same(#json.encode{s, s}, (60 << 20) + 7)\n"
                "fails('the text would be longer than 64 MiB', json.encode,\n"
                "  ('\\1'):rep(12 << 20))\n"
                "same(json.decode(q'`' .. s .. q'`') == s, true)\n"
                "fails('bad JSON: the text has 67108865 bytes, more than the "
                "64 MiB that ' ..\n"
                "  'are read', json.decode, (' '):rep((64 << 20) + 1))\n"
                "local t = {('x'):rep(1000)}\n"
                "for i = 1, 60 do t = {t, t, t, t, t, t, t, t} end\n"
                "same(pcall(json.encode, t), false)\n"
                "same(pcall(cjson.encode, t), false)\n");
}

static void test_finalizers_may_use_json(void **state)
{
    run(*state,
        "collectgarbage('generational')\n"
        "local n = 0\n"
        "local function litter()\n"
        "  setmetatable({}, {__gc = function()\n"
        "    n = n + 1\n"
        "    assert(json.encode(json.decode '[0.1,[],12345678901234567]') ==\n"
        "      '[0.1,[],12345678901234567]')\n"
        "    pcall(json.decode, '[')\n"
        "    pcall(cjson.decode, '[')\n"
        "  end})\n"
        "end\n"
        "local text = '[' .. ('[0.30000000000000004,[]],'):rep(20) .. '1]'\n"
        "for i = 1, 3000 do\n"
        "  litter()\n"
        "  same(json.encode(json.decode(text)), text)\n"
        "  same(#cjson.decode(text), 21)\n"
        "end\n"
        "collectgarbage()\n"
        "same(n > 1000, true)\n");
}

static void test_cjson_for_scripts(void **state)
{
    run(*state,
        "for _, name in ipairs{'encode_max_depth', 'decode_max_depth',\n"
        "    'encode_keep_buffer', 'encode_sparse_array'} do\n"
        "  same(cjson[name], nil)\n"
        "  same(cjson.new()[name], nil)\n"
        "end\n"
        "same(cjson.encode{1.5, 'a/b'}, q'[1.5,`a\\\\/b`]')\n"
        "same(cjson.decode('[10]')[1], 10, 'integer')\n"
        "same(cjson.decode(q'{`a`:[{`b`:10.0}]}').a[1].b, 10, 'integer')\n"
        "same(cjson.decode('[1.5]')[1], 1.5, 'float')\n"
        "same(cjson.decode('[1e300]')[1], 1e300, 'float')\n"
        "same(cjson.decode('7'), 7, 'integer')\n"
        "same(cjson.decode(q'{`a`:null}').a, cjson.null)\n"
        "fails('Expected value but found invalid token at character 2',\n"
        "  cjson.decode, '[x')\n"
        "fails(\"bad argument #1 to 'cjson.decode' (more than 64 MiB)\",\n"
        "  cjson.decode, (' '):rep((64 << 20) + 1))\n"
        "local s = ('x'):rep(30 << 20)\n"
        "fails(\"bad argument #1 to 'cjson.encode' (more than 64 MiB of "
        "text)\",\n"
        "  cjson.encode, {s, s, s})\n"
        "local t = {}\n"
        "t.t = t\n"
        "fails('Cannot serialise, excessive nesting (1001)', cjson.encode, t)\n"
        "same(pcall(cjson.encode, {[1 << 40] = 1}), true)\n"
        "same(pcall(cjson.encode, {[1e6] = 1}), false)\n");
}

static void test_instances_are_apart(void **state)
{
    run(*state, "local other = cjson.new()\n"
                "cjson.encode_number_precision(3)\n"
                "cjson.decode_invalid_numbers(true)\n"
                "cjson.encode_invalid_numbers(true)\n"
                "same(cjson.encode{1.23456}, '[1.23]')\n"
                "same(other.encode{1.23456}, '[1.23456]')\n"
                "same(json.encode{1.23456}, '[1.23456]')\n"
                "same(pcall(json.decode, '[NaN]'), false)\n"
                "same(pcall(json.encode, {0/0}), false)\n");
}

static bool is_json(const char *text, size_t len, struct error *err)
{
    struct json_value value;

    return json_parse(text, len, &value, err);
}

/* The C half alone knows nothing of numbers' sizes: what each accepts of the
 * texts on which RFC 8259 leaves a choice, and why. */
static const struct {
    const char *text;
    bool checked, decoded;
    const char *why;
} choices[] = {
    {"[1e400]", true, false, "would be infinite"},
    {"[-1e400]", true, false, "would be infinite"},
    {"[0.4e00669999999999999999999999999999]", true, false, "the same"},
    {"[123.456e-789]", true, true, "the nearest double is 0"},
    {"[123123e-10000000]", true, true, "the nearest double is 0"},
    {"[100000000000000000000]", true, false, "more than 64 bits"},
    {"[-123123123123123123123123123123]", true, false, "more than 64 bits"},
    {"[\"\\uDADA\"]", false, false, "half a pair has no UTF-8"},
    {"[\"\\uD888\\u1234\"]", false, false, "half a pair has no UTF-8"},
    {"[\"\\uDd1e\\uD834\"]", false, false, "two halves, the wrong way"},
    {"{\"\\uDFAA\":0}", false, false, "half a pair, in a name"},
    {"[\"\xED\xA0\x80\"]", false, false, "a surrogate in UTF-8"},
    {"[\"\xE9\"]", false, false, "Latin-1: the sender must convert"},
    {"[\"\xC0\xAF\"]", false, false, "overlong"},
    {"[\"\xF4\xBF\xBF\xBF\"]", false, false, "beyond Unicode"},
    {"\xFF\xFE[1]", false, false, "UTF-16"},
    {"\xEF\xBB\xBF{}", true, true, "a mark that .NET puts there; ignored"},
    {"{\"a\":1,\"a\":2}", true, true, "the last one counts in Lua"},
};

static void test_choices(void **state)
{
    lua_State *L = *state;

    for (size_t i = 0; i < COUNT(choices); i++) {
        const char *text = choices[i].text;
        struct error err;
        bool checked = is_json(text, strlen(text), &err);
        bool decoded = json_lua_try_decode(L, text, strlen(text), 0, &err);
        assert_int_equal(lua_gettop(L), decoded);
        lua_settop(L, 0);
        if (checked != choices[i].checked || decoded != choices[i].decoded)
            fail_msg("%s: %s", text, choices[i].why);
    }
}

/* The C functions, on a stack that holds other things. */
static void test_c_functions(void **state)
{
    lua_State *L = *state;
    struct error err;

    lua_pushliteral(L, "below");
    assert_true(json_lua_try_decode(L, "[1,[]]x", 6, 0, &err));
    assert_int_equal(lua_gettop(L), 2);
    json_lua_encode(L, -1);
    assert_string_equal(lua_tostring(L, -1), "[1,[]]");
    assert_int_equal(lua_gettop(L), 3);
    json_lua_encode(L, 1);
    assert_string_equal(lua_tostring(L, -1), "\"below\"");
    assert_false(json_lua_try_decode(L, "[1234567890123456789,", 21, 0, &err));
    assert_string_equal(err.text,
        "line 1, column 22: the text ends where a value was expected");
    assert_int_equal(lua_gettop(L), 4);
    lua_newtable(L);
    json_lua_mark_array(L, -1);
    json_lua_encode(L, -1);
    assert_string_equal(lua_tostring(L, -1), "[]");
    json_lua_push_null(L);
    json_lua_encode(L, -1);
    assert_string_equal(lua_tostring(L, -1), "null");
    lua_settop(L, 0);
}

/* Generous: what is quadratic takes hours. */
static void test_large_texts_in_time(void **state)
{
    static const char script[] =
        "local function large(piece, first, last)\n"
        "  local n = (2 << 20) // #piece\n"
        "  local text = q(first .. piece:rep(n) .. last)\n"
        "  local v = json.decode(text)\n"
        "  same(json.encode(v):sub(1, 9), text:sub(1, 9))\n"
        "end\n"
        "large('12345678901234567,', '[', '1]')\n"
        "large('[],', '[', '1]')\n"
        "large('0.1,', '[', '1]')\n"
        "large('x', '`', '`')\n"
        "large('/', '`', '`')\n"
        "large('{`a`:[null]},', '[', '1]')\n"
        "pcall(json.decode, ('[1,'):rep(16 << 20))\n"
        "pcall(json.decode, ('9'):rep(16 << 20))\n"
        "json.decode('0.' .. ('9'):rep(16 << 20))\n"
        "json.decode('[' .. (' '):rep(16 << 20) .. ']')\n";
    int64_t start = clock_thread_cpu_ms();

    run(*state, script);
    assert_true(clock_thread_cpu_ms() - start < 60000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_numbers_come_in),
        TEST(test_numbers_go_out),
        TEST(test_doubles_survive),
        TEST(test_integers_survive),
        TEST(test_texts_that_lua_cannot_hold),
        TEST(test_null),
        TEST(test_many_nulls_leave_the_rest),
        TEST(test_empty_lists),
        TEST(test_strings),
        TEST(test_what_cannot_be_written),
        TEST(test_errors_name_the_script),
        TEST(test_arguments),
        TEST(test_depth),
        TEST(test_tables_are_not_written_to),
        TEST(test_sizes),
        TEST(test_finalizers_may_use_json),
        TEST(test_cjson_for_scripts),
        TEST(test_instances_are_apart),
        TEST(test_choices),
        TEST(test_c_functions),
        TEST(test_large_texts_in_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
