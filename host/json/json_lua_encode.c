#include "json/json_lua.h"

#include "base/utf8.h"
#include "json/json.h"
#include "json/json_lua_cjson.h"
#include "json/json_lua_mark.h"
#include "json/json_lua_place.h"

#include <lauxlib.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CJSON_DIGITS = 14,  // so many are written by lua-cjson
    DOUBLE_DIGITS = 17, // so many tell every double from every other
};

#define CJSON_WHOLE 100000000000000 // 10^14: below it cjson writes all digits

/* Encoding, before lua-cjson. As in decoding, the value on top is replaced by
 * another where that is needed; the caller's tables are never written to, a
 * table with a replaced value is replaced by a copy. */
struct writer {
    lua_State *L;
    size_t bytes; // the text has at least so many
    int depth;
};

static bool write_value(struct writer *w, const struct json_lua_place *at);

static void write_count(
    struct writer *w, const struct json_lua_place *at, size_t bytes)
{
    w->bytes += bytes;
    if (w->bytes > JSON_TEXT_MAX)
        json_lua_place_refuse(w->L, at, "the text would be longer than %d MiB",
            JSON_TEXT_MAX >> 20);
}

static bool write_string(struct writer *w, const struct json_lua_place *at)
{
    size_t len;
    const char *s = lua_tolstring(w->L, -1, &len);

    write_count(w, at, len + 1);
    size_t good = utf8_valid(s, len);
    if (good < len)
        json_lua_place_refuse(w->L, at,
            "not UTF-8 text (byte 0x%02X at position %zu)",
            (unsigned char)s[good], good + 1);
    return false;
}

static bool replace_by_mark(lua_State *L, const char *text)
{
    lua_pop(L, 1);
    lua_pushfstring(L, MARK "%s", text);
    return true;
}

static bool write_integer(lua_State *L, lua_Integer i)
{
    char text[32];

    if (i > -CJSON_WHOLE && i < CJSON_WHOLE)
        return false;
    snprintf(text, sizeof text, LUA_INTEGER_FMT, i);
    return replace_by_mark(L, text);
}

/* The fewest digits that read as the same double. */
static int shortest(lua_Number n, char *text, size_t size)
{
    int digits = CJSON_DIGITS;

    snprintf(text, size, "%.*g", digits, n);
    while (digits < DOUBLE_DIGITS && strtod(text, NULL) != n)
        snprintf(text, size, "%.*g", ++digits, n);
    return digits;
}

static bool write_number(struct writer *w, const struct json_lua_place *at)
{
    lua_Number n = lua_tonumber(w->L, -1);
    lua_Integer whole;
    char text[40];

    if (lua_isinteger(w->L, -1))
        return write_integer(w->L, lua_tointeger(w->L, -1));
    if (isnan(n))
        json_lua_place_refuse(w->L, at, "not a number (nan)");
    if (isinf(n))
        json_lua_place_refuse(
            w->L, at, "not a finite number (%sinf)", n < 0 ? "-" : "");
    if (n == 0 && signbit(n))
        return replace_by_mark(w->L, "-0.0");
    if (n == floor(n) && lua_numbertointeger(n, &whole))
        return write_integer(w->L, whole);
    if (shortest(n, text, sizeof text) == CJSON_DIGITS)
        return false;
    return replace_by_mark(w->L, text);
}

/* What the keys of a table say it is. */
struct shape {
    lua_Integer items; // positions, the largest of them
    lua_Integer last;
    bool names;
};

static void shape_key(
    lua_State *L, const struct json_lua_place *at, struct shape *shape)
{
    if (lua_type(L, -2) == LUA_TSTRING) {
        shape->names = true;
    } else if (lua_isinteger(L, -2)) {
        lua_Integer i = lua_tointeger(L, -2);
        if (i < 1)
            json_lua_place_refuse(L, at,
                "lists begin at 1, this one has position " LUA_INTEGER_FMT, i);
        shape->items++;
        shape->last = i > shape->last ? i : shape->last;
    } else {
        json_lua_place_refuse(L, at,
            "a key that is a %s: only names and list positions "
            "can be written",
            luaL_typename(L, -2));
    }
}

static void refuse_hole(lua_State *L, const struct json_lua_place *at)
{
    lua_Integer i = 1;

    while (lua_rawgeti(L, -1, i) != LUA_TNIL) {
        lua_pop(L, 1);
        i++;
    }
    json_lua_place_refuse(L, at,
        "a list with holes: item " LUA_INTEGER_FMT
        " is missing (json.null can stand there)",
        i);
}

static struct shape shape_of(lua_State *L, const struct json_lua_place *at)
{
    struct shape shape = {0};

    lua_pushnil(L);
    while (lua_next(L, -2)) {
        shape_key(L, at, &shape);
        lua_pop(L, 1);
    }
    if (shape.names && shape.items)
        json_lua_place_refuse(L, at, "both a list and names in one table");
    if (shape.names && json_lua_is_array(L, -1))
        json_lua_place_refuse(
            L, at, "marked with json.array, but it has names");
    if (shape.items != shape.last)
        refuse_hole(L, at);
    return shape;
}

/* Pushes a copy of the table at `from`. */
static void push_copy(lua_State *L, int from, lua_Integer items)
{
    lua_createtable(L, items < 1 << 24 ? (int)items : 0, 0);
    lua_pushnil(L);
    while (lua_next(L, from)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
    }
}

/* The value on top goes into the copy of `table` in the slot above it, under
 * the key below the value; both leave the stack but for the key. */
static void put_replaced(lua_State *L, int table, lua_Integer items)
{
    if (lua_isnil(L, table + 1)) {
        push_copy(L, table, items);
        lua_replace(L, table + 1);
    }
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, table + 1);
}

static void write_list(struct writer *w, const struct json_lua_place *at,
    int table, lua_Integer items)
{
    lua_State *L = w->L;
    struct json_lua_place item = {.around = at};

    for (lua_Integer i = 1; i <= items; i++) {
        item.position = i;
        lua_pushinteger(L, i);
        lua_rawgeti(L, table, i);
        if (write_value(w, &item))
            put_replaced(L, table, items);
        else
            lua_pop(L, 1);
        lua_pop(L, 1);
    }
}

static void write_object(
    struct writer *w, const struct json_lua_place *at, int table)
{
    lua_State *L = w->L;
    struct json_lua_place member = {.around = at};

    lua_pushnil(L);
    while (lua_next(L, table)) {
        if (lua_type(L, -2) != LUA_TSTRING) // a finalizer changed it meanwhile
            json_lua_place_refuse(L, at, "both a list and names in one table");
        member.name = lua_tolstring(L, -2, &member.name_len);
        write_count(w, at, member.name_len + 3);
        if (utf8_valid(member.name, member.name_len) < member.name_len)
            json_lua_place_refuse(L, at, "a name that is not UTF-8 text");
        if (write_value(w, &member))
            put_replaced(L, table, 0);
        else
            lua_pop(L, 1);
    }
}

static bool write_table(struct writer *w, const struct json_lua_place *at)
{
    lua_State *L = w->L;

    luaL_checkstack(L, 12, "json.encode");
    if (++w->depth > JSON_DEPTH_MAX)
        json_lua_place_refuse(L, at,
            "nested deeper than %d levels (is a table inside "
            "itself?)",
            JSON_DEPTH_MAX);
    struct shape shape = shape_of(L, at);
    bool replaced = false;
    if (!shape.items && !shape.names) {
        replaced = json_lua_is_array(L, -1) && replace_by_mark(L, "[]");
    } else {
        int table = lua_gettop(L);
        lua_pushnil(L);
        if (shape.names)
            write_object(w, at, table);
        else
            write_list(w, at, table, shape.items);
        replaced = !lua_isnil(L, -1);
        lua_remove(L, replaced ? table : table + 1);
    }
    w->depth--;
    return replaced;
}

static bool write_value(struct writer *w, const struct json_lua_place *at)
{
    write_count(w, at, 2); // the shortest one and its comma
    switch (lua_type(w->L, -1)) {
    case LUA_TBOOLEAN:
        return false;
    case LUA_TSTRING:
        return write_string(w, at);
    case LUA_TNUMBER:
        return write_number(w, at);
    case LUA_TTABLE:
        return write_table(w, at);
    case LUA_TNIL:
        json_lua_place_refuse(w->L, at, "nil cannot be written: json.null can");
    case LUA_TLIGHTUSERDATA:
        if (lua_touserdata(w->L, -1) == NULL)
            return false;
        // fall through
    default:
        json_lua_place_refuse(
            w->L, at, "a %s cannot be written", luaL_typename(w->L, -1));
    }
}

/* Encoding, after lua-cjson: replaces the text on top by one in which marks
 * are what they stand for, and / is not escaped. There is no NUL in it. */
static void unmark_text(lua_State *L)
{
    const char *from = lua_tostring(L, -1);
    const char *p = from + strcspn(from, "\\" MARK);
    luaL_Buffer out;

    luaL_buffinit(L, &out);
    for (; *p; p += strcspn(p, "\\" MARK)) {
        if (*p == MARK_BYTE) {
            luaL_addlstring(&out, from, (size_t)(p - 1 - from));
            from = p + 1;
            const char *quote = from + strcspn(from, "\"");
            luaL_addlstring(&out, from, (size_t)(quote - from));
            from = p = quote + 1;
        } else if (p[1] == '/') {
            luaL_addlstring(&out, from, (size_t)(p - from));
            from = p + 1;
            p += 2;
        } else {
            p += 2;
        }
    }
    luaL_addstring(&out, from);
    luaL_pushresult(&out);
    lua_remove(L, -2);
}

void json_lua_encode(lua_State *L, int index)
{
    struct writer w = {.L = L};
    size_t len;

    luaL_checkstack(L, 10, "json.encode");
    lua_pushvalue(L, index);
    write_value(&w, NULL);
    json_lua_cjson_push_encode(L);
    lua_insert(L, -2);
    json_lua_cjson_call(L, 1, 1);
    const char *text = lua_tolstring(L, -1, &len);
    if (text[strcspn(text, "\\" MARK)])
        unmark_text(L);
    lua_tolstring(L, -1, &len);
    if (len > JSON_TEXT_MAX)
        json_lua_place_refuse(L, NULL, "the text would be longer than %d MiB",
            JSON_TEXT_MAX >> 20);
}
