#include "lua/script.h"

#include <string.h>

struct script *script_of(lua_State *L)
{
    return tasks_of(L)->host;
}

const char *script_behind_place(const char *message, const char *place)
{
    size_t len = strlen(place);

    if (len == 0 || strncmp(message, place, len) != 0 || message[len] != ':')
        return message;
    message += len + 1;
    return message + strspn(message, " ");
}
