/* script_fault.h: why a script ended before its end: the first error outside a
 * row. */
#ifndef SESSION_SCRIPT_FAULT_H
#define SESSION_SCRIPT_FAULT_H

#include <lua.h>
#include <stddef.h>

/* Keeps the error on top of co's stack, unless there is one already. It may
 * be any value; to make text of one could raise. */
void script_fault_keep(char *fault, size_t cap, lua_State *co);

#endif
