#include "lua/modules.h"
#include "modules/csv_own.h"

#include <lauxlib.h>

static const luaL_Reg functions[] = {
    {"number", csv_number},
    {"rows", csv_rows},
    {"table", csv_table},
    {NULL, NULL},
};

int luaopen_omnitron_csv(lua_State *L)
{
    csv_rows_make_type(L);
    luaL_newlib(L, functions);
    return 1;
}
