#include "cli/show_text.h"

#include "base/clock.h"
#include "base/escape.h"
#include "base/exit_code.h"
#include "base/instant.h"
#include "base/secret.h"
#include "delivery/reply.h"
#include "delivery/stop_reason.h"
#include "terminal/column.h"
#include "terminal/wrap.h"
#include "terminal/wrapped.h"
#include "json/json.h"

#include <lauxlib.h>
#include <limits.h>
#include <string.h>
#include <time.h>

/* A buffer that Lua's collector frees: what raises leaks nothing. */
static int l_free(lua_State *L)
{
    buf_free(lua_touserdata(L, 1));
    return 0;
}

static struct buf *new_buf(lua_State *L)
{
    struct buf *b = lua_newuserdatauv(L, sizeof *b, 0);

    *b = (struct buf){0};
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_setmetatable(L, -2);
    return b;
}

/* Lua's own words, as lua-cjson's allocations have them, too. */
static const char no_memory[] = "not enough memory";

int show_text_no_memory(lua_State *L)
{
    lua_pushstring(L, no_memory);
    return lua_error(L);
}

bool show_text_is_no_memory(lua_State *L)
{
    return lua_type(L, -1) == LUA_TSTRING &&
           strcmp(lua_tostring(L, -1), no_memory) == 0;
}

static int give(lua_State *L, struct buf *b, bool ok)
{
    if (!ok)
        return show_text_no_memory(L);
    lua_pushlstring(L, buf_text(b), b->len);
    buf_free(b);
    return 1;
}

static size_t most_of(lua_State *L, int arg)
{
    lua_Integer most = luaL_optinteger(L, arg, INT_MAX);

    luaL_argcheck(L, most >= 0, arg, "negative");
    return (size_t)most;
}

static int columns_of(lua_State *L, int arg)
{
    lua_Integer columns = luaL_checkinteger(L, arg);

    luaL_argcheck(L, columns >= 0 && columns <= INT_MAX, arg, "no columns");
    return (int)columns;
}

static int l_width(lua_State *L)
{
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);

    lua_pushinteger(L, (lua_Integer)escape_width(text, len));
    return 1;
}

static int l_fit(lua_State *L)
{
    const char *text = luaL_checkstring(L, 1);
    int width = columns_of(L, 2);
    bool right = lua_toboolean(L, 3);
    struct buf *b = new_buf(L);

    return give(L, b, column_put(b, text, width, right));
}

static int l_words(lua_State *L)
{
    const char *text = luaL_checkstring(L, 1);
    int at = columns_of(L, 2), columns = columns_of(L, 3);
    struct buf *b = new_buf(L);

    return give(L, b, column_put_words(b, text, at, columns));
}

static int l_wrap(lua_State *L)
{
    const char *text = luaL_checkstring(L, 1);
    size_t most = most_of(L, 2);
    struct buf *b = new_buf(L);

    return give(L, b, wrapped_put(b, text, most));
}

static int l_escape(lua_State *L)
{
    size_t len, most = most_of(L, 2);
    const char *text = luaL_checklstring(L, 1, &len);
    struct buf *b = new_buf(L);

    return give(L, b, escape_add(b, text, len, most));
}

static int l_html(lua_State *L)
{
    const char *text = luaL_checkstring(L, 1);
    size_t most = most_of(L, 2);
    struct buf *b = new_buf(L);

    return give(L, b, escape_put_html(b, text, most));
}

static int l_quote(lua_State *L)
{
    const char *text = luaL_checkstring(L, 1);
    struct buf *b = new_buf(L);

    return give(L, b, escape_put_word(b, text));
}

static int l_mask(lua_State *L)
{
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);
    struct buf *b = new_buf(L);
    bool ok = buf_add(b, text, len);

    if (ok && b->len)
        secret_mask(b->data, &b->len);
    return give(L, b, ok);
}

static int l_time(lua_State *L)
{
    char text[CLOCK_TEXT_MAX];

    lua_pushstring(L, clock_local(luaL_checkinteger(L, 1), text));
    return 1;
}

static int l_utc(lua_State *L)
{
    char text[CLOCK_TEXT_MAX];

    lua_pushstring(L, clock_rfc3339(luaL_checkinteger(L, 1), text));
    return 1;
}

static int l_paragraph(lua_State *L)
{
    size_t len;
    const char *head = luaL_checkstring(L, 1);
    const char *text = luaL_checklstring(L, 2, &len);
    struct buf *b = new_buf(L);

    return give(L, b, wrap_put(b, head, text, len));
}

/* Reads the argument 1. False: it is no moment, as in a year that a damaged
 * journal has. */
static bool read_moment(lua_State *L, int64_t *ms)
{
    struct instant at;
    size_t len;
    const char *utc = luaL_checklstring(L, 1, &len);

    if (!instant_read(utc, len, &at))
        return false;
    *ms = at.seconds * 1000 + at.nanoseconds / 1000000;
    return true;
}

static int l_when(lua_State *L)
{
    char text[CLOCK_TEXT_MAX];
    int64_t ms;

    if (read_moment(L, &ms))
        lua_pushstring(L, clock_local(ms, text));
    else
        lua_settop(L, 1);
    return 1;
}

static int l_parts(lua_State *L)
{
    struct tm tm;
    int64_t ms;

    if (!read_moment(L, &ms))
        return 0;
    time_t seconds = (time_t)(ms / 1000);
    localtime_r(&seconds, &tm);
    lua_pushinteger(L, tm.tm_year + 1900);
    lua_pushinteger(L, tm.tm_mon + 1);
    lua_pushinteger(L, tm.tm_mday);
    lua_pushinteger(L, tm.tm_wday + 1);
    lua_pushinteger(L, tm.tm_hour);
    lua_pushinteger(L, tm.tm_min);
    return 6;
}

static int l_ms(lua_State *L)
{
    int64_t ms;

    if (read_moment(L, &ms))
        lua_pushinteger(L, ms);
    else
        lua_pushnil(L);
    return 1;
}

/* Whole days from a moment until now; 0 for what is no moment. */
static int l_days(lua_State *L)
{
    struct instant at;
    size_t len;
    const char *utc = luaL_checklstring(L, 1, &len);
    int64_t seconds =
        instant_read(utc, len, &at) ? clock_wall_ms() / 1000 - at.seconds : 0;

    lua_pushinteger(L, seconds > 0 ? seconds / 86400 : 0);
    return 1;
}

enum { REPLY_WORDS_MAX = 400 };

static int l_reply(lua_State *L)
{
    char words[REPLY_WORDS_MAX];
    size_t len;
    int status = (int)luaL_checkinteger(L, 1);
    const char *body = luaL_checklstring(L, 2, &len);

    reply_words(status, body, len, words, sizeof words);
    lua_pushstring(L, words);
    return 1;
}

/* No run ends with what is a plan's. */
static int l_exit(lua_State *L)
{
    static const char *const weights[] = {[EXIT_WEIGHT_FINE] = "fine",
        [EXIT_WEIGHT_LATER] = "later",
        [EXIT_WEIGHT_ROWS] = "rows",
        [EXIT_WEIGHT_UNKNOWN] = "unknown",
        [EXIT_WEIGHT_ALARM] = "alarm"};
    const struct exit_row *row = exit_row_of((int)luaL_checkinteger(L, 1));

    if (!row || row->code == EXIT_PLANNED)
        return 0;
    lua_pushstring(L, row->brief);
    lua_pushstring(L, weights[row->weight]);
    return 2;
}

static int l_stopped(lua_State *L)
{
    char says[REPLY_WORDS_MAX];
    const char *why = luaL_checkstring(L, 1), *host = luaL_checkstring(L, 2);

    for (enum stop_reason stop = STOP_TOKEN; stop < STOP_LEAVE; stop++)
        if (strcmp(stop_reason_name(stop), why) == 0) {
            const struct stop_note note = {.why = stop};

            stop_reason_say(&note, host, says, sizeof says);
            lua_pushstring(L, says);
            return 1;
        }
    return 0;
}

/* Pushes the value's text: a string's own, anything else as it is written. */
static void push_member(lua_State *L, const struct json_value *value)
{
    struct buf *b = new_buf(L);

    if (value->type == JSON_STRING)
        give(L, b, json_string(value, b));
    else
        lua_pushlstring(L, value->text, value->len);
    lua_remove(L, -2);
}

static int l_members(lua_State *L)
{
    struct json_value object, name, value;
    struct json_iter it;
    struct error err;
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);

    if (!json_parse(text, len, &object, &err))
        return luaL_error(L, "%s", err.text);
    lua_newtable(L);
    json_iter_init(&it, &object);
    for (lua_Integer n = 1; json_iter_next(&it, &name, &value); n++) {
        lua_createtable(L, 3, 0);
        push_member(L, &name);
        lua_rawseti(L, -2, 1);
        push_member(L, &value);
        lua_rawseti(L, -2, 2);
        lua_pushboolean(L, value.type == JSON_STRING);
        lua_rawseti(L, -2, 3);
        lua_rawseti(L, -2, n);
    }
    return 1;
}

void show_text_push(lua_State *L)
{
    static const luaL_Reg functions[] = {{"width", l_width}, {"fit", l_fit},
        {"words", l_words}, {"wrap", l_wrap}, {"escape", l_escape},
        {"html", l_html}, {"quote", l_quote}, {"mask", l_mask},
        {"time", l_time}, {"utc", l_utc}, {"when", l_when}, {"days", l_days},
        {"parts", l_parts}, {"ms", l_ms}, {"exit", l_exit},
        {"stopped", l_stopped}, {"paragraph", l_paragraph}, {"reply", l_reply},
        {"members", l_members}, {0}};

    luaL_newlibtable(L, functions);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, l_free);
    lua_setfield(L, -2, "__gc");
    luaL_setfuncs(L, functions, 1);
}
