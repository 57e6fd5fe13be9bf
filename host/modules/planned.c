/* Releases in a plan: native.plan, and what omnitron.release answers there. */
#include "modules/planned.h"

#include "base/clock.h"
#include "delivery/judge.h"
#include "delivery/plan.h"
#include "delivery/ruin.h"
#include "lua/modules.h"
#include "lua/script.h"
#include "modules/read_release.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

/* What would go out, and perhaps should not; `words` says so. */
static bool look_doubtful(
    const struct journal_ask *ask, enum plan_would would, char *words)
{
    char found[RUIN_WORDS_MAX];

    if ((would != PLAN_RELEASE && would != PLAN_RESEND) ||
        ruin_look(ask->code, strlen(ask->code), found) != RUIN_DOUBT)
        return false;
    snprintf(words, JUDGE_NOTE_MAX, "look: %s", found);
    return true;
}

/* What a release would come to, told to the plan's ear. */
static enum plan_would plan_one(
    lua_State *L, const struct journal_ask *ask, char *words)
{
    struct script *host = script_of(L);
    enum plan_would would;
    struct error err;
    char item[24];

    plan_make_room(host->plan, ask);
    if (!plan_release(host->plan, ask, clock_wall_ms(), &would, words, &err))
        luaL_error(L, "%s", err.text);
    bool doubtful = look_doubtful(ask, would, words);
    snprintf(item, sizeof item, "%lld", (long long)ask->order_item_id);
    host->planned(host->arg, &(struct plan_row){.would = would,
                                 .at = ask->source ? ask->source : "",
                                 .name = ask->name ? ask->name : "",
                                 .item = item,
                                 .code = ask->code,
                                 .has_stock = true,
                                 .update_stock = ask->update_stock,
                                 .words = words,
                                 .doubtful = doubtful});
    return would;
}

/* The word that a run would answer with, if all goes well. */
static const char *planned_kind(enum plan_would would)
{
    switch (would) {
    case PLAN_RELEASE:
    case PLAN_RESEND:
        return "confirmed";
    case PLAN_ALREADY:
    case PLAN_TAKE_BACK:
        return "already";
    default:
        return plan_word(would);
    }
}

int planned_release(lua_State *L, const struct journal_ask *ask)
{
    char words[JUDGE_NOTE_MAX];
    const char *kind = planned_kind(plan_one(L, ask, words));
    bool already = strcmp(kind, "already") == 0;

    script_of(L)->direct_releases++;
    if (!already && strcmp(kind, "confirmed") != 0) {
        lua_pushnil(L);
        lua_pushstring(L, words);
        lua_pushstring(L, kind);
        return 3;
    }
    lua_createtable(L, 0, 4);
    lua_pushboolean(L, true);
    lua_setfield(L, -2, "planned");
    lua_pushinteger(L, ask->order_item_id);
    lua_setfield(L, -2, "object_id");
    lua_pushstring(L, ask->code);
    lua_setfield(L, -2, "code");
    lua_pushboolean(L, already);
    lua_setfield(L, -2, "already");
    return 1;
}

/* Pushes kind, message and item, unless --only leaves it alone. */
static void plan_wanted(lua_State *L, const struct journal_ask *ask)
{
    char words[JUDGE_NOTE_MAX];

    if (!only_wants(script_of(L)->only, ask)) {
        script_of(L)->left_alone = true;
        return;
    }
    lua_pushstring(L, planned_kind(plan_one(L, ask, words)));
    lua_pushstring(L, words);
    lua_pushinteger(L, ask->order_item_id);
}

/* native.plan(releases, at, name) -> true, then kind, message, item of each;
 * false: --only leaves all of them alone; nil and what is wrong with the first
 * bad one: a list is valid as a whole or not at all */
static int l_native_plan(lua_State *L)
{
    struct journal_ask one = {.source = luaL_optstring(L, 2, NULL),
        .name = luaL_optstring(L, 3, NULL)};
    struct error err;
    size_t count;

    luaL_checktype(L, 1, LUA_TTABLE);
    if (!script_of(L)->plan)
        return luaL_error(L, "this is no plan");
    lua_settop(L, 3);
    struct journal_ask *asks = read_releases(L, 1, &one, &count, &err);
    if (!asks) {
        lua_pushnil(L);
        lua_pushstring(L, err.text);
        return 2;
    }
    luaL_checkstack(L, (int)count * 3 + 8, "too many releases of one row");
    lua_pushboolean(L, true);
    int first = lua_gettop(L);
    for (size_t i = 0; i < count; i++)
        plan_wanted(L, &asks[i]);
    int pushed = lua_gettop(L) - first;
    if (pushed > 0)
        return pushed + 1;
    lua_pushboolean(L, false);
    return 1;
}

/* native.check(releases) -> nil, or what is wrong with the first bad one. */
static int l_native_check(lua_State *L)
{
    struct journal_ask one = {0};
    struct error err;
    size_t count;

    luaL_checktype(L, 1, LUA_TTABLE);
    if (read_releases(L, 1, &one, &count, &err))
        return 0;
    lua_pushstring(L, err.text);
    return 1;
}

/* native.released_before(item) -> the code with which an earlier run released
 * the item | nil */
static int l_native_released_before(lua_State *L)
{
    struct journal_row row;
    struct error err;
    int64_t item;

    if (!script_of(L)->plan)
        return luaL_error(L, "this is no plan");
    if (!read_release_item(L, 1, &item, &err))
        return 0;
    if (!plan_find_kept(script_of(L)->plan, item, &row, &err))
        return err.text[0] ? luaL_error(L, "%s", err.text) : 0;
    if (row.state != JOURNAL_CONFIRMED)
        return 0;
    lua_pushstring(L, row.code);
    return 1;
}

static const luaL_Reg planned[] = {
    {"check", l_native_check},
    {"plan", l_native_plan},
    {"released_before", l_native_released_before},
    {NULL, NULL},
};

int luaopen_omnitron_planned(lua_State *L)
{
    luaL_newlib(L, planned);
    return 1;
}
