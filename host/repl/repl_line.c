#include "repl/repl_own.h"

#include "ending/leave_signal.h"
#include "session/script_fault.h"
#include "session/signals.h"

#include <lauxlib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

void repl_line_listen(struct repl *repl)
{
    int number = signals_read(repl->session.options->signal_fd);

    if (number)
        repl->stopped = true;
    if (number && leave_signal_code(number) == EXIT_SIGTERM)
        repl->terminated = true;
}

/* Calls a C function of ours in the state, protected. */
static bool call(
    struct repl *repl, lua_CFunction fn, void *arg, struct error *err)
{
    lua_State *L = repl->session.state.L;

    tasks_begin(&repl->session.state.tasks);
    lua_pushcfunction(L, fn);
    lua_pushlightuserdata(L, arg);
    if (lua_pcall(L, 1, 0, 0) == LUA_OK)
        return true;
    const char *text =
        lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
    error_set(err, ERROR_OTHER, "%s", text ? text : "an error in the repl");
    lua_pop(L, 1);
    return false;
}

/* Pushes a function of scripts/lib/repl.lua. */
static void push_function(lua_State *L, const char *name)
{
    luaL_checkstack(L, 8, NULL);
    lua_getfield(L, LUA_REGISTRYINDEX, STATE_NATIVE);
    lua_getfield(L, -1, "repl");
    lua_getfield(L, -1, name);
    lua_replace(L, -3);
    lua_pop(L, 1);
}

static void keep_text(lua_State *L, int index, struct buf *out)
{
    size_t len;
    const char *text = luaL_checklstring(L, index, &len);

    if (!buf_add(out, text, len))
        luaL_error(L, "out of memory");
}

static int read_text(lua_State *L)
{
    struct repl *repl = lua_touserdata(L, 1);

    push_function(L, "read");
    lua_pushlstring(L, buf_text(&repl->text), repl->text.len);
    lua_pushinteger(L, repl->first_line);
    lua_call(L, 2, 1);
    buf_clear(&repl->shown);
    keep_text(L, -1, &repl->shown);
    return 0;
}

enum repl_reading repl_line_read(struct repl *repl)
{
    struct error err;

    if (!call(repl, read_text, repl, &err)) {
        repl_complain(repl, err.text);
        return REPL_BAD;
    }
    const char *answer = buf_text(&repl->shown);
    if (strcmp(answer, "ready") == 0)
        return REPL_READY;
    if (strcmp(answer, "more") == 0)
        return REPL_MORE;
    repl_complain(repl, answer);
    return REPL_BAD;
}

static void on_end(lua_State *co, int status, void *arg)
{
    struct repl *repl = arg;
    size_t len;

    repl->ended = true;
    if (status != LUA_OK) {
        script_fault_keep(repl->session.fault, sizeof repl->session.fault, co);
        return;
    }
    const char *text = lua_tolstring(co, -1, &len);
    if (text && !buf_add(&repl->shown, text, len))
        snprintf(
            repl->session.fault, sizeof repl->session.fault, "out of memory");
}

static int spawn(lua_State *L)
{
    struct repl *repl = lua_touserdata(L, 1);
    int columns, rows;

    repl_input_screen(repl->input, &columns, &rows);
    push_function(L, "run");
    lua_pushinteger(L, columns);
    lua_pushinteger(L, rows);
    task_spawn(L, 2, on_end, repl);
    return 0;
}

bool repl_line_is_live(const struct repl *repl)
{
    return repl->session.loop.delivery != NULL;
}

static void turn(struct repl *repl)
{
    struct session *s = &repl->session;
    struct error err;

    session_turn(s);
    if (repl_line_is_live(repl) && journal_failed(s->loop.journal, &err)) {
        repl->disk_failed = true;
        snprintf(s->fault, sizeof s->fault, "%s", err.text);
    }
}

static void start(struct repl *repl)
{
    struct error err;

    repl->ended = repl->stopped = false;
    repl->session.fault[0] = '\0';
    repl->session.script.rows = (struct script_rows){0};
    repl->session.script.csv_rows = repl->session.script.direct_releases = 0;
    buf_clear(&repl->shown);
    if (!call(repl, spawn, repl, &err))
        snprintf(
            repl->session.fault, sizeof repl->session.fault, "%s", err.text);
}

/* What waited is aborted; a release that left the program comes to its end
 * in the journal. */
static void stop(struct repl *repl)
{
    tasks_close(&repl->session.state.tasks);
    if (repl->stopped)
        snprintf(repl->session.fault, sizeof repl->session.fault, "stopped%s",
            loop_busy(&repl->session.loop)
                ? "; what is on its way still comes to its end in the journal"
                : "");
}

void repl_line_run(struct repl *repl)
{
    start(repl);
    while (!repl->ended && !repl->stopped && !repl->session.fault[0])
        turn(repl);
    stop(repl);
    while (!repl_input_is_terminal(repl->input) &&
           loop_busy(&repl->session.loop) && !repl->stopped)
        turn(repl);
    repl_plan_show(repl);
    if (repl->session.fault[0])
        repl_complain(repl, repl->session.fault);
    else
        repl_say(&repl->shown);
}

struct completing {
    struct repl *repl;
    const char *before;
    struct buf *more, *list;
};

static int complete(lua_State *L)
{
    struct completing *c = lua_touserdata(L, 1);
    int columns, rows;

    repl_input_screen(c->repl->input, &columns, &rows);
    push_function(L, "complete");
    lua_pushstring(L, c->before);
    lua_pushinteger(L, columns);
    lua_call(L, 2, 2);
    keep_text(L, -2, c->more);
    keep_text(L, -1, c->list);
    return 0;
}

bool repl_line_complete(
    struct repl *repl, const char *before, struct buf *more, struct buf *list)
{
    struct completing c = {repl, before, more, list};
    struct error ignored;

    return call(repl, complete, &c, &ignored);
}

/* Twice: what a finalizer brings back goes the second time. */
static int collect(lua_State *L)
{
    lua_gc(L, LUA_GCCOLLECT);
    lua_gc(L, LUA_GCCOLLECT);
    return 0;
}

void repl_line_collect(struct repl *repl)
{
    struct error ignored;

    call(repl, collect, NULL, &ignored);
}

static int set_live(lua_State *L)
{
    const bool *live = lua_touserdata(L, 1);

    push_function(L, "set_live");
    lua_pushboolean(L, *live);
    lua_call(L, 1, 0);
    return 0;
}

bool repl_line_set_live(struct repl *repl, bool live, struct error *err)
{
    if (!call(repl, set_live, &live, err))
        return false;
    repl->session.script.planning = !live;
    return true;
}
