#include "modules/row_text.h"

#include "base/utf8.h"
#include "csv/csv_text.h"

#include <lauxlib.h>
#include <stdbool.h>

enum { DEPTH_MOST = 8, VALUES_MOST = 10000, SLOTS = 2 * (DEPTH_MOST + 2) };

/* A text of the row's, which holds it. */
struct text {
    const char *at;
    size_t len;
};

struct look {
    lua_State *L;
    int left;          // values that may be looked at
    struct text field; // the name of the innermost that has one
    struct text bad;   // {NULL}: none so far
};

/* What is at `index`, if it is a text; as lua_next wants it, no number is made
 * one. */
static bool read_text(lua_State *L, int index, struct text *text)
{
    if (lua_type(L, index) != LUA_TSTRING)
        return false;
    text->at = lua_tolstring(L, index, &text->len);
    return true;
}

static void check(struct look *look, int index)
{
    struct text text;

    if (!look->bad.at && read_text(look->L, index, &text) &&
        utf8_valid(text.at, text.len) < text.len)
        look->bad = text;
}

/* The table on top, which stays there. */
static void look_into(struct look *look, int depth)
{
    lua_State *L = look->L;
    struct text outer = look->field;

    lua_pushnil(L);
    while (lua_next(L, -2)) {
        look->left--;
        (void)read_text(L, -2, &look->field);
        check(look, -2);
        check(look, -1);
        if (lua_istable(L, -1) && depth < DEPTH_MOST && look->left > 0)
            look_into(look, depth + 1);
        lua_pop(L, 1);
        if (look->bad.at || look->left <= 0) {
            lua_pop(L, 1);
            return;
        }
        look->field = outer;
    }
}

static int push_words(lua_State *L, const struct look *look)
{
    char field[CSV_TEXT_QUOTE_MAX], bad[CSV_TEXT_QUOTE_MAX];

    csv_text_quote(look->bad.at, look->bad.len, '"', bad);
    if (look->field.at)
        csv_text_quote(look->field.at, look->field.len, '"', field);
    lua_pushfstring(L,
        "not UTF-8 (%s in %s%s): read it as what it is; http takes "
        "encoding = \"windows-1254\"",
        bad, look->field.at ? "field " : "the row",
        look->field.at ? field : "");
    return 1;
}

int row_text_fault(lua_State *L)
{
    struct look look = {.L = L, .left = VALUES_MOST};

    lua_settop(L, 1);
    luaL_checkstack(L, SLOTS, NULL);
    check(&look, 1);
    if (lua_istable(L, 1))
        look_into(&look, 1);
    return look.bad.at ? push_words(L, &look) : 0;
}
