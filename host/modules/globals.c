/* The globals that are functions of ours: sleep, print. */
#include "base/clock.h"
#include "lua/masked.h"
#include "lua/modules.h"
#include "lua/script.h"

#include <errno.h>
#include <lauxlib.h>
#include <stdio.h>

struct nap {
    struct waiter waiter;
    struct timer timer;
    struct timers *timers;
};

static void nap_abort(struct waiter *waiter)
{
    struct nap *nap = (struct nap *)waiter;

    timer_cancel(nap->timers, &nap->timer);
}

static void nap_over(struct timer *timer)
{
    struct nap *nap =
        (struct nap *)(void *)((char *)timer - offsetof(struct nap, timer));

    task_wake(&nap->waiter);
}

static int slept(lua_State *L, int status, lua_KContext ctx)
{
    (void)L, (void)status, (void)ctx;
    return 0;
}

/* sleep(seconds): lets other tasks work meanwhile */
static int l_sleep(lua_State *L)
{
    lua_Number seconds = luaL_checknumber(L, 1);

    luaL_argcheck(L, seconds >= 0 && seconds <= 86400, 1, "0 to 86400 seconds");
    task_check_can_wait(L);
    struct nap *nap = lua_newuserdatauv(L, sizeof *nap, 0);
    *nap = (struct nap){
        .waiter.abort = nap_abort, .timers = &script_of(L)->loop->timers};
    int64_t due = clock_monotonic_ms() + (int64_t)(seconds * 1000 + 0.5);
    if (!timer_set(nap->timers, &nap->timer, due, nap_over))
        return luaL_error(L, "out of memory");
    return task_park(L, &nap->waiter, 0, slept);
}

/* Where stdout is for the table of a plan, or the lines of a test. */
static bool goes_aside(const struct script *host)
{
    return (host->planning && !host->repl) || host->test;
}

/* print(...): to stdout, secrets masked */
static int l_print(lua_State *L)
{
    luaL_Buffer b;
    int n = lua_gettop(L);

    luaL_buffinit(L, &b);
    for (int i = 1; i <= n; i++) {
        if (i > 1)
            luaL_addchar(&b, '\t');
        luaL_tolstring(L, i, NULL);
        luaL_addvalue(&b);
    }
    luaL_addchar(&b, '\n');
    bool ok = masked_write(goes_aside(script_of(L)) ? stderr : stdout,
                  luaL_buffaddr(&b), luaL_bufflen(&b)) ||
              errno != ENOMEM;
    luaL_pushresult(&b);
    if (!ok)
        return luaL_error(L, "out of memory");
    return 0;
}

int luaopen_omnitron_globals(lua_State *L)
{
    lua_pushcfunction(L, l_print);
    lua_setglobal(L, "print");
    lua_pushcfunction(L, l_sleep);
    return 1;
}
