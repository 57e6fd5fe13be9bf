/* moment.h: native's functions for times that an ERP wrote as texts, and for
 * spans of time. They own nothing, and raise for arguments of another type
 * alone. */
#ifndef MODULES_MOMENT_H
#define MODULES_MOMENT_H

#include <lua.h>

/* native.moment(text) -> seconds, nanoseconds, zoned | nil
 * As instant_read has it; nil: it is no time. */
int moment_read(lua_State *L);

/* native.moment_earlier(text, seconds) -> text | nil
 * As instant_earlier has it. */
int moment_earlier(lua_State *L);

/* native.span(text) -> milliseconds | nil
 * "10m": as duration_read has it; nil: it is none. */
int moment_span(lua_State *L);

#endif
