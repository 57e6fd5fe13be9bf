/* planned.h: what omnitron.release answers in a plan, where nothing is sent. */
#ifndef MODULES_PLANNED_H
#define MODULES_PLANNED_H

#include "journal/journal.h"

#include <lua.h>

/* Tells the plan's ear, and returns the number of results that it pushed:
 * those of a run in which all goes well. Raises what cannot be known. */
int planned_release(lua_State *L, const struct journal_ask *ask);

#endif
