/* What the prelude is made of: tasks, latches, and the ears of the run. */
#include "base/clock.h"
#include "delivery/retry.h"
#include "journal/inputs.h"
#include "lua/modules.h"
#include "lua/script.h"
#include "lua/type.h"
#include "modules/desk.h"
#include "modules/moment.h"
#include "modules/row_text.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#define LATCH "omnitron.latch"

#define ROWS_MOST ((lua_Integer)1 << 40) // of one list; "#" may say anything

enum { BREATH_MS = 20, LEFT_ALONE_ARGS = 4 };

static void on_worker_end(lua_State *co, int status, void *arg)
{
    struct script *host = arg;

    if (status != LUA_OK)
        host->fault(host->arg, co);
}

/* native.spawn(fn, ...): a task that runs fn(...). */
static int l_native_spawn(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    task_spawn(L, lua_gettop(L) - 1, on_worker_end, script_of(L));
    return 0;
}

/* native.is_outermost() -> whether the running coroutine is a task's own */
static int l_native_is_outermost(lua_State *L)
{
    lua_pushboolean(L, task_is_outermost(L));
    return 1;
}

/* native.forget_wait(): aborts what was begun and cannot be waited for. */
static int l_native_forget_wait(lua_State *L)
{
    task_forget_wait(L);
    return 0;
}

/* native.check_wait(): raises where the calling task could not wait. */
static int l_native_check_wait(lua_State *L)
{
    task_check_can_wait(L);
    return 0;
}

static int breathed(lua_State *L, int status, lua_KContext ctx)
{
    (void)L, (void)status, (void)ctx;
    return 0;
}

/* native.breathe(): lets the loop turn when it has not for a while, lest a
 * task that always finds something to do keeps it from looking at signals. */
static int l_native_breathe(lua_State *L)
{
    const struct loop *loop = script_of(L)->loop;

    if (clock_running_ms() - loop->turned_ms < BREATH_MS)
        return 0;
    return task_breathe(L, 0, breathed);
}

/* native.latch() -> a latch: one task waits at it, another opens it. */
static int l_native_latch(lua_State *L)
{
    struct waiter *latch = lua_newuserdatauv(L, sizeof *latch, 0);

    *latch = (struct waiter){0};
    luaL_setmetatable(L, LATCH);
    return 1;
}

static int latch_opened(lua_State *L, int status, lua_KContext ctx)
{
    (void)L, (void)status, (void)ctx;
    return 0;
}

/* latch:wait() */
static int l_latch_wait(lua_State *L)
{
    struct waiter *latch = luaL_checkudata(L, 1, LATCH);

    task_check_can_wait(L);
    return task_park(L, latch, 0, latch_opened);
}

/* latch:open(): nothing when nobody waits. */
static int l_latch_open(lua_State *L)
{
    task_wake(luaL_checkudata(L, 1, LATCH));
    return 0;
}

/* native.expect(n): a list of n rows is about to be taken. */
static int l_native_expect(lua_State *L)
{
    lua_Integer n = luaL_checkinteger(L, 1);

    if (n > 0 && n < ROWS_MOST)
        script_of(L)->rows_expected += n;
    return 0;
}

/* Rows that came to this. */
static void count_rows(struct script *host, enum input_end end, int64_t n)
{
    host->rows.rows += n;
    host->rows.by_end[end] += n;
    host->progress(host->arg);
}

/* native.released([n = 1]): so many more rows came to releases. */
static int l_native_released(lua_State *L)
{
    lua_Integer n = luaL_optinteger(L, 1, 1);

    luaL_argcheck(L, n >= 0 && n < ROWS_MOST, 1, "no number of rows");
    count_rows(script_of(L), INPUT_RELEASED, n);
    return 0;
}

static struct script_problem check_problem(lua_State *L)
{
    return (struct script_problem){
        .what = luaL_checkstring(L, 1),
        .at = luaL_optstring(L, 2, ""),
        .name = luaL_optstring(L, 3, ""),
        .message = luaL_optstring(L, 4, ""),
        .item = luaL_optstring(L, 5, ""),
        .place = luaL_optstring(L, 7, ""),
        .body = luaL_optstring(L, 9, NULL),
    };
}

/* The fields of a row, if it could be read and they are kept. */
static const char *fields_of(lua_State *L, int row)
{
    return lua_toboolean(L, row) ? desk_see(L, row) : NULL;
}

/* native.problem(what, at, name, message, item): of a release. */
static int l_native_problem(lua_State *L)
{
    struct script_problem problem = check_problem(L);
    struct script *host = script_of(L);

    host->problem(host->arg, &problem);
    return 0;
}

static void keep_input(lua_State *L, const struct script_problem *row)
{
    struct script *host = script_of(L);

    if (!host->inputs || !inputs_wants(host->inputs, row->what))
        return;
    inputs_add(host->inputs,
        &(struct journal_input){.what = row->what,
            .source = row->at,
            .name = row->name,
            .message = script_behind_place(row->message, row->place),
            .item = row->item,
            .place = row->place,
            .seen = fields_of(L, 6)});
}

static void plan_row(lua_State *L, enum input_end end,
    const struct script_problem *row, const char *code)
{
    struct script *host = script_of(L);

    if (host->planning)
        host->planned(host->arg, &(struct plan_row){.would = plan_would_of(end),
                                     .at = row->at,
                                     .name = row->name,
                                     .words = row->message,
                                     .where = row->place,
                                     .body = row->body,
                                     .item = row->item,
                                     .code = code});
}

/* native.row_ended(what, at, name, message, item, row, where, code, body): a
 * row came to no release, but to `what` (skipped later failed invalid): said to
 * all who count, keep, show or report it. row: false when it could not be read;
 * where: "rules.lua:6", if the message begins with it; body: of a request that
 * stayed here */
static int l_native_row_ended(lua_State *L)
{
    struct script_problem row = check_problem(L);
    struct script *host = script_of(L);
    const char *code = luaL_optstring(L, 8, "");
    enum input_end end;

    if (!input_end_read(row.what, &end) || end == INPUT_RELEASED)
        return luaL_argerror(L, 1, "no end of a row without a release");
    plan_row(L, end, &row, code);
    keep_input(L, &row);
    count_rows(host, end, 1);
    if (end == INPUT_SKIPPED)
        return 0;
    if (!row.name[0] && !row.item[0])
        row.seen = fields_of(L, 6);
    host->problem(host->arg, &row);
    return 0;
}

/* native.plan_note(text): what would become of a file or a cursor */
static int l_native_plan_note(lua_State *L)
{
    struct script *host = script_of(L);

    if (host->planning)
        host->plan_note(host->arg, luaL_checkstring(L, 1));
    return 0;
}

/* native.take_row() -> whether another row may be taken (--limit) */
static int l_native_take_row(lua_State *L)
{
    struct script *host = script_of(L);
    bool may = host->limit != 0;

    if (host->limit > 0)
        host->limit--;
    if (!may)
        host->left_alone = true;
    if (may && host->only)
        host->only->rows++;
    lua_pushboolean(L, may);
    return 1;
}

/* Whether a field of the row at `index` has the text. */
static bool row_has(lua_State *L, int index, const char *text)
{
    bool found = false;

    if (!lua_istable(L, index))
        return lua_isstring(L, index) &&
               strcmp(lua_tostring(L, index), text) == 0;
    lua_pushnil(L);
    while (!found && lua_next(L, index)) {
        lua_pushvalue(L, -1); // a number stays one in the row
        found = lua_isstring(L, -1) && strcmp(lua_tostring(L, -1), text) == 0;
        lua_pop(L, 2);
    }
    lua_settop(L, LEFT_ALONE_ARGS);
    return found;
}

/* What --only asks for, and the row has, and the rule gives no release of. */
static void note_passed(lua_State *L, struct only *only)
{
    const char *what = lua_tostring(L, 1);
    const char *at = luaL_optstring(L, 3, "a line");
    const char *why = luaL_optstring(L, 4, "");

    for (size_t i = 0; i < only->count; i++)
        if (!only->met[i] && !only->passed[i][0] &&
            row_has(L, 2, only->values[i]))
            snprintf(only->passed[i], sizeof only->passed[i],
                "%s, which %s no release (%s%s%s)", at,
                strcmp(what, "later") == 0 ? "has yet" : "gives", what,
                *why ? ": " : "", why);
}

/* native.left_alone(what [, row, at, message]): --only left a row alone, which
 * was failed, invalid, later or skipped. */
static int l_native_left_alone(lua_State *L)
{
    struct script *host = script_of(L);
    enum input_end end;

    lua_settop(L, LEFT_ALONE_ARGS);
    host->left_alone = true;
    if (host->only)
        note_passed(L, host->only);
    if (host->only && input_end_read(luaL_checkstring(L, 1), &end) &&
        input_end_needs_person(end))
        host->only->bad++;
    return 0;
}

/* native.misused(): the error that follows is the command line's. */
static int l_native_misused(lua_State *L)
{
    script_of(L)->misused = true;
    return 0;
}

/* native.stopped() -> why sending stopped, "token" "prefix" …, or nil */
static int l_native_stopped(lua_State *L)
{
    const struct delivery *delivery = script_of(L)->loop->delivery;
    const char *name =
        delivery ? stop_reason_name(delivery_stopped(delivery)->why) : "";

    if (name[0])
        lua_pushstring(L, name);
    else
        lua_pushnil(L);
    return 1;
}

/* native.leaving() -> whether the run has to end: a signal, the deadline */
static int l_native_leaving(lua_State *L)
{
    lua_pushboolean(L, script_of(L)->leaving);
    return 1;
}

/* The length of "rules.lua:6" of a function at the start of a text that goes on
 * with ": "; 0: it does not. */
static size_t place_length(const lua_Debug *ar, const char *text)
{
    size_t len = strlen(ar->short_src);

    if (ar->source[0] != '@' || strncmp(text, ar->short_src, len) != 0 ||
        text[len] != ':')
        return 0;
    size_t digits = strspn(text + len + 1, "0123456789");
    const char *end = text + len + 1 + digits;
    return digits && end[0] == ':' && end[1] == ' ' ? (size_t)(end - text) : 0;
}

/* native.place_of(text) -> "rules.lua:6" of a function on this stack that the
 * text begins with; or nil. No guess: a file may have any name */
static int l_native_place_of(lua_State *L)
{
    const char *text = luaL_checkstring(L, 1);
    lua_Debug ar;

    for (int level = 1; lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "S", &ar);
        size_t len = place_length(&ar, text);
        if (len) {
            lua_pushlstring(L, text, len);
            return 1;
        }
    }
    return 0;
}

/* native.where() -> "rules.lua:6" of the innermost function of a file, for an
 * error that says no place; or nil */
static int l_native_where(lua_State *L)
{
    lua_Debug ar;

    for (int level = 1; lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "Sl", &ar);
        if (ar.source[0] == '@' && ar.currentline > 0) {
            lua_pushfstring(L, "%s:%d", ar.short_src, ar.currentline);
            return 1;
        }
    }
    return 0;
}

/* native.retry_delay(tries, draw [, retry_after]) -> seconds to wait before the
 * next of so many tries; draw: 0 to below 1; retry_after: the header's text */
static int l_native_retry_delay(lua_State *L)
{
    size_t len;
    lua_Integer tries = luaL_checkinteger(L, 1);
    double draw = luaL_checknumber(L, 2);
    const char *after = luaL_optlstring(L, 3, "", &len);
    int64_t after_ms = retry_after_ms(after, len, clock_wall_ms());

    lua_pushnumber(
        L, (lua_Number)retry_delay_ms((int)tries, draw, after_ms) / 1000);
    return 1;
}

/* native.host_answered(host) */
static int l_native_host_answered(lua_State *L)
{
    away_answered(&script_of(L)->away, luaL_checkstring(L, 1));
    return 0;
}

/* native.host_cost(host, words, ended): it is away, and a row waits for it, or
 * the script has ended */
static int l_native_host_cost(lua_State *L)
{
    away_cost(&script_of(L)->away, luaL_checkstring(L, 1),
        luaL_checkstring(L, 2), lua_toboolean(L, 3));
    return 0;
}

/* native.has_words(value) -> whether it says itself what it is: a text, a
 * number, what has a __tostring */
static int l_native_has_words(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_pushboolean(L, lua_isstring(L, 1) ||
                           luaL_getmetafield(L, 1, "__tostring") != LUA_TNIL);
    return 1;
}

/* native.behind(value) -> the table that it has its methods from | nil */
static int l_native_behind(lua_State *L)
{
    luaL_checkany(L, 1);
    if (luaL_getmetafield(L, 1, "__index") != LUA_TTABLE)
        lua_pushnil(L);
    return 1;
}

/* native.work_anew(): what follows is another row's, as run_away sees it. */
static int l_native_work_anew(lua_State *L)
{
    task_work_anew(L);
    return 0;
}

/* native.sit_at(desk): the table whose `place` is the row that the running
 * task is at, with the `prefix` of a place that is a number */
static int l_native_sit_at(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    task_set_desk(L);
    return 0;
}

static const luaL_Reg native[] = {
    {"behind", l_native_behind},
    {"breathe", l_native_breathe},
    {"check_wait", l_native_check_wait},
    {"expect", l_native_expect},
    {"forget_wait", l_native_forget_wait},
    {"has_words", l_native_has_words},
    {"host_answered", l_native_host_answered},
    {"host_cost", l_native_host_cost},
    {"is_outermost", l_native_is_outermost},
    {"latch", l_native_latch},
    {"leaving", l_native_leaving},
    {"left_alone", l_native_left_alone},
    {"misused", l_native_misused},
    {"moment", moment_read},
    {"moment_earlier", moment_earlier},
    {"plan_note", l_native_plan_note},
    {"place_of", l_native_place_of},
    {"problem", l_native_problem},
    {"released", l_native_released},
    {"retry_delay", l_native_retry_delay},
    {"row_ended", l_native_row_ended},
    {"row_fault", row_text_fault},
    {"sit_at", l_native_sit_at},
    {"span", moment_span},
    {"spawn", l_native_spawn},
    {"stopped", l_native_stopped},
    {"take_row", l_native_take_row},
    {"where", l_native_where},
    {"work_anew", l_native_work_anew},
    {NULL, NULL},
};

static const luaL_Reg latch_methods[] = {
    {"open", l_latch_open},
    {"wait", l_latch_wait},
    {NULL, NULL},
};

int luaopen_omnitron_native(lua_State *L)
{
    type_push(L, LATCH);
    luaL_newlib(L, latch_methods);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
    luaL_newlib(L, native);
    lua_pushboolean(L, script_of(L)->planning);
    lua_setfield(L, -2, "planning");
    task_push_mark(L);
    lua_setfield(L, -2, "mark");
    return 1;
}
