#include "csv/csv_text.h"
#include "modules/csv_own.h"

#include <lauxlib.h>

#include <string.h>

/* How an option is read; the value is on top of the stack and stays in the
 * options' table for as long as the struct is used. */
struct option {
    const char *name;
    void (*read)(lua_State *L, struct csv_options *out);
};

static const char *text_option(lua_State *L, const char *name)
{
    size_t len;

    if (lua_type(L, -1) != LUA_TSTRING)
        luaL_error(
            L, "csv.rows: %s is a text, not a %s", name, luaL_typename(L, -1));
    const char *text = lua_tolstring(L, -1, &len);
    if (strlen(text) != len)
        luaL_error(L, "csv.rows: %s has a NUL byte in it", name);
    return text;
}

static void read_path(lua_State *L, struct csv_options *out)
{
    out->path = text_option(L, "path");
}

static void read_encoding(lua_State *L, struct csv_options *out)
{
    out->encoding = text_option(L, "encoding");
}

static void read_separator(lua_State *L, struct csv_options *out)
{
    const char *text = text_option(L, "separator");
    unsigned char c = (unsigned char)*text;

    if (c == '\0' || text[1] || c >= 0x7F || strchr("\"\r\n", c))
        luaL_error(L, "csv.rows: separator is one ASCII character that is "
                      "no quote, such as \";\"");
    out->separator = *text;
}

static void read_trim(lua_State *L, struct csv_options *out)
{
    if (!lua_isboolean(L, -1))
        luaL_error(L, "csv.rows: trim is true or false, not a %s",
            luaL_typename(L, -1));
    out->keep_space = !lua_toboolean(L, -1);
}

/* rows.lua's, of the files that it opens for a rule; not told. */
static void read_rule(lua_State *L, struct csv_options *out)
{
    out->of_rule = lua_toboolean(L, -1);
}

static const struct option options[] = {
    {"path", read_path},
    {"encoding", read_encoding},
    {"separator", read_separator},
    {"trim", read_trim},
    {"of_rule", read_rule},
};

enum { OPTIONS = sizeof(options) / sizeof(options[0]) };

static const struct option *find_option(lua_State *L, int key)
{
    for (size_t i = 0; lua_type(L, key) == LUA_TSTRING && i < OPTIONS; i++) {
        if (strcmp(lua_tostring(L, key), options[i].name) == 0)
            return &options[i];
    }
    return NULL;
}

static void unknown_option(lua_State *L, int key)
{
    char quoted[CSV_TEXT_QUOTE_MAX];
    size_t len;
    const char *name = luaL_tolstring(L, key, &len);

    luaL_error(L,
        "csv.rows: unknown option %s (known: path, encoding, separator, trim)",
        csv_text_quote(name, len, '\'', quoted));
}

void csv_options_read(lua_State *L, int index, struct csv_options *out)
{
    if (lua_type(L, index) == LUA_TSTRING) {
        lua_pushvalue(L, index);
        read_path(L, out);
        lua_pop(L, 1);
        return;
    }
    if (lua_type(L, index) != LUA_TTABLE)
        luaL_typeerror(L, index, "path or table of options");
    lua_pushnil(L);
    while (lua_next(L, index)) {
        const struct option *option = find_option(L, -2);
        if (!option)
            unknown_option(L, -2);
        else
            option->read(L, out);
        lua_pop(L, 1);
    }
    if (!out->path)
        luaL_error(L, "csv.rows: path is missing");
}
