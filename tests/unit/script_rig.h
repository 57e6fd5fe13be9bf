/* script_rig.h: a script's state as a run has it, with a mock Omnitron, a
 * journal in memory, the clocks frozen but for what is slept; and a Lua chunk
 * in it that is handed what no script gets: the table native, the metatables
 * of the registry, and debug. */
#ifndef TESTS_SCRIPT_RIG_H
#define TESTS_SCRIPT_RIG_H

#include "base/clock.h"
#include "lua/script.h"
#include "mock/mock.h"
#include "session/ports.h"
#include "session/state.h"

#include <errno.h>
#include <lauxlib.h>
#include <lualib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { SCRIPT_RIG_MEMORY = 128 << 20, SCRIPT_RIG_RUN_AWAY_MS = 1000 };

struct script_rig {
    struct mock *mock;
    struct profile profile;
    struct loop loop;
    struct ports ports;
    struct script host;
    struct state state;
    int entry;        // of the registry: what the chunk returned
    char fault[2000]; // of the first task that raised
};

static inline void script_rig_die(const char *what, const struct error *err)
{
    fail_msg("%s: %s", what, err->text);
}

/* A folder to work in, where nothing is lost. */
static inline void script_rig_folder(char *folder)
{
    FILE *file;

    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    file = fopen("lines.csv", "w");
    assert_non_null(file);
    fputs("a;b\n1;2\n3;4\n5\n6;7\n8;9\n", file);
    fclose(file);
    file = fopen("wide.csv", "w");
    assert_non_null(file);
    for (int line = 0; line < 9; line++)
        for (int i = 0; i < 60; i++)
            fprintf(file, "%scell %d%c", line ? "the text of a " : "", i,
                i == 59 ? '\n' : ';');
    fclose(file);
    assert_int_equal(mkdir("inbox", 0700), 0);
}

static inline void script_rig_problem(
    void *arg, const struct script_problem *problem)
{
    (void)arg, (void)problem;
}

static inline void script_rig_progress(void *arg)
{
    (void)arg;
}

static inline void script_rig_row(void *arg, const struct plan_row *row)
{
    (void)arg, (void)row;
}

static inline void script_rig_note(void *arg, const char *text)
{
    (void)arg, (void)text;
}

static inline void script_rig_fault(void *arg, lua_State *co)
{
    struct script_rig *rig = arg;
    const char *text = lua_tostring(co, -1);

    if (!rig->fault[0])
        snprintf(rig->fault, sizeof rig->fault, "%s",
            text ? text : "an error that is no text");
}

static inline void script_rig_ended(lua_State *co, int status, void *arg)
{
    if (status != LUA_OK)
        script_rig_fault(arg, co);
}

static inline void script_rig_wake(void *net)
{
    net_wake(net);
}

static inline void script_rig_fill_host(struct script_rig *rig)
{
    rig->host = (struct script){.loop = &rig->loop,
        .profile = &rig->profile,
        .token = rig->ports.token,
        .origin = mock_url(rig->mock),
        .name = "mock",
        .mock = true,
        .repl = true, // so that native is found
        .limit = -1,
        .at_once = 4,
        .problem = script_rig_problem,
        .progress = script_rig_progress,
        .planned = script_rig_row,
        .plan_note = script_rig_note,
        .fault = script_rig_fault,
        .arg = rig};
    rig->loop.tasks = &rig->state.tasks;
    rig->loop.skips_time = true;
}

/* Lua code, with these arguments: native, the registry, debug, the URL of the
 * mock, a number. It returns a function that is kept. */
static inline int script_rig_chunk(lua_State *L)
{
    struct script_rig *rig = lua_touserdata(L, 1);

    if (luaL_loadfile(L, lua_touserdata(L, 2)))
        lua_error(L);
    lua_getfield(L, LUA_REGISTRYINDEX, STATE_NATIVE);
    lua_pushvalue(L, LUA_REGISTRYINDEX);
    lua_pushcfunction(L, luaopen_debug);
    lua_call(L, 0, 1);
    lua_pushstring(L, mock_url(rig->mock));
    lua_pushvalue(L, 3);
    lua_call(L, 5, 1);
    rig->entry = luaL_ref(L, LUA_REGISTRYINDEX);
    return 0;
}

static inline void script_rig_load(
    struct script_rig *rig, const char *path, lua_Integer number)
{
    lua_State *L = rig->state.L;
    char name[4200];

    snprintf(name, sizeof name, "%s", path);
    lua_pushcfunction(L, script_rig_chunk);
    lua_pushlightuserdata(L, rig);
    lua_pushlightuserdata(L, name);
    lua_pushinteger(L, number);
    if (lua_pcall(L, 3, 0, 0) != LUA_OK)
        fail_msg("%s: %s", path, lua_tostring(L, -1));
}

static inline void script_rig_open(struct script_rig *rig, struct mock *mock)
{
    struct journal_options journal = {
        .host = "mock", .script = "script", .wake = script_rig_wake};
    const struct endpoint endpoint = {.origin = mock_url(mock),
        .name = "mock",
        .token = "mock",
        .mock = true};
    struct ports_options ports = {
        .profile = &rig->profile, .endpoint = &endpoint, .at_once = 4};
    struct error err;

    memset(rig, 0, sizeof *rig);
    rig->mock = mock;
    profile_defaults(&rig->profile);
    rig->profile.memory = SCRIPT_RIG_MEMORY;
    rig->profile.run_away_ms = SCRIPT_RIG_RUN_AWAY_MS;
    rig->profile.route.timeout_ms = 3000;
    rig->loop.net = net_open(&err);
    assert_non_null(rig->loop.net);
    journal.wake_arg = rig->loop.net;
    rig->loop.journal = journal_open(&journal, &err);
    if (!rig->loop.journal)
        script_rig_die("journal", &err);
    rig->ports.net = rig->loop.net;
    rig->ports.journal = rig->loop.journal;
    if (!ports_open(&rig->ports, &ports, &err))
        script_rig_die("ports", &err);
    rig->loop.delivery = rig->ports.delivery;
    script_rig_fill_host(rig);
    if (!state_open_bare(&rig->state, &rig->host, "script.lua", &err))
        script_rig_die("state", &err);
}

/* What was handed in comes to its end, as it does in a run. */
static inline void script_rig_drain(struct script_rig *rig)
{
    rig->host.leaving = true;
    delivery_leave(rig->loop.delivery);
    while (loop_busy(&rig->loop)) {
        tasks_begin(&rig->state.tasks);
        loop_turn(&rig->loop);
    }
}

static inline void script_rig_close(struct script_rig *rig)
{
    script_rig_drain(rig);
    state_close(&rig->state);
    ports_stop(&rig->ports);
    journal_close(rig->loop.journal);
    ports_close(&rig->ports);
    timers_fini(&rig->loop.timers);
    net_close(rig->loop.net);
    profile_free(&rig->profile);
}

static inline int script_rig_spawn(lua_State *L)
{
    struct script_rig *rig = lua_touserdata(L, 1);

    lua_rawgeti(L, LUA_REGISTRYINDEX, rig->entry);
    lua_pushvalue(L, 2);
    task_spawn(L, 1, script_rig_ended, rig);
    return 0;
}

/* Spawns the function that is kept, with a number, and lets the loop turn so
 * many times; it does not sleep. */
static inline void script_rig_run(
    struct script_rig *rig, lua_Integer number, int turns)
{
    lua_State *L = rig->state.L;

    tasks_begin(&rig->state.tasks);
    lua_pushcfunction(L, script_rig_spawn);
    lua_pushlightuserdata(L, rig);
    lua_pushinteger(L, number);
    if (lua_pcall(L, 2, 0, 0) != LUA_OK) // no memory, maybe
        lua_pop(L, 1);
    for (int i = 0; i < turns; i++) {
        net_wake(rig->loop.net);
        loop_turn(&rig->loop);
    }
}

#endif
