#include "base/file_path.h"
#include "profile/profile_own.h"

#include <lauxlib.h>
#include <lua.h>
#include <stdio.h>
#include <string.h>

enum {
    DEPTH_MAX = 20,     // tables in tables
    VALUES_MAX = 10000, // shared tables are copied once for each mention
    NAMES_MAX = 30      // keys that a message lists
};

static char registry_key; // its address: where the settings are kept

/* A walk over the settings before they are accepted. */
struct walk {
    struct profile_reading *r;
    const void *open[DEPTH_MAX]; // the tables it is inside of
    int depth;
    int values;
    char name[160]; // "settings.odoo.db", of what is looked at
};

static bool refuse(const struct walk *w, const char *what)
{
    return error_set(
        w->r->err, ERROR_USAGE, "%s: %s %s", w->r->p->path, w->name, what);
}

static bool is_word(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
                                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                "0123456789_")] == '\0';
}

/* Puts the key at `at` behind the name. */
static void extend_name(struct walk *w, lua_State *L, int at)
{
    size_t len = strlen(w->name);
    char *end = w->name + len;
    size_t room = sizeof w->name - len;
    char shown[PROFILE_SHOWN];

    if (lua_type(L, at) == LUA_TNUMBER)
        snprintf(end, room, "[%.14g]", lua_tonumber(L, at));
    else if (is_word(lua_tostring(L, at)))
        snprintf(end, room, ".%s", lua_tostring(L, at));
    else
        snprintf(end, room, "[%s]",
            profile_show(w->r->p, lua_tostring(L, at), shown));
}

static bool check_key(struct walk *w, lua_State *L)
{
    int type = lua_type(L, -2);

    if (type != LUA_TSTRING && type != LUA_TNUMBER)
        return refuse(w, "must have texts or numbers as keys");
    if (++w->values > VALUES_MAX)
        return refuse(w, "makes the settings larger than 10,000 values: keep "
                         "such data in a file of its own");
    return true;
}

static bool check_table(struct walk *w, lua_State *L);

/* The key under the top, its value on top. */
static bool check_entry(struct walk *w, lua_State *L)
{
    size_t len = strlen(w->name);
    bool ok = true;

    if (!check_key(w, L))
        return false;
    extend_name(w, L, -2);
    switch (lua_type(L, -1)) {
    case LUA_TTABLE:
        ok = check_table(w, L);
        break;
    case LUA_TSTRING:
    case LUA_TNUMBER:
    case LUA_TBOOLEAN:
        break;
    default:
        ok = refuse(w, "is a function: settings are plain data (texts, "
                       "numbers, true, false, tables)");
    }
    w->name[len] = '\0';
    return ok;
}

static bool check_nesting(const struct walk *w, const void *table)
{
    for (int i = 0; i < w->depth; i++)
        if (w->open[i] == table)
            return refuse(w, "leads back to a table that it is inside of");
    if (w->depth == DEPTH_MAX)
        return refuse(w, "is nested deeper than 20 tables");
    return true;
}

static bool check_table(struct walk *w, lua_State *L)
{
    const void *table = lua_topointer(L, -1);

    if (!check_nesting(w, table))
        return false;
    w->open[w->depth++] = table;
    lua_pushnil(L);
    while (lua_next(L, -2)) {
        if (!check_entry(w, L))
            return false; // whoever called drops the stack
        lua_pop(L, 1);
    }
    w->depth--;
    return true;
}

bool profile_keep_settings(struct profile_reading *r, lua_State *L)
{
    struct walk w = {.r = r, .name = "settings"};

    if (!lua_checkstack(L, 3 * DEPTH_MAX))
        return error_memory(r->err);
    if (!check_table(&w, L))
        return false;
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &registry_key);
    return true;
}

/* The first text key of the table at index 1 that sorts behind `after`; it
 * belongs to the table. */
static const char *next_name(lua_State *L, const char *after)
{
    const char *found = NULL;

    lua_pushnil(L);
    while (lua_next(L, 1)) {
        if (lua_type(L, -2) == LUA_TSTRING) {
            const char *name = lua_tostring(L, -2);
            if ((!after || strcmp(name, after) > 0) &&
                (!found || strcmp(name, found) < 0))
                found = name;
        }
        lua_pop(L, 1);
    }
    return found;
}

/* "profile.lua has: erp, key" */
static void add_names(lua_State *L, luaL_Buffer *b)
{
    const char *name = next_name(L, NULL);

    luaL_addstring(b, name ? " has: " : " has none");
    for (int n = 0; name; n++) {
        luaL_addstring(b, n ? ", " : "");
        if (n == NAMES_MAX) {
            luaL_addstring(b, "...");
            return;
        }
        luaL_addstring(b, name);
        name = next_name(L, name);
    }
}

/* settings.key -> raises; numbers read nil, so that ipairs finds an end.
 * Upvalues: the table's name, the profile's file name or nil. */
static int l_settings__index(lua_State *L)
{
    const char *file = lua_tostring(L, lua_upvalueindex(2));
    luaL_Buffer b;

    lua_settop(L, 2);
    if (lua_type(L, 2) != LUA_TSTRING)
        return 0;
    luaL_where(L, 1);
    lua_pushfstring(L, "%s has no key '%s' (",
        lua_tostring(L, lua_upvalueindex(1)), lua_tostring(L, 2));
    luaL_buffinit(L, &b);
    if (file) {
        luaL_addstring(&b, file);
        add_names(L, &b);
    } else {
        luaL_addstring(&b, "there is no profile.lua");
    }
    luaL_addchar(&b, ')');
    luaL_pushresult(&b);
    lua_concat(L, 3);
    return lua_error(L);
}

/* Makes the table on top raise for what it does not have; its name is at
 * index `name`. */
static void guard(const struct profile *p, lua_State *L, int name)
{
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, name);
    if (p->path)
        lua_pushstring(L, file_path_name(p->path));
    else
        lua_pushnil(L);
    lua_pushcclosure(L, l_settings__index, 2);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

static void copy_plain(lua_State *from, int at, lua_State *L)
{
    size_t len;

    switch (lua_type(from, at)) {
    case LUA_TSTRING: {
        const char *text = lua_tolstring(from, at, &len);
        lua_pushlstring(L, text, len);
        break;
    }
    case LUA_TNUMBER:
        if (lua_isinteger(from, at))
            lua_pushinteger(L, lua_tointeger(from, at));
        else
            lua_pushnumber(L, lua_tonumber(from, at));
        break;
    default:
        lua_pushboolean(L, lua_toboolean(from, at));
    }
}

/* [... key] -> [... key, name of the member] */
static void push_member_name(lua_State *L, int name)
{
    const char *outer = lua_tostring(L, name);

    if (lua_isinteger(L, -1))
        lua_pushfstring(L, "%s[%I]", outer, lua_tointeger(L, -1));
    else if (lua_type(L, -1) == LUA_TNUMBER)
        lua_pushfstring(L, "%s[%f]", outer, lua_tonumber(L, -1));
    else
        lua_pushfstring(L, "%s.%s", outer, lua_tostring(L, -1));
}

/* L: [name] -> [copy]; from: [table] -> [table]. L may raise and leave
 * anything on `from`'s stack; nothing done to `from` raises: lua_next with a
 * key of its own, and no number is turned into a text. */
static void copy_table(const struct profile *p, lua_State *from, lua_State *L)
{
    int name = lua_gettop(L);

    lua_newtable(L);
    lua_pushnil(from);
    while (lua_next(from, -2)) {
        copy_plain(from, -2, L);
        if (lua_istable(from, -1)) {
            push_member_name(L, name);
            copy_table(p, from, L);
        } else {
            copy_plain(from, -1, L);
        }
        lua_rawset(L, -3);
        lua_pop(from, 1);
    }
    guard(p, L, name);
    lua_remove(L, name);
}

void profile_push_settings(const struct profile *p, lua_State *L)
{
    lua_State *from = p->own ? p->own->state : NULL;

    if (from)
        lua_settop(from, 0);
    if (!lua_checkstack(L, 4 * DEPTH_MAX + 10) ||
        (from && !lua_checkstack(from, 3 * DEPTH_MAX)))
        luaL_error(L, "not enough memory for settings");
    lua_pushliteral(L, "settings");
    if (from &&
        lua_rawgetp(from, LUA_REGISTRYINDEX, &registry_key) == LUA_TTABLE) {
        copy_table(p, from, L);
    } else {
        lua_newtable(L);
        guard(p, L, lua_gettop(L) - 1);
        lua_remove(L, -2);
    }
}
