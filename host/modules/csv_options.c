#include "csv/csv_text.h"
#include "modules/csv_own.h"

#include <lauxlib.h>

#include <string.h>

enum { SKIP_MOST = 1000000, HEADER_MOST = 1000 };

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

static void read_quote(lua_State *L, struct csv_options *out)
{
    if (!lua_isboolean(L, -1))
        luaL_error(L, "csv.rows: quote is true or false, not a %s",
            luaL_typename(L, -1));
    out->no_quotes = !lua_toboolean(L, -1);
}

static void read_skip(lua_State *L, struct csv_options *out)
{
    int is_whole;
    lua_Integer n = lua_tointegerx(L, -1, &is_whole);

    if (lua_type(L, -1) != LUA_TNUMBER || !is_whole || n < 0 || n > SKIP_MOST)
        luaL_error(L, "csv.rows: skip is a whole number of lines, up to %d",
            (int)SKIP_MOST);
    out->skip = (long)n;
}

/* Its names are read when all options are known: see push_header. */
static void read_header(lua_State *L, struct csv_options *out)
{
    if (lua_type(L, -1) != LUA_TTABLE || lua_rawlen(L, -1) == 0)
        luaL_error(L, "csv.rows: header is a list of the columns' names");
    out->header_n = lua_rawlen(L, -1);
    if (out->header_n > HEADER_MOST)
        luaL_error(
            L, "csv.rows: header has more than %d names", (int)HEADER_MOST);
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
    {"quote", read_quote},
    {"skip", read_skip},
    {"header", read_header},
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
        "csv.rows: unknown option %s (known: encoding, header, path, quote, "
        "separator, skip, trim)",
        csv_text_quote(name, len, '\'', quoted));
}

/* The name at the top, of number `n`. */
static struct csv_cell read_name(lua_State *L, size_t n)
{
    struct csv_cell cell;

    if (lua_type(L, -1) != LUA_TSTRING || lua_rawlen(L, -1) == 0)
        luaL_error(
            L, "csv.rows: name %d of header is no text, or empty", (int)n);
    cell.text = lua_tolstring(L, -1, &cell.len);
    if (csv_text_bad(cell.text, cell.len) < cell.len)
        luaL_error(L, "csv.rows: name %d of header is not UTF-8", (int)n);
    return cell;
}

static bool is_there(
    const struct csv_cell *names, size_t n, const struct csv_cell *name)
{
    for (size_t i = 0; i < n; i++)
        if (names[i].len == name->len &&
            memcmp(names[i].text, name->text, name->len) == 0)
            return true;
    return false;
}

/* Pushes what holds the names of options.header at `index`, which own their
 * texts. */
static void push_header(lua_State *L, int index, struct csv_options *out)
{
    struct csv_cell *names =
        lua_newuserdatauv(L, out->header_n * sizeof(*names), 0);

    lua_pushliteral(L, "header");
    lua_rawget(L, index);
    for (size_t i = 0; i < out->header_n; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i + 1);
        names[i] = read_name(L, i + 1);
        if (is_there(names, i, &names[i]))
            luaL_error(L, "csv.rows: header has %s twice", names[i].text);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    out->header = names;
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
    if (out->header_n)
        push_header(L, index, out);
}
