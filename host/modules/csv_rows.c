#include "base/file_path.h"
#include "csv/line_count.h"
#include "lua/script.h"
#include "lua/type.h"
#include "modules/csv_own.h"

#include <lauxlib.h>

#include <string.h>

#define ROWS   "omnitron.csv.rows"
#define CLOSED "this csv reader is closed"
#define IN_USE "a finalizer uses the csv reader that is read"

/* What csv.rows gives a script. Its user values are what a row needs: */
struct rows {
    struct csv_reader *reader; // owned; NULL: closed, or it failed
    bool failed;               // the file; ROWS_FAILURE says why
    bool failure_pulled;       // somebody has heard of it
    bool expected;             // its lines are counted in host->rows_expected
    unsigned changes;          // of what a record borrows from
};

enum {                          // bytes
    CELL_BYTES = 80,            // of a cell beside its text
    CELL_MOST = (1 << 20) + 80, // of any
    OPEN_BYTES = 256 << 10,     // to open a file
    READ_BYTES = 64 << 10,      // to read a row, as rows go
};

enum {
    ROWS_PATH = 1, // as it was given
    ROWS_NAMES,    // a list of the columns
    ROWS_META,     // the metatable of every row
    ROWS_FAILURE,  // why the file cannot be read
    ROWS_VALUES = ROWS_FAILURE,
};

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

/* The user values of the userdata on top, whose file is open. */
static void set_values(lua_State *L, const char *path)
{
    int rows = lua_gettop(L);
    const struct rows *self = lua_touserdata(L, rows);

    lua_pushstring(L, path);
    push_names(L, self->reader);
    csv_row_push_meta(L, rows + 1, rows + 2);
    lua_setiuservalue(L, rows, ROWS_META);
    lua_setiuservalue(L, rows, ROWS_NAMES);
    lua_setiuservalue(L, rows, ROWS_PATH);
}

/* The file of the userdata at `rows` cannot be read, or not on. */
static void fail(lua_State *L, int rows, const struct error *err)
{
    struct rows *self = lua_touserdata(L, rows);

    self->failed = true;
    lua_pushstring(L, err->text);
    lua_setiuservalue(L, rows, ROWS_FAILURE);
}

/* NULL: there is none, since the reader works in any state. */
static struct script *host_here(lua_State *L)
{
    struct tasks *tasks = tasks_of(L);

    return tasks ? tasks->host : NULL;
}

/* NULL likewise. */
static struct account *account_here(lua_State *L)
{
    struct script *host = host_here(L);

    return host ? &host->account : NULL;
}

/* Before its first row is pulled: how many there will be, without the header,
 * if somebody wants to know. */
static void expect(lua_State *L, struct rows *self)
{
    struct script *host = host_here(L);

    self->expected = true;
    if (!host || !host->wants_expected)
        return;
    lua_getiuservalue(L, 1, ROWS_PATH);
    int64_t lines = line_count(lua_tostring(L, -1));
    lua_pop(L, 1);
    host->rows_expected += lines > 0 ? lines - 1 : 0;
}

void csv_rows_push(lua_State *L, int index)
{
    struct csv_options o = {0};
    struct error err;

    if (tasks_over(L))
        luaL_error(L, "the script has ended");
    o.account = account_here(L);
    account_fits(o.account, OPEN_BYTES);
    struct rows *self = lua_newuserdatauv(L, sizeof(*self), ROWS_VALUES);
    *self = (struct rows){0};
    luaL_setmetatable(L, ROWS);
    int rows = lua_gettop(L);
    csv_options_read(L, index, &o); // nothing of Lua before it is opened
    self->reader = csv_open(&o, &err);
    lua_settop(L, rows);
    if (self->reader) {
        set_values(L, o.path);
        return;
    }
    if (err.kind != ERROR_OTHER) // an encoding that is none; no memory
        luaL_error(L, "%s", err.text);
    fail(L, rows, &err);
    lua_pushstring(L, o.path);
    lua_setiuservalue(L, rows, ROWS_PATH);
}

int csv_rows_raise_failure(lua_State *L, int rows)
{
    const struct rows *self = lua_touserdata(L, rows);

    if (!self->failed)
        return 0;
    lua_getiuservalue(L, rows, ROWS_FAILURE);
    return luaL_error(L, "%s", lua_tostring(L, -1));
}

/* csv.rows(path | options) -> reader; see csv_options.c
 * for row, at in csv.rows(…): a table by header name, and "lines.csv:812" */
int csv_rows(lua_State *L)
{
    luaL_argcheck(L, lua_isnoneornil(L, 2), 2,
        "options go in with the path: csv.rows{ path = …, encoding = … }");
    csv_rows_push(L, 1);
    return 1;
}

static struct rows *check_rows(lua_State *L)
{
    struct rows *self = luaL_checkudata(L, 1, ROWS);

    if (!self->reader && !self->failed)
        luaL_error(L, CLOSED);
    return self;
}

/* Pushes the row, from the reader at stack index `rows`. Whenever Lua takes
 * memory a finalizer of the script may run, and read on or close the file. */
static void push_row(
    lua_State *L, int rows, const struct csv_record *record, size_t n)
{
    const struct rows *self = lua_touserdata(L, rows);
    unsigned changes = self->changes;

    lua_getiuservalue(L, rows, ROWS_NAMES);
    lua_createtable(L, 0, (int)n);
    for (size_t i = 0; i < n; i++) {
        if (self->changes != changes)
            luaL_error(L, IN_USE);
        lua_rawgeti(L, -2, (lua_Integer)i + 1);
        lua_pushlstring(L, record->cells[i].text, record->cells[i].len);
        lua_rawset(L, -3);
    }
    lua_getiuservalue(L, rows, ROWS_META);
    lua_setmetatable(L, -2);
    lua_remove(L, -2);
}

void csv_rows_push_position(lua_State *L, int rows, long line)
{
    lua_getiuservalue(L, rows, ROWS_PATH);
    lua_pushfstring(L, "%s:%I", lua_tostring(L, -1), (LUAI_UACINT)line);
    lua_remove(L, -2);
}

/* Whether there is room for Lua's own of the row: that of any row, or of this
 * one. */
static bool row_fits(
    struct account *account, const struct csv_record *record, size_t n)
{
    if (n * CELL_MOST <= account_left(account))
        return true;
    size_t bytes = n * CELL_BYTES;

    for (size_t i = 0; i < n; i++)
        bytes += record->cells[i].len;
    return account_fits(account, bytes);
}

/* While the reader works, no finalizer may call it: what it may need is looked
 * for before. */
enum csv_got csv_rows_next(lua_State *L, int rows, struct csv_record *record)
{
    struct rows *self = lua_touserdata(L, rows);
    struct account *account = account_here(L);
    struct error err;
    size_t n;

    (void)account_fits(account, READ_BYTES);
    if (self->failed)
        return CSV_FAILED;
    if (!self->reader)
        luaL_error(L, CLOSED);
    unsigned changes = ++self->changes;
    enum csv_got got = csv_next(self->reader, record, &err);

    if (got == CSV_FAILED) {
        fail(L, rows, &err);
        return CSV_FAILED;
    }
    csv_columns(self->reader, &n);
    bool fits = got != CSV_ROW || row_fits(account, record, n);
    if (self->changes != changes)
        luaL_error(L, IN_USE);
    if (!fits) {
        record->message = "memory: this row is larger than what is left of "
                          "the memory that profile.lua gives (memory)";
        return CSV_BAD;
    }
    if (got == CSV_ROW)
        push_row(L, rows, record, n);
    return got;
}

/* A plan tells of rows that came to no rule. */
static void count_row(lua_State *L, enum csv_got got)
{
    struct script *host = host_here(L);

    if (host && (got == CSV_ROW || got == CSV_BAD))
        host->csv_rows++;
}

int csv_rows_raise(lua_State *L, int rows, const struct csv_record *record)
{
    lua_pushstring(L, record->message); // the reader's, until Lua works
    csv_rows_push_position(L, rows, record->line);
    return luaL_error(L, "%s: %s", lua_tostring(L, -1), lua_tostring(L, -2));
}

/* reader() -> row, position | nil at the end
 * Raises when a row cannot be used. */
static int l_rows__call(lua_State *L)
{
    struct csv_record record;

    check_rows(L);
    enum csv_got got = csv_rows_next(L, 1, &record);
    csv_rows_raise_failure(L, 1);
    count_row(L, got);
    if (got == CSV_BAD)
        return csv_rows_raise(L, 1, &record);
    if (got == CSV_END)
        return 0;
    csv_rows_push_position(L, 1, record.line);
    return 2;
}

void csv_rows_push_path(lua_State *L, int rows)
{
    lua_getiuservalue(L, rows, ROWS_PATH);
}

void csv_rows_check_column(lua_State *L, int rows, int name)
{
    csv_rows_raise_failure(L, rows);
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
    lua_pushvalue(L, name);
    lua_gettable(L, -2);
    lua_pop(L, 2);
}

/* The path as the customer's folder has it, if it lies in there: the same
 * from wherever the script was called. */
static const char *within_folder(lua_State *L, const char *path)
{
    const struct script *host = host_here(L);
    const char *profile = host ? host->profile->path : NULL;
    size_t len = profile ? file_path_head(profile) : 0;

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

/* Once, in place of a row: the file, and why no more of it is read. */
static int pull_failure(lua_State *L, struct rows *self)
{
    if (self->failure_pulled)
        return 0;
    self->failure_pulled = true;
    lua_pushboolean(L, 0);
    lua_getiuservalue(L, 1, ROWS_PATH);
    lua_pushstring(L, within_folder(L, lua_tostring(L, -1)));
    lua_remove(L, -2);
    lua_pushliteral(L, "invalid");
    lua_getiuservalue(L, 1, ROWS_FAILURE);
    return 4;
}

/* reader:pull() -> row, line | nil at the end
 *                | false, line, "invalid" or "later", message
 *                | false, path, "invalid", message: of the whole file */
static int l_rows_pull(lua_State *L)
{
    struct csv_record record;
    struct rows *self = check_rows(L);

    if (!self->expected && !self->failed)
        expect(L, self);
    enum csv_got got = csv_rows_next(L, 1, &record);
    if (got == CSV_FAILED)
        return pull_failure(L, self);
    count_row(L, got);
    if (got == CSV_END)
        return 0;
    if (got == CSV_BAD) {
        lua_pushstring(L, record.message); // the reader's, until Lua works
        lua_pushboolean(L, 0);
    }
    lua_pushinteger(L, record.line);
    if (got == CSV_ROW)
        return 2;
    lua_pushstring(L, record.later ? "later" : "invalid");
    lua_rotate(L, -4, -1);
    return 4;
}

/* reader:unchanged() -> true | false, message
 * Whether what was read is the whole file as it is now. */
static int l_rows_unchanged(lua_State *L)
{
    const struct rows *self = check_rows(L);
    struct error err;
    bool unchanged = !self->failed && csv_unchanged(self->reader, &err);

    lua_pushboolean(L, unchanged);
    if (unchanged)
        return 1;
    if (self->failed)
        lua_getiuservalue(L, 1, ROWS_FAILURE);
    else
        lua_pushstring(L, err.text);
    return 2;
}

void csv_rows_close(lua_State *L, int index)
{
    struct rows *self = luaL_checkudata(L, index, ROWS);
    struct csv_reader *reader = self->reader;

    self->reader = NULL;
    self->failed = false;
    self->changes++;
    csv_close(reader);
}

/* reader:close(): now, not when the collector comes; again does nothing */
static int l_rows_close(lua_State *L)
{
    csv_rows_close(L, 1);
    return 0;
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

void csv_rows_make_type(lua_State *L)
{
    if (type_push(L, ROWS)) {
        luaL_setfuncs(L, rows_metamethods, 0);
        luaL_newlib(L, rows_methods);
        lua_setfield(L, -2, "__index");
    }
    lua_pop(L, 1);
}
