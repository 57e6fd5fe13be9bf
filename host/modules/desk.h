/* desk.h: the row that the running task is at, of release_all or each: what a
 * release is asked for by, when the script calls omnitron.release itself. */
#ifndef MODULES_DESK_H
#define MODULES_DESK_H

#include "journal/journal.h"

#include <lua.h>
#include <stdbool.h>

/* Fills source, name, order_number and seen of *ask with those of the row; the
 * texts lie on the stack, or in the script's `seen`. False, and nothing pushed
 * or filled: the task is at no row. */
bool desk_read(lua_State *L, struct journal_ask *ask);

/* The fields of the row at `index`, if the profile has them kept; in the
 * script's `seen` until the next. NULL: not kept. */
const char *desk_see(lua_State *L, int index);

#endif
