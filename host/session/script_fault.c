#include "session/script_fault.h"

#include <stdio.h>

void script_fault_keep(char *fault, size_t cap, lua_State *co)
{
    const char *text =
        lua_type(co, -1) == LUA_TSTRING ? lua_tostring(co, -1) : NULL;

    if (!fault[0])
        snprintf(fault, cap, "%s",
            text ? text : "the script raised an error that is no text");
}
