#include "base/csv.h"
#include "base/csv_text.h"
#include "base/line_count.h"
#include "lua/csv.h"
#include "lua/host.h"
#include "lua/modules.h"

#include <lauxlib.h>

#include <string.h>

#define ROWS "omnitron.csv.rows"

/* What csv.rows gives a script. Its user values are what a row needs: */
struct rows {
    struct csv_reader *reader; // owned; NULL: closed
    bool expected;             // its lines are counted in host->rows_expected
};

enum {
    ROWS_PATH = 1, // as it was given
    ROWS_NAMES,    // a list of the columns
    ROWS_META,     // the metatable of every row
    ROWS_VALUES = ROWS_META,

    LISTED_MAX = 30, // columns that a message names
};

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

/* A path, or a table of options, at `index`. */
static void read_options(lua_State *L, int index, struct csv_options *out)
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

static void add_quoted(luaL_Buffer *b, const char *text, size_t len)
{
    char quoted[CSV_TEXT_QUOTE_MAX];

    /* The marks serve the cut and the escapes; a list reads better bare. */
    csv_text_quote(text, len, ' ', quoted);
    luaL_addlstring(b, quoted + 1, strlen(quoted) - 2);
}

/* Pushes "a, b, c" from the list of names at `index`. */
static void push_list(lua_State *L, int index)
{
    lua_Unsigned n = lua_rawlen(L, index);
    luaL_Buffer b;

    luaL_buffinit(L, &b);
    for (lua_Unsigned i = 1; i <= n && i <= LISTED_MAX; i++) {
        if (i > 1)
            luaL_addstring(&b, ", ");
        /* The name is in the list: it needs no place on the stack. */
        size_t len;
        lua_rawgeti(L, index, (lua_Integer)i);
        const char *name = lua_tolstring(L, -1, &len);
        lua_pop(L, 1);
        add_quoted(&b, name, len);
    }
    if (n > LISTED_MAX) {
        lua_pushfstring(L, " and %d more", (int)(n - LISTED_MAX));
        luaL_addvalue(&b);
    }
    luaL_pushresult(&b);
}

/* row.foo, when the row has no such cell: upvalues are the path and the list
 * of names. */
static int l_row__index(lua_State *L)
{
    char quoted[CSV_TEXT_QUOTE_MAX];
    size_t len;

    push_list(L, lua_upvalueindex(2));
    const char *key = luaL_tolstring(L, 2, &len);
    return luaL_error(L, "%s has no column %s (it has: %s)",
        lua_tostring(L, lua_upvalueindex(1)),
        csv_text_quote(key, len, '\'', quoted), lua_tostring(L, -2));
}

static void push_names(lua_State *L, const struct csv_reader *reader)
{
    size_t n;
    const struct csv_cell *names = csv_columns(reader, &n);

    lua_createtable(L, (int)n, 0);
    for (size_t i = 0; i < n; i++) {
        lua_pushlstring(L, names[i].text, names[i].len);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

/* Where the metatable of a row has the list of the columns. */
static const char columns_key;

bool csv_push_columns(lua_State *L, int index)
{
    if (!lua_getmetatable(L, index))
        return false;
    if (lua_rawgetp(L, -1, &columns_key) == LUA_TTABLE) {
        lua_remove(L, -2);
        return true;
    }
    lua_pop(L, 2);
    return false;
}

/* The user values of the userdata on top, whose file is open. */
static void set_values(lua_State *L, const char *path)
{
    int rows = lua_gettop(L);
    const struct rows *self = lua_touserdata(L, rows);

    lua_pushstring(L, path);
    push_names(L, self->reader);
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, rows + 1);
    lua_pushvalue(L, rows + 2);
    lua_pushcclosure(L, l_row__index, 2);
    lua_setfield(L, -2, "__index");
    lua_pushvalue(L, rows + 2);
    lua_rawsetp(L, -2, &columns_key);
    lua_setiuservalue(L, rows, ROWS_META);
    lua_setiuservalue(L, rows, ROWS_NAMES);
    lua_setiuservalue(L, rows, ROWS_PATH);
}

/* NULL: there is none, since the reader works in any state. */
static struct host *host_here(lua_State *L)
{
    struct tasks *tasks = tasks_of(L);

    return tasks ? tasks->host : NULL;
}

/* Before its first row is pulled: how many there will be, without the header,
 * if somebody wants to know. */
static void expect(lua_State *L, struct rows *self)
{
    struct host *host = host_here(L);

    self->expected = true;
    if (!host || !host->wants_expected)
        return;
    lua_getiuservalue(L, 1, ROWS_PATH);
    int64_t lines = line_count(lua_tostring(L, -1));
    lua_pop(L, 1);
    host->rows_expected += lines > 0 ? lines - 1 : 0;
}

/* Pushes a reader for what is at `index`; raises when it cannot be opened. */
static struct rows *open_rows(lua_State *L, int index)
{
    struct csv_options o = {0};
    struct error err;

    read_options(L, index, &o);
    struct rows *self = lua_newuserdatauv(L, sizeof(*self), ROWS_VALUES);
    self->reader = NULL;
    self->expected = false;
    luaL_setmetatable(L, ROWS);
    self->reader = csv_open(&o, &err);
    if (!self->reader)
        luaL_error(L, "%s", err.text);
    set_values(L, o.path);
    return self;
}

/* csv.rows(path | { path =, encoding =, separator =, trim = }) -> reader
 * for row, at in csv.rows(…): a table by header name, and "lines.csv:812" */
static int l_csv_rows(lua_State *L)
{
    luaL_argcheck(L, lua_isnoneornil(L, 2), 2,
        "options go in with the path: csv.rows{ path = …, encoding = … }");
    open_rows(L, 1);
    return 1;
}

static struct rows *check_rows(lua_State *L)
{
    struct rows *self = luaL_checkudata(L, 1, ROWS);

    if (!self->reader)
        luaL_error(L, "this csv reader is closed");
    return self;
}

/* Pushes the row, from the reader at stack index `rows`. */
static void push_row(
    lua_State *L, int rows, const struct csv_record *record, size_t n)
{
    lua_getiuservalue(L, rows, ROWS_NAMES);
    lua_createtable(L, 0, (int)n);
    for (size_t i = 0; i < n; i++) {
        lua_rawgeti(L, -2, (lua_Integer)i + 1);
        lua_pushlstring(L, record->cells[i].text, record->cells[i].len);
        lua_rawset(L, -3);
    }
    lua_getiuservalue(L, rows, ROWS_META);
    lua_setmetatable(L, -2);
    lua_remove(L, -2);
}

/* Pushes "lines.csv:812". */
static void push_position(lua_State *L, int rows, long line)
{
    lua_getiuservalue(L, rows, ROWS_PATH);
    lua_pushfstring(L, "%s:%I", lua_tostring(L, -1), (LUAI_UACINT)line);
    lua_remove(L, -2);
}

/* Reads on and pushes the row if there is one; raises when the file fails. */
static enum csv_got next_row(lua_State *L, int rows, struct csv_record *record)
{
    const struct rows *self = lua_touserdata(L, rows);
    struct error err;
    size_t n;
    enum csv_got got = csv_next(self->reader, record, &err);

    if (got == CSV_FAILED)
        luaL_error(L, "%s", err.text);
    csv_columns(self->reader, &n);
    if (got == CSV_ROW)
        push_row(L, rows, record, n);
    return got;
}

/* A plan tells of rows that came to no rule. */
static void count_row(lua_State *L, enum csv_got got)
{
    struct host *host = host_here(L);

    if (host && (got == CSV_ROW || got == CSV_BAD))
        host->csv_rows++;
}

static int raise_bad(lua_State *L, int rows, const struct csv_record *record)
{
    push_position(L, rows, record->line);
    return luaL_error(L, "%s: %s", lua_tostring(L, -1), record->message);
}

/* reader() -> row, position | nil at the end
 * Raises when a row cannot be used. */
static int l_rows__call(lua_State *L)
{
    struct csv_record record;

    check_rows(L);
    enum csv_got got = next_row(L, 1, &record);
    count_row(L, got);
    if (got == CSV_BAD)
        return raise_bad(L, 1, &record);
    if (got == CSV_END)
        return 0;
    push_position(L, 1, record.line);
    return 2;
}

/* The path as the customer's folder has it, if it lies in there: the same
 * from wherever the script was called. */
static const char *within_folder(lua_State *L, const char *path)
{
    const struct host *host = host_here(L);
    const char *profile = host ? host->profile->path : NULL;
    const char *slash = profile ? strrchr(profile, '/') : NULL;
    size_t len = slash ? (size_t)(slash - profile) + 1 : 0;

    return strncmp(path, profile ? profile : "", len) == 0 ? path + len : path;
}

/* reader:prefix() -> "lines.csv:", which a line of pull's is to stand behind */
static int l_rows_prefix(lua_State *L)
{
    check_rows(L);
    lua_getiuservalue(L, 1, ROWS_PATH);
    lua_pushfstring(L, "%s:", within_folder(L, lua_tostring(L, -1)));
    return 1;
}

/* reader:pull() -> row, line | nil at the end
 *                | false, line, "invalid" or "later", message */
static int l_rows_pull(lua_State *L)
{
    struct csv_record record;
    struct rows *self = check_rows(L);

    if (!self->expected)
        expect(L, self);
    enum csv_got got = next_row(L, 1, &record);
    count_row(L, got);
    if (got == CSV_END)
        return 0;
    if (got == CSV_BAD)
        lua_pushboolean(L, 0);
    lua_pushinteger(L, record.line);
    if (got == CSV_ROW)
        return 2;
    lua_pushstring(L, record.later ? "later" : "invalid");
    lua_pushstring(L, record.message);
    return 4;
}

/* reader:unchanged() -> true | false, message
 * Whether what was read is the whole file as it is now. */
static int l_rows_unchanged(lua_State *L)
{
    const struct rows *self = check_rows(L);
    struct error err;
    bool unchanged = csv_unchanged(self->reader, &err);

    lua_pushboolean(L, unchanged);
    if (unchanged)
        return 1;
    lua_pushstring(L, err.text);
    return 2;
}

/* reader:close(): now, not when the collector comes; again does nothing */
static int l_rows_close(lua_State *L)
{
    struct rows *self = luaL_checkudata(L, 1, ROWS);
    struct csv_reader *reader = self->reader;

    self->reader = NULL;
    csv_close(reader);
    return 0;
}

/* table[key], when it is not there: upvalues are the path and the column. */
static int l_table__index(lua_State *L)
{
    char key[CSV_TEXT_QUOTE_MAX], column[CSV_TEXT_QUOTE_MAX];
    bool text = lua_type(L, 2) == LUA_TSTRING;
    size_t key_len, column_len;
    const char *name = lua_tolstring(L, lua_upvalueindex(2), &column_len);
    const char *missing = luaL_tolstring(L, 2, &key_len);

    csv_text_quote(name, column_len, ' ', column);
    csv_text_quote(missing, key_len, '\'', key);
    return luaL_error(L, "%s has no%s%s%s",
        lua_tostring(L, lua_upvalueindex(1)), column, key,
        text ? "" : " (its keys are texts: tostring may help)");
}

/* Pushes the table that is to be filled, for the reader at `rows`. */
static void push_table(lua_State *L, int rows)
{
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_getiuservalue(L, rows, ROWS_PATH);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, l_table__index, 2);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

/* Takes the row on top into the table below it, by the column at 2. */
static void add_row(lua_State *L, int rows, const struct csv_record *record)
{
    int table = lua_gettop(L) - 1;
    char key[CSV_TEXT_QUOTE_MAX], column[CSV_TEXT_QUOTE_MAX];
    size_t key_len, column_len;

    lua_pushvalue(L, 2);
    lua_gettable(L, -2); // raises when there is no such column
    lua_pushvalue(L, -1);
    if (lua_rawget(L, table) != LUA_TNIL) {
        const char *name = lua_tolstring(L, 2, &column_len);
        const char *text = lua_tolstring(L, -2, &key_len);
        csv_text_quote(name, column_len, ' ', column);
        csv_text_quote(text, key_len, '\'', key);
        push_position(L, rows, record->line);
        luaL_error(L, "%s: a second%s%s", lua_tostring(L, -1), column, key);
    }
    lua_pop(L, 1);
    lua_insert(L, -2);
    lua_rawset(L, table);
}

/* Raises when the file has no column as the one at 2, also without a row. */
static void check_column(lua_State *L, int rows)
{
    lua_newtable(L);
    lua_getiuservalue(L, rows, ROWS_NAMES);
    for (lua_Unsigned i = lua_rawlen(L, -1); i > 0; i--) {
        lua_rawgeti(L, -1, (lua_Integer)i);
        lua_pushboolean(L, 1);
        lua_rawset(L, -4);
    }
    lua_pop(L, 1);
    lua_getiuservalue(L, rows, ROWS_META);
    lua_setmetatable(L, -2);
    lua_pushvalue(L, 2);
    lua_gettable(L, -2);
    lua_pop(L, 2);
}

/* csv.table(path | options, column) -> rows by what they have in `column`
 * Raises for a row that cannot be used, for a second row with a key and, when
 * the table is read, for a key that is not there. */
static int l_csv_table(lua_State *L)
{
    struct csv_record record;
    enum csv_got got;
    enum { ROWS_AT = 3 };

    luaL_checktype(L, 2, LUA_TSTRING);
    lua_settop(L, 2);
    struct rows *self = open_rows(L, 1);
    check_column(L, ROWS_AT);
    push_table(L, ROWS_AT);
    while ((got = next_row(L, ROWS_AT, &record)) == CSV_ROW)
        add_row(L, ROWS_AT, &record);
    if (got == CSV_BAD)
        return raise_bad(L, ROWS_AT, &record);
    csv_close(self->reader);
    self->reader = NULL;
    return 1;
}

/* csv.number(text [, ","]) -> integer or float
 * The second is the decimal point, "." if not given; the other of "." and ","
 * may group the digits before it by three. Raises for anything else. */
static int l_csv_number(lua_State *L)
{
    char plain[CSV_TEXT_NUMBER_MAX], quoted[CSV_TEXT_QUOTE_MAX];
    static const char *const points[] = {".", ",", NULL};
    size_t len;

    luaL_checktype(L, 1, LUA_TSTRING);
    const char *text = lua_tolstring(L, 1, &len);
    const char *point = points[luaL_checkoption(L, 2, ".", points)];
    csv_text_quote(text, len, '\'', quoted);
    if (!csv_text_number(text, len, *point, plain) ||
        lua_stringtonumber(L, plain) == 0)
        return luaL_error(L, "%s is not a number with the decimal point \"%s\"",
            quoted, point);
    if (!strchr(plain, '.') && !lua_isinteger(L, -1))
        return luaL_error(L, "%s has too many digits for a number", quoted);
    return 1;
}

static const luaL_Reg rows_methods[] = {
    {"close", l_rows_close},
    {"prefix", l_rows_prefix},
    {"pull", l_rows_pull},
    {"unchanged", l_rows_unchanged},
    {NULL, NULL},
};

static const luaL_Reg rows_metamethods[] = {
    {"__call", l_rows__call},
    {"__close", l_rows_close},
    {"__gc", l_rows_close},
    {NULL, NULL},
};

static const luaL_Reg functions[] = {
    {"number", l_csv_number},
    {"rows", l_csv_rows},
    {"table", l_csv_table},
    {NULL, NULL},
};

int luaopen_omnitron_csv(lua_State *L)
{
    if (luaL_newmetatable(L, ROWS)) {
        luaL_setfuncs(L, rows_metamethods, 0);
        luaL_newlib(L, rows_methods);
        lua_setfield(L, -2, "__index");
    }
    luaL_newlib(L, functions);
    return 1;
}
