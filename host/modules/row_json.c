#include "modules/row_json.h"

#include "base/secret.h"
#include "modules/csv.h"
#include "json/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEYS_MAX = 200,   // fields of a table that are kept
    STEPS_MAX = 1000, // and that are looked at for them
    DEPTH_MAX = 8,    // tables inside one another
    REST_MAX = 32,    // bytes of the `,"…":12}` at the end
};

/* One row on its way. */
struct seeing {
    lua_State *L;
    struct buf *out;
    struct buf nested; // the JSON of a table in a field
    bool flat;         // none is kept
    int left_out;
};

/* A field's name; its text is the string's at `index` of the stack. */
struct key {
    int index;
    const char *text;
    size_t len;
};

struct keys {
    struct key key[KEYS_MAX];
    size_t len;
    int more;
};

/* The end of one that is cut is its mark. */
static bool put_cut(struct buf *out, const char *text, size_t len)
{
    static const char mark[] = "…";
    char kept[ROW_JSON_FIELD_MAX + 1];
    bool cut;
    size_t n = secret_copy(
        text, len, kept, ROW_JSON_FIELD_MAX - (sizeof mark - 1), &cut);

    if (cut) {
        memcpy(kept + n, mark, sizeof mark - 1);
        n += sizeof mark - 1;
    }
    return json_put_string(out, kept, n);
}

/* Nearly every text is short, and as JSON writes it. False, and nothing added:
 * this one is not. */
static bool put_plain(struct buf *out, const char *text, size_t len)
{
    if (len > ROW_JSON_FIELD_MAX || !buf_reserve(out, len + 2))
        return false;
    char *to = out->data + out->len;
    *to++ = '"';
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < ' ' || c > '~' || c == '"' || c == '\\')
            return false;
        to[i] = (char)c;
    }
    to[len] = '"';
    to[len + 1] = '\0';
    out->len += len + 2;
    return true;
}

static bool put_text(struct buf *out, const char *text, size_t len)
{
    return put_plain(out, text, len) ||
           (len <= ROW_JSON_FIELD_MAX ? json_put_string(out, text, len)
                                      : put_cut(out, text, len));
}

/* As Lua writes it; JSON has no word for what is not finite. */
static bool put_number(lua_State *L, int index, struct buf *out)
{
    if (lua_isinteger(L, index))
        return json_put_int(out, lua_tointeger(L, index));
    double number = lua_tonumber(L, index);
    return buf_printf(out, isfinite(number) ? "%.14g" : "\"%.14g\"", number);
}

static int by_name(const void *left, const void *right)
{
    const struct key *a = left, *b = right;
    size_t len = a->len < b->len ? a->len : b->len;
    int order = memcmp(a->text, b->text, len);

    return order ? order : (a->len > b->len) - (a->len < b->len);
}

/* Leaves the keys on the stack: that is what their texts are borrowed from.
 * False: there is no room for them. */
static bool take_keys(lua_State *L, int table, struct keys *keys)
{
    keys->len = 0;
    keys->more = 0;
    if (!lua_checkstack(L, KEYS_MAX + 8))
        return false;
    lua_pushnil(L);
    for (int steps = 0; lua_next(L, table); steps++) {
        lua_pop(L, 1);
        if (steps == STEPS_MAX) {
            lua_pop(L, 1);
            break;
        }
        if (lua_type(L, -1) != LUA_TSTRING)
            continue;
        if (keys->len == KEYS_MAX) {
            keys->more++;
            continue;
        }
        struct key *key = &keys->key[keys->len++];
        key->text = lua_tolstring(L, -1, &key->len);
        key->index = lua_gettop(L);
        lua_pushvalue(L, -1);
    }
    qsort(keys->key, keys->len, sizeof keys->key[0], by_name);
    return true;
}

static void push_field(lua_State *L, int table, const struct key *key)
{
    lua_pushvalue(L, key->index);
    lua_rawget(L, table);
}

static bool put_table(lua_State *L, int table, struct buf *out, int depth);

/* The value on top, inside a field's table. What has no JSON is null. */
static bool put_inner(lua_State *L, struct buf *out, int depth)
{
    size_t len;

    switch (lua_type(L, -1)) {
    case LUA_TSTRING: {
        const char *text = lua_tolstring(L, -1, &len);
        return put_text(out, text, len);
    }
    case LUA_TNUMBER:
        return put_number(L, -1, out);
    case LUA_TBOOLEAN:
        return buf_puts(out, lua_toboolean(L, -1) ? "true" : "false");
    case LUA_TTABLE:
        return put_table(L, lua_gettop(L), out, depth + 1);
    default:
        return buf_puts(out, "null");
    }
}

static bool put_list(lua_State *L, int table, struct buf *out, int depth)
{
    lua_Unsigned n = lua_rawlen(L, table);
    bool ok = buf_putc(out, '[');

    for (lua_Unsigned i = 1; ok && i <= n && out->len <= ROW_JSON_FIELD_MAX;
         i++) {
        lua_rawgeti(L, table, (lua_Integer)i);
        ok = json_put_comma(out) && put_inner(L, out, depth);
        lua_pop(L, 1);
    }
    return ok && buf_putc(out, ']');
}

static bool put_object(lua_State *L, int table, struct buf *out, int depth)
{
    struct keys keys;
    int top = lua_gettop(L);
    bool ok = take_keys(L, table, &keys) && buf_putc(out, '{');

    for (size_t i = 0; ok && i < keys.len && out->len <= ROW_JSON_FIELD_MAX;
         i++) {
        push_field(L, table, &keys.key[i]);
        ok = json_put_comma(out) &&
             put_text(out, keys.key[i].text, keys.key[i].len) &&
             buf_putc(out, ':') && put_inner(L, out, depth);
        lua_pop(L, 1);
    }
    lua_settop(L, top);
    return ok && buf_putc(out, '}');
}

/* Ends early once it is longer than what is kept of it. */
static bool put_table(lua_State *L, int table, struct buf *out, int depth)
{
    if (depth > DEPTH_MAX || !lua_checkstack(L, 8))
        return buf_puts(out, "null");
    return lua_rawlen(L, table) > 0 ? put_list(L, table, out, depth)
                                    : put_object(L, table, out, depth);
}

/* Masked here: as a text it is escaped twice, which no mask knows. */
static bool put_nested(struct seeing *s)
{
    buf_clear(&s->nested);
    if (!put_table(s->L, lua_gettop(s->L), &s->nested, 1))
        return false;
    secret_mask(s->nested.data, &s->nested.len);
    return put_text(s->out, s->nested.data, s->nested.len);
}

static bool is_kept(int type)
{
    return type == LUA_TSTRING || type == LUA_TNUMBER || type == LUA_TBOOLEAN ||
           type == LUA_TTABLE;
}

/* The value on top as a field; pops it. A field that does not fit any more is
 * counted instead. */
static bool put_field(struct seeing *s, const char *name, size_t len)
{
    size_t before = s->out->len;
    bool ok = true;

    if (is_kept(lua_type(s->L, -1)) && !(s->flat && lua_istable(s->L, -1))) {
        ok = json_put_comma(s->out) && put_text(s->out, name, len) &&
             buf_putc(s->out, ':') &&
             (lua_istable(s->L, -1) ? put_nested(s)
                                    : put_inner(s->L, s->out, 0));
        if (ok && s->out->len > ROW_JSON_MAX - REST_MAX) {
            buf_cut(s->out, before);
            s->left_out++;
        }
    }
    lua_pop(s->L, 1);
    return ok;
}

static bool put_columns(struct seeing *s, int row, int names)
{
    lua_Unsigned n = lua_rawlen(s->L, names);
    bool ok = true;

    for (lua_Unsigned i = 1; ok && i <= n; i++) {
        size_t len;
        lua_rawgeti(s->L, names, (lua_Integer)i);
        const char *name = lua_tolstring(s->L, -1, &len);
        lua_rawget(s->L, row);
        ok = put_field(s, name, len);
    }
    return ok;
}

static bool put_numbered(struct seeing *s, int row)
{
    lua_Unsigned n = lua_rawlen(s->L, row);
    bool ok = true;

    for (lua_Unsigned i = 1; ok && i <= n && i <= KEYS_MAX; i++) {
        char name[24];
        int len = snprintf(name, sizeof name, "%llu", (unsigned long long)i);
        lua_rawgeti(s->L, row, (lua_Integer)i);
        ok = put_field(s, name, (size_t)len);
    }
    return ok;
}

/* No name is looked up: to push one may raise. */
static bool is_order(lua_State *L, int row, const struct keys *keys)
{
    static const char items[] = "orderitem_set";
    bool is = false;

    for (size_t i = 0; !is && i < keys->len; i++) {
        const struct key *key = &keys->key[i];
        if (key->len != sizeof items - 1 || memcmp(key->text, items, key->len))
            continue;
        push_field(L, row, key);
        is = lua_istable(L, -1);
        lua_pop(L, 1);
    }
    return is;
}

static bool put_named(struct seeing *s, int row)
{
    struct keys keys;
    bool ok = take_keys(s->L, row, &keys);

    s->flat = ok && is_order(s->L, row, &keys);
    s->left_out += ok ? keys.more : 0;
    for (size_t i = 0; ok && i < keys.len; i++) {
        push_field(s->L, row, &keys.key[i]);
        ok = put_field(s, keys.key[i].text, keys.key[i].len);
    }
    return ok;
}

static bool put_fields(struct seeing *s, int row)
{
    if (!lua_istable(s->L, row)) {
        lua_pushvalue(s->L, row);
        return put_field(s, "row", 3);
    }
    if (!csv_push_columns(s->L, row))
        return put_numbered(s, row) && put_named(s, row);
    bool ok = put_columns(s, row, lua_gettop(s->L));
    lua_pop(s->L, 1);
    return ok;
}

static bool put_rest(struct seeing *s)
{
    return (s->left_out == 0 ||
               json_put_member_int(s->out, "…", s->left_out)) &&
           buf_putc(s->out, '}');
}

bool row_json_put(lua_State *L, int index, struct buf *out)
{
    struct seeing s = {.L = L, .out = out};
    int top = lua_gettop(L), row = lua_absindex(L, index);

    buf_clear(out);
    bool ok = lua_checkstack(L, 8) && buf_putc(out, '{') &&
              put_fields(&s, row) && put_rest(&s);
    lua_settop(L, top);
    buf_free(&s.nested);
    if (ok)
        secret_mask(out->data, &out->len);
    else
        buf_clear(out);
    return ok;
}
