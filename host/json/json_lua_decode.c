#include "json/json_lua.h"

#include "json/json.h"
#include "json/json_lua_cjson.h"
#include "json/json_lua_mark.h"

#include <lauxlib.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    EXACT_DIGITS = 15,  // so many digits of an integer survive a double
    ROUND_DIGITS = 300, // a number of fewer cannot be too large for a double
};

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
        json_lua_push_array_type(L);
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
