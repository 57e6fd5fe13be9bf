/* spot.h: which line of a script is being run. */
#ifndef TASK_SPOT_H
#define TASK_SPOT_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

enum { SPOT_MAX = 96 };

/* The innermost line of a script in L, "rules.lua:6"; false: there is none,
 * and `out` is "". Allocates nothing and takes no lock. */
bool spot_find(lua_State *L, char out[SPOT_MAX]);

/* The row of the input that L's innermost rule works on, "lines.csv:118", as
 * scripts/lib/rows.lua names it; false: none. For a hook, in L or in a
 * coroutine that L is inside. */
bool spot_find_row(lua_State *L, char *out, size_t cap);

#endif
