/* Turns: so many at once at one place, the others wait in the order in which
 * they came.
 *
 * A place is there as long as somebody is in it or waits for it. The list of
 * places is a userdata without a finalizer: its memory outlives every turn's
 * finalizer, also when the state is closed. */
#include "base/mem.h"
#include "http/http_own.h"
#include "lua/script.h"
#include "lua/type.h"
#include "task/task.h"

#include <lauxlib.h>
#include <string.h>

#define TURN "omnitron.turn"

enum { AT_ONCE_MAX = 64 };

struct turn {
    struct waiter waiter;
    struct places *places;
    struct place *place; // NULL: over
    struct turn *next;   // that waits
    int at_once;
    bool inside; // else it waits
};

struct place {
    struct place *next;
    struct turn *first, *last; // that wait
    int inside;
    struct account *account; // borrows
    char key[];
};

struct places {
    struct place *first;
};

static struct place *find_place(struct places *places, const char *key)
{
    struct place *place = places->first;

    while (place && strcmp(place->key, key) != 0)
        place = place->next;
    return place;
}

static size_t place_size(const char *key)
{
    return sizeof(struct place) + strlen(key) + 1;
}

static struct place *add_place(
    struct account *account, struct places *places, const char *key)
{
    size_t size = strlen(key) + 1;
    struct place *place = NULL;

    if (!account_take(account, place_size(key)))
        return NULL;
    place = mem_calloc(1, place_size(key));
    if (!place) {
        account_give(account, place_size(key));
        return NULL;
    }
    place->account = account;
    memcpy(place->key, key, size);
    place->next = places->first;
    places->first = place;
    return place;
}

static void drop_if_empty(struct places *places, struct place *place)
{
    struct place **at = &places->first;

    if (place->inside > 0 || place->first)
        return;
    while (*at != place)
        at = &(*at)->next;
    *at = place->next;
    account_give(place->account, place_size(place->key));
    mem_free(place);
}

static void stand_in_line(struct place *place, struct turn *turn)
{
    if (place->last)
        place->last->next = turn;
    else
        place->first = turn;
    place->last = turn;
}

static void step_out_of_line(struct place *place, struct turn *turn)
{
    struct turn *before = NULL;

    for (struct turn *t = place->first; t != turn; t = t->next)
        before = t;
    if (before)
        before->next = turn->next;
    else
        place->first = turn->next;
    if (place->last == turn)
        place->last = before;
    turn->next = NULL;
}

static void go_in(struct place *place, struct turn *turn)
{
    place->inside++;
    turn->inside = true;
}

static void let_in(struct place *place)
{
    struct turn *turn;

    while ((turn = place->first) && place->inside < turn->at_once) {
        step_out_of_line(place, turn);
        go_in(place, turn);
        task_wake(&turn->waiter);
    }
}

static void leave(struct turn *turn)
{
    struct place *place = turn->place;

    if (!place)
        return;
    turn->place = NULL;
    if (turn->inside)
        place->inside--;
    else
        step_out_of_line(place, turn);
    let_in(place);
    drop_if_empty(turn->places, place);
}

static void turn_abort(struct waiter *waiter)
{
    leave((struct turn *)waiter);
}

/* turn:__close(), turn:__gc() */
static int l_turn_leave(lua_State *L)
{
    struct turn *turn = luaL_checkudata(L, 1, TURN);

    leave(turn);
    task_fail(&turn->waiter);
    return 0;
}

static int entered(lua_State *L, int status, lua_KContext ctx)
{
    (void)status;
    lua_pushvalue(L, (int)ctx);
    return 1;
}

static struct turn *push_turn(lua_State *L, const char *key, int at_once)
{
    struct turn *turn = lua_newuserdatauv(L, sizeof *turn, 0);

    *turn = (struct turn){.waiter.abort = turn_abort,
        .places = lua_touserdata(L, lua_upvalueindex(1)),
        .at_once = at_once};
    luaL_setmetatable(L, TURN);
    turn->place = find_place(turn->places, key);
    if (!turn->place)
        turn->place = add_place(&script_of(L)->account, turn->places, key);
    if (!turn->place)
        luaL_error(L, "out of memory");
    return turn;
}

/* native.enter(key, at_once) -> turn, to be closed
 * Waits while as many others are at that key. */
int http_enter(lua_State *L)
{
    const char *key = luaL_checkstring(L, 1);
    lua_Integer at_once = luaL_checkinteger(L, 2);

    luaL_argcheck(
        L, at_once >= 1 && at_once <= AT_ONCE_MAX, 2, "must be 1 to 64");
    task_check_can_wait(L);
    lua_settop(L, 2);
    struct turn *turn = push_turn(L, key, (int)at_once);
    struct place *place = turn->place;
    if (!place->first && place->inside < turn->at_once) {
        go_in(place, turn);
        return 1;
    }
    stand_in_line(place, turn);
    return task_park(L, &turn->waiter, 3, entered);
}

void http_push_places(lua_State *L)
{
    struct places *places = lua_newuserdatauv(L, sizeof *places, 0);

    places->first = NULL;
}

static const luaL_Reg turn_methods[] = {
    {"__close", l_turn_leave},
    {"__gc", l_turn_leave},
    {NULL, NULL},
};

void http_open_turns(lua_State *L)
{
    type_push(L, TURN);
    luaL_setfuncs(L, turn_methods, 0);
    lua_pop(L, 1);
}
