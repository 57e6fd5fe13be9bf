#include "session/module_loads.h"

#include "session/state.h"

static int require(lua_State *L)
{
    lua_getglobal(L, "require");
    lua_insert(L, 1);
    lua_call(L, 1, 0);
    return 0;
}

static bool require_protected(lua_State *L, const char *name, struct error *err)
{
    lua_pushcfunction(L, require);
    lua_pushstring(L, name);
    int status = lua_pcall(L, 1, 0, 0);
    if (status == LUA_OK)
        return true;
    if (status == LUA_ERRMEM)
        return error_memory(err);
    const char *text = lua_tostring(L, -1);
    return error_set(err, ERROR_OTHER, "%s",
        text ? text : "it cannot be loaded, and does not say why");
}

bool module_loads(const struct profile *p, const char *name, struct error *err)
{
    struct loop loop = {0};
    struct script host = {.loop = &loop, .profile = p, .at_once = 1};
    struct state state = {0};

    bool ok = state_open_bare(&state, &host, "", err) &&
              require_protected(state.L, name, err);
    state_close(&state);
    return ok;
}
