#include "base/json_lua.h"

#include "base/json.h"
#include "base/json_lua_cjson.h"
#include "base/utf8.h"

#include <lauxlib.h>

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first byte of a string that stands for something else. */
#define MARK      "\xFF"
#define MARK_BYTE '\xFF'

#define ARRAY_TYPE "json.array"

enum {
    EXACT_DIGITS = 15,  // so many digits of an integer survive a double
    CJSON_DIGITS = 14,  // and so many are written by lua-cjson
    DOUBLE_DIGITS = 17, // so many tell every double from every other
    ROUND_DIGITS = 300, // a number of fewer cannot be too large for a double
};

#define CJSON_WHOLE 100000000000000 // 10^14: below it cjson writes all digits

void json_lua_push_null(lua_State *L)
{
    lua_pushlightuserdata(L, NULL);
}

static void push_array_type(lua_State *L)
{
    luaL_newmetatable(L, ARRAY_TYPE);
}

static bool is_marked(lua_State *L, int index)
{
    if (!lua_getmetatable(L, index))
        return false;
    luaL_getmetatable(L, ARRAY_TYPE);
    bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same;
}

void json_lua_mark_array(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    luaL_checkstack(L, 4, "json.array");
    if (is_marked(L, index))
        return;
    if (lua_getmetatable(L, index))
        luaL_error(L, "json.array: the table has a metatable of its own; "
                      "copy its items into a new table");
    push_array_type(L);
    lua_setmetatable(L, index);
}

/* Decoding, before lua-cjson: the text on its way to a copy in which marks
 * stand for what cjson would bend. Most texts need none, and no copy. */
struct rewrite {
    lua_State *L;
    struct json_lexer lexer;
    const char *from; // not yet copied from here on
    bool copying;
    luaL_Buffer out;
};

static void rewrite_mark(struct rewrite *r, const struct json_value *token,
    const char *body, size_t len)
{
    if (!r->copying) {
        luaL_buffinit(r->L, &r->out);
        r->copying = true;
    }
    luaL_addlstring(&r->out, r->from, (size_t)(token->text - r->from));
    luaL_addstring(&r->out, "\"" MARK);
    luaL_addlstring(&r->out, body, len);
    luaL_addchar(&r->out, '"');
    r->from = token->text + token->len;
}

static bool too_large(struct rewrite *r, const struct json_value *token,
    const char *what, struct error *err)
{
    return json_lexer_fail(&r->lexer, (size_t)(token->text - r->lexer.text),
        err, "%.*s%s %s", token->len < 40 ? (int)token->len : 40, token->text,
        token->len > 40 ? "..." : "", what);
}

static bool is_literal_integer(const struct json_value *token)
{
    for (size_t i = token->text[0] == '-'; i < token->len; i++)
        if (token->text[i] < '0' || token->text[i] > '9')
            return false;
    return true;
}

static bool fits_double(const struct json_value *token)
{
    double size;

    if (token->len <= ROUND_DIGITS && !memchr(token->text, 'e', token->len) &&
        !memchr(token->text, 'E', token->len))
        return true;
    return json_double(token, &size);
}

static bool rewrite_number(
    struct rewrite *r, const struct json_value *token, struct error *err)
{
    int64_t whole;

    if (!is_literal_integer(token))
        return fits_double(token) ||
               too_large(r, token, "is too large for a number", err);
    if (token->len <= EXACT_DIGITS)
        return true;
    if (!json_integer(token, &whole))
        return too_large(r, token, "is an integer of more than 64 bits", err);
    rewrite_mark(r, token, token->text, token->len);
    return true;
}

static bool rewrite_all(struct rewrite *r, struct error *err)
{
    struct json_value token, before = {0};
    enum json_step step;

    do {
        step = json_lexer_next(&r->lexer, &token, err);
        if (step == JSON_STEP_ERROR)
            return false;
        if (step == JSON_STEP_VALUE && token.type == JSON_NUMBER &&
            !rewrite_number(r, &token, err))
            return false;
        if (step == JSON_STEP_CLOSE && before.type == JSON_ARRAY) {
            before.len = (size_t)(token.text + 1 - before.text);
            rewrite_mark(r, &before, "[]", 2);
        }
        before = step == JSON_STEP_OPEN ? token : (struct json_value){0};
    } while (step != JSON_STEP_END);
    return true;
}

/* Pushes the text as lua-cjson may see it. False: pushes nothing. */
static bool rewrite_text(struct rewrite *r, struct error *err)
{
    int top = lua_gettop(r->L);

    r->from = r->lexer.text + r->lexer.at;
    if (!rewrite_all(r, err)) {
        lua_settop(r->L, top);
        return false;
    }
    size_t rest = (size_t)(r->lexer.text + r->lexer.len - r->from);
    if (!r->copying) {
        lua_pushlstring(r->L, r->from, rest);
    } else {
        luaL_addlstring(&r->out, r->from, rest);
        luaL_pushresult(&r->out);
    }
    return true;
}

/* Decoding, after lua-cjson. Each of these looks at the value on top and is
 * true when it has put another in its place. */
struct restore {
    bool marked; // strings may be marks
    bool keep_null;
};

static bool restore(lua_State *L, const struct restore *how);

static bool restore_number(lua_State *L)
{
    lua_Number n = lua_tonumber(L, -1);
    lua_Integer whole;

    if (n != floor(n) || (n == 0 && signbit(n)) ||
        !lua_numbertointeger(n, &whole))
        return false;
    lua_pop(L, 1);
    lua_pushinteger(L, whole);
    return true;
}

static bool restore_string(lua_State *L)
{
    const char *s = lua_tostring(L, -1);

    if (s[0] != MARK_BYTE)
        return false;
    lua_Integer whole = s[1] == '[' ? 0 : strtoll(s + 1, NULL, 10);
    if (s[1] == '[') {
        lua_newtable(L);
        push_array_type(L);
        lua_setmetatable(L, -2);
    } else {
        lua_pushinteger(L, whole);
    }
    lua_remove(L, -2);
    return true;
}

static void restore_list(lua_State *L, const struct restore *how)
{
    lua_Integer n = (lua_Integer)lua_rawlen(L, -1);

    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, i);
        if (restore(L, how))
            lua_rawseti(L, -2, i);
        else
            lua_pop(L, 1);
    }
}

static void restore_object(lua_State *L, const struct restore *how)
{
    lua_pushnil(L);
    while (lua_next(L, -2)) {
        bool changed;
        if (lua_islightuserdata(L, -1) && !how->keep_null) {
            lua_pop(L, 1);
            lua_pushnil(L);
            changed = true;
        } else {
            changed = restore(L, how);
        }
        if (changed) {
            lua_pushvalue(L, -2);
            lua_insert(L, -2);
            lua_rawset(L, -4);
        } else {
            lua_pop(L, 1);
        }
    }
}

static bool restore(lua_State *L, const struct restore *how)
{
    switch (lua_type(L, -1)) {
    case LUA_TNUMBER:
        return restore_number(L);
    case LUA_TSTRING:
        return how->marked && restore_string(L);
    case LUA_TTABLE:
        luaL_checkstack(L, 8, "json.decode");
        // what lua-cjson made of an object has no number for a key
        bool list = lua_rawgeti(L, -1, 1) != LUA_TNIL;
        lua_pop(L, 1);
        if (list)
            restore_list(L, how);
        else
            restore_object(L, how);
        return false;
    default:
        return false;
    }
}

bool json_lua_try_decode(
    lua_State *L, const char *text, size_t len, int flags, struct error *err)
{
    struct rewrite r = {.L = L};

    if (len > JSON_TEXT_MAX)
        return error_set(err, ERROR_OTHER,
            "the text has %zu bytes, more than the %d MiB that are read", len,
            JSON_TEXT_MAX >> 20);
    luaL_checkstack(L, 10, "json.decode");
    json_lexer_init(&r.lexer, text, len);
    if (!rewrite_text(&r, err))
        return false;
    json_lua_cjson_push_decode(L);
    lua_insert(L, -2);
    json_lua_cjson_call(L, 1, 1);
    struct restore how = {r.copying, (flags & JSON_LUA_KEEP_NULL) != 0};
    restore(L, &how);
    return true;
}

void json_lua_decode(lua_State *L, const char *text, size_t len, int flags)
{
    struct error err;

    if (!json_lua_try_decode(L, text, len, flags, &err))
        luaL_error(L, "bad JSON: %s", err.text);
}

/* Where in the value that is written we are: a name or a list position, and
 * what is around it. Names are borrowed from keys on the Lua stack. */
struct place {
    const struct place *around;
    const char *name; // NULL: a list position
    size_t name_len;
    lua_Integer position;
};

enum { STEP_MAX = 80, PATH_MAX_LEN = 160, NAME_SHOWN = 48 };

static bool is_word(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        if (!(c >= 0x80 || c == '_' || (c >= '0' && c <= '9') ||
                (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')))
            return false;
    }
    return len > 0;
}

/* One step of a path as a reader of Lua knows it: .name, ["a name"], [3]. */
static void step_text(const struct place *at, char out[STEP_MAX])
{
    size_t len;

    if (!at->name) {
        snprintf(out, STEP_MAX, "[" LUA_INTEGER_FMT "]", at->position);
        return;
    }
    len = utf8_cut(at->name, at->name_len, NAME_SHOWN);
    if (len == at->name_len && is_word(at->name, len))
        snprintf(out, STEP_MAX, ".%.*s", (int)len, at->name);
    else
        snprintf(out, STEP_MAX, "[\"%.*s%s\"]", (int)len, at->name,
            len < at->name_len ? "..." : "");
    for (char *c = out; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7F)
            *c = '?';
}

/* The path of `at`, its outer end cut off when it is too long; "" at the
 * top. Points into `out`. */
static const char *path_text(const struct place *at, char out[PATH_MAX_LEN])
{
    char *p = out + PATH_MAX_LEN - 1;
    char step[STEP_MAX];

    *p = '\0';
    for (; at; at = at->around) {
        step_text(at, step);
        size_t len = strlen(step);
        if ((size_t)(p - out) < len + 3) {
            p -= 3;
            memcpy(p, "...", 3);
            return p;
        }
        p -= len;
        memcpy(p, step, len);
    }
    return *p == '.' ? p + 1 : p;
}

static void refuse(lua_State *L, const struct place *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4), noreturn));

static void refuse(lua_State *L, const struct place *at, const char *fmt, ...)
{
    char path[PATH_MAX_LEN], what[160];
    va_list args;

    va_start(args, fmt);
    vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    const char *where = path_text(at, path);
    luaL_error(L, "%s%s%s", where, *where ? ": " : "", what);
    __builtin_unreachable(); // luaL_error does not return
}

/* Encoding, before lua-cjson. As in decoding, the value on top is replaced by
 * another where that is needed; the caller's tables are never written to, a
 * table with a replaced value is replaced by a copy. */
struct writer {
    lua_State *L;
    size_t bytes; // the text has at least so many
    int depth;
};

static bool write_value(struct writer *w, const struct place *at);

static void write_count(struct writer *w, const struct place *at, size_t bytes)
{
    w->bytes += bytes;
    if (w->bytes > JSON_TEXT_MAX)
        refuse(w->L, at, "the text would be longer than %d MiB",
            JSON_TEXT_MAX >> 20);
}

static bool write_string(struct writer *w, const struct place *at)
{
    size_t len;
    const char *s = lua_tolstring(w->L, -1, &len);

    write_count(w, at, len + 1);
    size_t good = utf8_valid(s, len);
    if (good < len)
        refuse(w->L, at, "not UTF-8 text (byte 0x%02X at position %zu)",
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

static bool write_number(struct writer *w, const struct place *at)
{
    lua_Number n = lua_tonumber(w->L, -1);
    lua_Integer whole;
    char text[40];

    if (lua_isinteger(w->L, -1))
        return write_integer(w->L, lua_tointeger(w->L, -1));
    if (isnan(n))
        refuse(w->L, at, "not a number (nan)");
    if (isinf(n))
        refuse(w->L, at, "not a finite number (%sinf)", n < 0 ? "-" : "");
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

static void shape_key(lua_State *L, const struct place *at, struct shape *shape)
{
    if (lua_type(L, -2) == LUA_TSTRING) {
        shape->names = true;
    } else if (lua_isinteger(L, -2)) {
        lua_Integer i = lua_tointeger(L, -2);
        if (i < 1)
            refuse(L, at,
                "lists begin at 1, this one has position " LUA_INTEGER_FMT, i);
        shape->items++;
        shape->last = i > shape->last ? i : shape->last;
    } else {
        refuse(L, at,
            "a key that is a %s: only names and list positions "
            "can be written",
            luaL_typename(L, -2));
    }
}

static void refuse_hole(lua_State *L, const struct place *at)
{
    lua_Integer i = 1;

    while (lua_rawgeti(L, -1, i) != LUA_TNIL) {
        lua_pop(L, 1);
        i++;
    }
    refuse(L, at,
        "a list with holes: item " LUA_INTEGER_FMT
        " is missing (json.null can stand there)",
        i);
}

static struct shape shape_of(lua_State *L, const struct place *at)
{
    struct shape shape = {0};

    lua_pushnil(L);
    while (lua_next(L, -2)) {
        shape_key(L, at, &shape);
        lua_pop(L, 1);
    }
    if (shape.names && shape.items)
        refuse(L, at, "both a list and names in one table");
    if (shape.names && is_marked(L, -1))
        refuse(L, at, "marked with json.array, but it has names");
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

static void write_list(
    struct writer *w, const struct place *at, int table, lua_Integer items)
{
    lua_State *L = w->L;
    struct place item = {.around = at};

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

static void write_object(struct writer *w, const struct place *at, int table)
{
    lua_State *L = w->L;
    struct place member = {.around = at};

    lua_pushnil(L);
    while (lua_next(L, table)) {
        member.name = lua_tolstring(L, -2, &member.name_len);
        write_count(w, at, member.name_len + 3);
        if (utf8_valid(member.name, member.name_len) < member.name_len)
            refuse(L, at, "a name that is not UTF-8 text");
        if (write_value(w, &member))
            put_replaced(L, table, 0);
        else
            lua_pop(L, 1);
    }
}

static bool write_table(struct writer *w, const struct place *at)
{
    lua_State *L = w->L;

    luaL_checkstack(L, 12, "json.encode");
    if (++w->depth > JSON_DEPTH_MAX)
        refuse(L, at,
            "nested deeper than %d levels (is a table inside "
            "itself?)",
            JSON_DEPTH_MAX);
    struct shape shape = shape_of(L, at);
    bool replaced = false;
    if (!shape.items && !shape.names) {
        replaced = is_marked(L, -1) && replace_by_mark(L, "[]");
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

static bool write_value(struct writer *w, const struct place *at)
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
        refuse(w->L, at, "nil cannot be written: json.null can");
    case LUA_TLIGHTUSERDATA:
        if (lua_touserdata(w->L, -1) == NULL)
            return false;
        // fall through
    default:
        refuse(w->L, at, "a %s cannot be written", luaL_typename(w->L, -1));
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
        refuse(L, NULL, "the text would be longer than %d MiB",
            JSON_TEXT_MAX >> 20);
}
