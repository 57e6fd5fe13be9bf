#include "json/json.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static bool is_json(const char *text, size_t len, struct error *err)
{
    struct json_value value;

    return json_parse(text, len, &value, err);
}

/* The check over a copy without a NUL behind it, so that the sanitizer sees a
 * read beyond the end. */
static bool check(const char *text, size_t len, struct error *err)
{
    char *exact = mem_alloc(len ? len : 1);

    assert_non_null(exact);
    memcpy(exact, text, len);
    bool ok = is_json(exact, len, err);
    mem_free(exact);
    return ok;
}

static void parse(const char *text, struct json_value *out)
{
    struct error err;

    if (!json_parse(text, strlen(text), out, &err))
        fail_msg("%s: %s", text, err.text);
}

static const char *const good[] = {
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-0.0",
    "10",
    "1.5",
    "1e1",
    "1E+1",
    "0e-1",
    "0.1e0009",
    "123456789012345678901234567890",
    "1e99999",
    "\"\"",
    "\"a\"",
    " \t\r\n1 \t\r\n",
    "[]",
    "[ ]",
    "{}",
    "{ }",
    "[1]",
    "[1,2 , 3]",
    "[[],{}]",
    "{\"a\":1}",
    "{\"a\" : 1 , \"a\":2}",
    "{\"\":0}",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
    "\"\\u0000\\u00e9\\uD834\\uDd1e\\uFFFF\"",
    "\"\x7F\"",
    "\"\xC2\x80\xDF\xBF\"",
    "\"\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF\"",
    "\"\xF0\x90\x80\x80\xF4\x8F\xBF\xBF\"",
    "\xEF\xBB\xBF{}",
};

static void test_accepts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        struct error err;
        if (!check(good[i], strlen(good[i]), &err))
            fail_msg("%s: %s", good[i], err.text);
    }
}

/* Each with the whole message. */
static const char *const bad[][2] = {
    {"", "line 1, column 1: the text ends where a value was expected"},
    {"\xEF\xBB\xBF", "line 1, column 2: the text ends where a value was "
                     "expected"},
    {"\xEF\xBB{}", "line 1, column 1: expected a value but found byte 0xEF"},
    {"{}\xEF\xBB\xBF",
        "line 1, column 3: expected the end of the text but found byte 0xEF"},
    {"<html>", "line 1, column 1: expected a value but found '<'"},
    {"nul", "line 1, column 1: expected a value but found 'n'"},
    {"nulls", "line 1, column 5: expected the end of a word but found 's'"},
    {"True", "line 1, column 1: expected a value but found 'T'"},
    {"NaN", "line 1, column 1: expected a value but found 'N'"},
    {"1 2", "line 1, column 3: expected the end of the text but found '2'"},
    {"{}}", "line 1, column 3: expected the end of the text but found '}'"},
    {"[1,\n 2,\n  x]", "line 3, column 3: expected a value but found 'x'"},
    {"[\"\xC3\xA9\xC3\xA9\" x]",
        "line 1, column 7: expected , or ] but found 'x'"},
    {"[1", "line 1, column 3: the text ends where , or ] was expected"},
    {"[", "line 1, column 2: the text ends where a value was expected"},
    {"[1,]", "line 1, column 4: expected a value but found ']'"},
    {"[,1]", "line 1, column 2: expected a value but found ','"},
    {"[1}", "line 1, column 3: expected , or ] but found '}'"},
    {"[1:2]", "line 1, column 3: expected , or ] but found ':'"},
    {"{\"a\":1", "line 1, column 7: the text ends where , or } was expected"},
    {"{\"a\":1]", "line 1, column 7: expected , or } but found ']'"},
    {"{\"a\":1,}",
        "line 1, column 8: expected a name in \"quotes\" but found '}'"},
    {"{a:1}", "line 1, column 2: expected a name in \"quotes\" but found 'a'"},
    {"{1:1}", "line 1, column 2: expected a name in \"quotes\" but found '1'"},
    {"{\"a\" 1}", "line 1, column 6: expected : but found '1'"},
    {"{\"a\"}", "line 1, column 5: expected : but found '}'"},
    {"{\"a\":}", "line 1, column 6: expected a value but found '}'"},
    {"01", "line 1, column 1: '01' is not a JSON number"},
    {"-", "line 1, column 1: '-' is not a JSON number"},
    {"-01", "line 1, column 1: '-01' is not a JSON number"},
    {"+1", "line 1, column 1: expected a value but found '+'"},
    {".5", "line 1, column 1: expected a value but found '.'"},
    {"1.", "line 1, column 1: '1.' is not a JSON number"},
    {"1.e1", "line 1, column 1: '1.e1' is not a JSON number"},
    {"1e", "line 1, column 1: '1e' is not a JSON number"},
    {"1e+", "line 1, column 1: '1e+' is not a JSON number"},
    {"0x10", "line 1, column 1: '0x10' is not a JSON number"},
    {"[-Infinity]", "line 1, column 2: '-Infinity' is not a JSON number"},
    {"1a", "line 1, column 1: '1a' is not a JSON number"},
    {"1.2.3", "line 1, column 1: '1.2.3' is not a JSON number"},
    {"00000000000000000000000000000000",
        "line 1, column 1: '000000000000000000000000' is not a JSON number"},
    {"[\"a", "line 1, column 2: a string that does not end"},
    {"\"", "line 1, column 1: a string that does not end"},
    {"\"\\", "line 1, column 2: an escape that JSON does not know"},
    {"\"\\\"", "line 1, column 1: a string that does not end"},
    {"'a'", "line 1, column 1: expected a value but found '''"},
    {"\"a\nb\"", "line 1, column 3: a control character (0x0A) in a string: "
                 "write \\u000A"},
    {"\"\x1F\"", "line 1, column 2: a control character (0x1F) in a string: "
                 "write \\u001F"},
    {"\"\\a\"", "line 1, column 2: an escape that JSON does not know"},
    {"\"\\u12\"", "line 1, column 2: \\u needs four hexadecimal digits"},
    {"\"\\u12G4\"", "line 1, column 2: \\u needs four hexadecimal digits"},
    {"\"\\u", "line 1, column 2: \\u needs four hexadecimal digits"},
    {"\"\\ud800\"", "line 1, column 2: \\ud800 is half of a surrogate pair"},
    {"\"\\udc00\"", "line 1, column 2: \\udc00 is half of a surrogate pair"},
    {"\"\\ud800\\u0041\"",
        "line 1, column 2: \\ud800 is half of a surrogate pair"},
    {"\"\\ud800\\ud800\"",
        "line 1, column 2: \\ud800 is half of a surrogate pair"},
    {"{\"\\udc00\":1}",
        "line 1, column 3: \\udc00 is half of a surrogate pair"},
    {"\"\x80\"", "line 1, column 2: not UTF-8 (byte 0x80)"},
    {"\"a\xC0\xAF\"", "line 1, column 3: not UTF-8 (byte 0xC0)"},
    {"\"\xC3\"", "line 1, column 2: not UTF-8 (byte 0xC3)"},
    {"\"\xC3", "line 1, column 2: not UTF-8 (byte 0xC3)"},
    {"\"\xE0\x9F\xBF\"", "line 1, column 2: not UTF-8 (byte 0xE0)"},
    {"\"\xE2\x82\"", "line 1, column 2: not UTF-8 (byte 0xE2)"},
    {"\"\xE2\x82x\"", "line 1, column 2: not UTF-8 (byte 0xE2)"},
    {"\"\xED\xA0\x80\"", "line 1, column 2: not UTF-8 (byte 0xED)"},
    {"\"\xF0\x8F\xBF\xBF\"", "line 1, column 2: not UTF-8 (byte 0xF0)"},
    {"\"\xF4\x90\x80\x80\"", "line 1, column 2: not UTF-8 (byte 0xF4)"},
    {"\"\xF5\x80\x80\x80\"", "line 1, column 2: not UTF-8 (byte 0xF5)"},
    {"\"\xFF\"", "line 1, column 2: not UTF-8 (byte 0xFF)"},
    {"[1]\f", "line 1, column 4: expected the end of the text but found byte "
              "0x0C"},
    {"[1 /* a */]", "line 1, column 4: expected , or ] but found '/'"},
};

static void test_refuses(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct error err = {0};
        if (check(bad[i][0], strlen(bad[i][0]), &err))
            fail_msg("accepted: %s", bad[i][0]);
        assert_string_equal(err.text, bad[i][1]);
    }
}

static void test_refuses_nul_bytes(void **state)
{
    struct error err;

    (void)state;
    assert_false(check("1\0", 2, &err));
    assert_false(check("\"\0\"", 3, &err));
    assert_false(check("\0[\0]", 4, &err));
}

/* No text that was cut short is taken for a whole one. */
static void test_refuses_every_beginning(void **state)
{
    static const char text[] =
        "{\"a\":[1.5e+3,true,null,\"\\ud83d\\ude00 \xF0\x9F\x98\x80\"]}";
    struct error err;

    (void)state;
    for (size_t len = 0; len < sizeof text - 1; len++)
        assert_false(check(text, len, &err));
    assert_true(check(text, sizeof text - 1, &err));
}

static char *repeat(const char *piece, size_t times, size_t *len)
{
    size_t n = strlen(piece);
    char *text = mem_alloc(n * times + 1);

    assert_non_null(text);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * n, piece, n);
    text[n * times] = '\0';
    *len = n * times;
    return text;
}

static bool check_nested(size_t opened, struct error *err)
{
    size_t len;
    char *text = repeat("[", opened * 2, &len);

    memset(text + opened, ']', opened);
    bool ok = check(text, len, err);
    mem_free(text);
    return ok;
}

static void test_depth(void **state)
{
    struct error err;
    size_t len;

    (void)state;
    assert_true(check_nested(500, &err));
    assert_true(check_nested(JSON_DEPTH_MAX, &err));
    assert_false(check_nested(JSON_DEPTH_MAX + 1, &err));
    assert_string_equal(
        err.text, "line 1, column 1001: nested deeper than 1000 levels");
    char *text = repeat("[{\"\":", 100000, &len);
    assert_false(check(text, len, &err));
    mem_free(text);
}

static void test_brackets_match_at_every_depth(void **state)
{
    char text[64];

    (void)state;
    for (unsigned kinds = 0; kinds < 1U << 9; kinds++) {
        struct error err;
        char *p = text;
        for (int i = 0; i < 9; i++)
            p += sprintf(p, "%s", kinds >> i & 1 ? "{\"\":" : "[");
        *p++ = '1';
        for (int i = 8; i >= 0; i--)
            *p++ = kinds >> i & 1 ? '}' : ']';
        assert_true(check(text, (size_t)(p - text), &err));
        p[-5] = p[-5] == '}' ? ']' : '}';
        assert_false(check(text, (size_t)(p - text), &err));
    }
}

/* Generous: what is quadratic takes hours. */
static void test_large_texts_in_time(void **state)
{
    static const char *const pieces[] = {
        "[1,", "\"", "\\\"", "\\ud83d\\ude00", "\xC3\xA9", "9", " ", "[],"};
    int64_t start = clock_thread_cpu_ms();
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT(pieces); i++) {
        size_t len;
        char *text =
            repeat(pieces[i], (16U << 20) / strlen(pieces[i]) - 1, &len);
        text[0] = i >= 2 && i <= 4 ? '"' : text[0];
        (void)is_json(text, len, &err);
        mem_free(text);
    }
    assert_true(clock_thread_cpu_ms() - start < 20000);
}

static void test_refuses_more_than_the_limit(void **state)
{
    struct error err;
    size_t len;
    char *text = repeat(" ", JSON_TEXT_MAX + 1, &len);

    (void)state;
    text[0] = '1';
    assert_true(is_json(text, JSON_TEXT_MAX, &err));
    assert_false(is_json(text, len, &err));
    assert_string_equal(err.text, "the text has 67108865 bytes, more than the "
                                  "64 MiB that are read");
    mem_free(text);
}

static void assert_slice(
    const struct json_value *v, enum json_type type, const char *text)
{
    assert_int_equal(v->type, type);
    assert_int_equal(v->len, strlen(text));
    assert_memory_equal(v->text, text, v->len);
}

static void test_parse_gives_the_value(void **state)
{
    static const struct {
        const char *text;
        enum json_type type;
        const char *slice;
    } rows[] = {
        {" null ", JSON_NULL, "null"},
        {"\ttrue", JSON_BOOL, "true"},
        {"-1.5 ", JSON_NUMBER, "-1.5"},
        {" \"a\\\"\" ", JSON_STRING, "\"a\\\"\""},
        {"\xEF\xBB\xBF [ 1, [2] ] ", JSON_ARRAY, "[ 1, [2] ]"},
        {" {\"a\":{}} ", JSON_OBJECT, "{\"a\":{}}"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_value v;
        parse(rows[i].text, &v);
        assert_slice(&v, rows[i].type, rows[i].slice);
    }
}

static void test_members(void **state)
{
    struct json_value object, v;

    (void)state;
    parse("{ \"pk\" : 1, \"c\\u006fde\": \"x\", \"in\": {\"pk\":2}, "
          "\"twice\":1, \"n\\u0000\": 4, \"tw\\u0069ce\":null, \"\":[ 5 ],"
          "\"\\ud83d\\ude00\":6, \"\xC3\xA9\":7, \"thrice\":1, \"thrice\":1, "
          "\"thrice\":1 }",
        &object);
    assert_true(json_member(&object, "pk", &v));
    assert_slice(&v, JSON_NUMBER, "1");
    assert_true(json_member(&object, "code", &v));
    assert_slice(&v, JSON_STRING, "\"x\"");
    assert_true(json_member(&object, "", &v));
    assert_slice(&v, JSON_ARRAY, "[ 5 ]");
    assert_true(json_member(&object, "\xF0\x9F\x98\x80", &v));
    assert_slice(&v, JSON_NUMBER, "6");
    assert_true(json_member(&object, "\xC3\xA9", &v));
    assert_slice(&v, JSON_NUMBER, "7");
    assert_true(json_member(&object, "twice", &v));
    assert_int_equal(v.type, JSON_TWICE);
    assert_true(json_member(&object, "thrice", &v));
    assert_int_equal(v.type, JSON_TWICE);
    assert_false(json_member(&object, "n", &v));
    assert_false(json_member(&object, "p", &v));
    assert_false(json_member(&object, "pkk", &v));
    assert_true(json_member(&object, "in", &v));
    assert_slice(&v, JSON_OBJECT, "{\"pk\":2}");
    object = v;
    assert_true(json_member(&object, "pk", &v));
    assert_slice(&v, JSON_NUMBER, "2");
}

static void test_members_of_what_has_none(void **state)
{
    static const char *const texts[] = {
        "[{\"pk\":1}]", "\"pk\"", "1", "null", "{}", "true"};
    struct json_value v, out;

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        parse(texts[i], &v);
        assert_false(json_member(&v, "pk", &out));
    }
    v = (struct json_value){.type = JSON_TWICE};
    assert_false(json_member(&v, "pk", &out));
}

/* One pass finds what two find, and refuses what they refuse. */
static void same_members(const char *text, size_t len)
{
    static const char *const names[] = {
        "pk", "code", "twice", "", "\xC3\xA9", "n", "in"};
    struct json_value value, member, out[COUNT(names)];
    struct error err, other;
    enum json_type type;
    bool ok = json_parse(text, len, &value, &err);

    assert_int_equal(
        json_parse_members(text, len, names, COUNT(names), out, &type, &other),
        ok);
    if (!ok) {
        assert_string_equal(err.text, other.text);
        return;
    }
    assert_int_equal(type, value.type);
    for (size_t i = 0; i < COUNT(names); i++) {
        if (!json_member(&value, names[i], &member))
            member = (struct json_value){0};
        assert_int_equal(out[i].type, member.type);
        assert_ptr_equal(out[i].text, member.text);
        assert_int_equal(out[i].len, member.len);
    }
}

static void test_members_in_one_pass(void **state)
{
    static const char *const texts[] = {
        "{\"pk\":1,\"c\\u006fde\":\"x\",\"in\":{\"pk\":2,\"code\":[]}}",
        "\xEF\xBB\xBF {\"twice\":1, \"tw\\u0069ce\":null, \"twice\":3}\n",
        "{\"\":[{}],\"\\u00e9\":7,\"n\\u0000\":4}", "{}", "[{\"pk\":1}]",
        "\"pk\"", "null", "[]", "{\"pk\":1}x", "{\"pk\":1,}", "{\"pk\"}"};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        for (size_t len = 0; len <= strlen(texts[i]); len++)
            same_members(texts[i], len);
}

static void test_iterates(void **state)
{
    struct json_value v, name, item;
    struct json_iter it;

    (void)state;
    parse("[1, [2,[3]], {\"a\":1}, \"]\"]", &v);
    json_iter_init(&it, &v);
    static const char *const items[] = {"1", "[2,[3]]", "{\"a\":1}", "\"]\""};
    for (size_t i = 0; i < COUNT(items); i++) {
        assert_true(json_iter_next(&it, &name, &item));
        assert_int_equal(name.type, JSON_NONE);
        assert_int_equal(item.len, strlen(items[i]));
        assert_memory_equal(item.text, items[i], item.len);
    }
    assert_false(json_iter_next(&it, NULL, &item));
    assert_false(json_iter_next(&it, NULL, &item));

    parse("{\"a\":{\"b\":[]},\"c\":0}", &v);
    json_iter_init(&it, &v);
    assert_true(json_iter_next(&it, &name, &item));
    assert_slice(&name, JSON_STRING, "\"a\"");
    assert_slice(&item, JSON_OBJECT, "{\"b\":[]}");
    assert_true(json_iter_next(&it, NULL, &item));
    assert_slice(&item, JSON_NUMBER, "0");
    assert_false(json_iter_next(&it, &name, &item));

    parse("12", &v);
    json_iter_init(&it, &v);
    assert_false(json_iter_next(&it, NULL, &item));
}

static void test_integers(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        int64_t value;
    } rows[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"46761", true, 46761},
        {"-46761", true, -46761},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"18446744073709551617", false, 0},
        {"10.0", false, 0},
        {"1e1", false, 0},
        {"\"1\"", false, 0},
        {"true", false, 0},
        {"[1]", false, 0},
        {"null", false, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_value v;
        int64_t n = 0;
        parse(rows[i].text, &v);
        assert_int_equal(json_integer(&v, &n), rows[i].ok);
        assert_true(n == rows[i].value);
    }
}

static bool double_of(const char *text, double *out)
{
    struct json_value v;

    parse(text, &v);
    return json_double(&v, out);
}

/* strtod is the judge. */
static void test_doubles(void **state)
{
    static const char *const texts[] = {"0", "-0", "-0.0e5", "0.001", "1.5",
        "-12.25e2", "1e308", "1.7976931348623157e308", "1e-400", "4.9e-324",
        "0.0000000000000000000000000000000000000000001e43",
        "100000000000000000000000000000000000000000000e-44", "9007199254740993",
        "9007199254740992.99999999999999999999999999",
        "1e-99999999999999999999999999", "0e99999999999999999999999999",
        "2.2250738585072011e-308", "1E0001"};
    double d;

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        double want = strtod(texts[i], NULL);
        assert_true(double_of(texts[i], &d));
        assert_memory_equal(&d, &want, sizeof d);
    }
    static const char *const large[] = {"1e309", "-1e309",
        "1.797693134862315808e308", "1e99999999999999999999999999",
        "0.001e312"};
    for (size_t i = 0; i < COUNT(large); i++)
        assert_false(double_of(large[i], &d));
    assert_false(double_of("\"1\"", &d));
}

/* 2^53 + 1 lies between two doubles; what follows a thousand digits on
 * decides. */
static void test_double_of_many_digits(void **state)
{
    char text[2000] = "9007199254740993.";
    double d;

    (void)state;
    memset(text + 17, '0', 1500);
    assert_true(double_of(text, &d));
    assert_true(d == 9007199254740992.0);
    text[1516] = '1';
    assert_true(double_of(text, &d));
    assert_true(d == 9007199254740994.0);
    memset(text, '9', 1000);
    assert_false(double_of(text, &d));
    memset(text, '0', 1990);
    memcpy(text, "0.", 2);
    memcpy(text + 1000, "125e1000", 9);
    assert_true(double_of(text, &d));
    assert_true(d == 12.5);
}

static void test_booleans(void **state)
{
    struct json_value v;
    bool b = false;

    (void)state;
    parse("true", &v);
    assert_true(json_bool(&v, &b) && b);
    parse("false", &v);
    assert_true(json_bool(&v, &b) && !b);
    parse("1", &v);
    assert_false(json_bool(&v, &b));
    parse("\"true\"", &v);
    assert_false(json_bool(&v, &b));
}

static void test_strings(void **state)
{
    static const struct {
        const char *text, *want;
        size_t len;
    } rows[] = {
        {"\"\"", "", 0},
        {"\"SO-1\\/10\"", "SO-1/10", 7},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8},
        {"\"a\\u0000b\"", "a\0b", 3},
        {"\"\\u007f\\u0080\\u07FF\\u0800\\uffff\"",
            "\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF", 11},
        {"\"x\\ud83d\\uDE00y\"", "x\xF0\x9F\x98\x80y", 6},
        {"\"\\uD800\\uDC00\\uDBFF\\uDFFF\"", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF",
            8},
        {"\"\xC4\xB0\"", "\xC4\xB0", 2},
        {"\"\\\\u0041\"", "\\u0041", 6},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_value v;
        struct buf out = {0};
        parse(rows[i].text, &v);
        assert_true(json_string(&v, &out));
        assert_int_equal(out.len, rows[i].len);
        assert_memory_equal(buf_text(&out), rows[i].want, out.len);
        buf_free(&out);
    }
}

static void test_string_of_something_else(void **state)
{
    struct json_value v;
    struct buf out = {0};

    (void)state;
    parse("12", &v);
    assert_true(buf_puts(&out, "kept"));
    assert_false(json_string(&v, &out));
    assert_string_equal(buf_text(&out), "kept");
    buf_free(&out);
    assert_false(json_is_text(&v, "12"));
    parse("\"1\\u0032\"", &v);
    assert_true(json_is_text(&v, "12"));
    assert_false(json_is_text(&v, "1"));
    assert_false(json_is_text(&v, "123"));
}

static void test_put_string(void **state)
{
    static const struct {
        const char *text;
        size_t len;
        const char *want;
    } rows[] = {
        {"", 0, "\"\""},
        {"a/b\"\\", 5, "\"a/b\\\"\\\\\""},
        {"\0\x01\x1F\x7F", 4, "\"\\u0000\\u0001\\u001F\x7F\""},
        {"\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\""},
        {"\xC5\x9F\xF0\x9F\x98\x80", 6, "\"\xC5\x9F\xF0\x9F\x98\x80\""},
        {"a\xFF\x80z", 4, "\"a\xEF\xBF\xBD\xEF\xBF\xBDz\""},
        {"\xC5", 1, "\"\xEF\xBF\xBD\""},
        {"\xED\xA0\x80", 3, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {"\xE2\x82\"", 3, "\"\xEF\xBF\xBD\xEF\xBF\xBD\\\"\""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf b = {0};
        assert_true(json_put_string(&b, rows[i].text, rows[i].len));
        assert_string_equal(buf_text(&b), rows[i].want);
        buf_free(&b);
    }
}

/* Whatever bytes go in, JSON comes out; and what is UTF-8 comes back. */
static void test_put_any_bytes(void **state)
{
    struct buf b = {0}, back = {0};
    uint64_t seed = seed_take(20251122);

    (void)state;
    for (int i = 0; i < 20000; i++) {
        char bytes[12];
        for (size_t j = 0; j < sizeof bytes; j++) {
            seed = seed * 6364136223846793005U + 1442695040888963407U;
            unsigned char c = (unsigned char)(seed >> 56);
            bytes[j] = (char)(seed >> 33 & 1 ? c : c & 0x7F);
        }
        struct json_value v;
        struct error err;
        buf_clear(&b);
        buf_clear(&back);
        assert_true(json_put_string(&b, bytes, sizeof bytes));
        assert_true(json_parse(b.data, b.len, &v, &err));
        assert_true(json_string(&v, &back));
        size_t at = utf8_valid(bytes, sizeof bytes);
        assert_memory_equal(back.data, bytes, at);
        assert_int_equal(back.len == at, at == sizeof bytes);
    }
    buf_free(&b);
    buf_free(&back);
}

static void test_put_members(void **state)
{
    struct buf b = {0};
    struct error err;

    (void)state;
    assert_true(buf_putc(&b, '{') &&
                json_put_member_text(&b, "code", "SO-1/\"10\"") &&
                json_put_member_text(&b, "message", NULL) &&
                json_put_member_null(&b, "pk") &&
                json_put_member_int(&b, "most", INT64_MAX) &&
                json_put_member_int(&b, "least", INT64_MIN) &&
                json_put_member_bool(&b, "yes", true) &&
                json_put_member_bool(&b, "n\xFF", false) &&
                json_put_name(&b, "list") && buf_putc(&b, '['));
    for (int i = 0; i < 3; i++)
        assert_true(json_put_comma(&b) && json_put_int(&b, i));
    assert_true(buf_puts(&b, "]}"));
    assert_string_equal(buf_text(&b),
        "{\"code\":\"SO-1/\\\"10\\\"\",\"message\":null,\"pk\":null,"
        "\"most\":9223372036854775807,\"least\":-9223372036854775808,"
        "\"yes\":true,\"n\xEF\xBF\xBD\":false,\"list\":[0,1,2]}");
    assert_true(is_json(b.data, b.len, &err));
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepts),
        cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_refuses_nul_bytes),
        cmocka_unit_test(test_refuses_every_beginning),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_brackets_match_at_every_depth),
        cmocka_unit_test(test_large_texts_in_time),
        cmocka_unit_test(test_refuses_more_than_the_limit),
        cmocka_unit_test(test_parse_gives_the_value),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_members_of_what_has_none),
        cmocka_unit_test(test_members_in_one_pass),
        cmocka_unit_test(test_iterates),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_doubles),
        cmocka_unit_test(test_double_of_many_digits),
        cmocka_unit_test(test_booleans),
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_string_of_something_else),
        cmocka_unit_test(test_put_string),
        cmocka_unit_test(test_put_any_bytes),
        cmocka_unit_test(test_put_members),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
