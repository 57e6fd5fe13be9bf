/* builtins.h: what the built-in Lua (scripts/prelude.lua, scripts/lib)
 * finds as its globals, and any Lua as the methods of a string.
 *
 * Both are copies of what Lua's libraries gave, out of a script's reach: a
 * script that replaces pcall or string.sub changes what it calls itself, and
 * nothing of ours. Where the built-in Lua sets what scripts see, it says so:
 * its _G is the script's table of globals. */
#ifndef SESSION_BUILTINS_H
#define SESSION_BUILTINS_H

#include <lua.h>

/* Makes the copies; once for each state, before anything of a script runs.
 * May raise a memory error. */
void builtins_make(lua_State *L);

/* Makes it the globals of the chunk on top of the stack. */
void builtins_give(lua_State *L);

#endif
