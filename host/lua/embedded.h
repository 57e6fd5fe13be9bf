/* embedded.h: the files under scripts/ as they were when this was built; the
 * prelude, lib/, cmd/ and check/ compiled, with their lines. And parts of
 * luacheck, compiled, as "luacheck/parser.lua". */
#ifndef LUA_EMBEDDED_H
#define LUA_EMBEDDED_H

#include <stddef.h>

struct embedded {
    const char *name; // "lib/rows.lua"
    const unsigned char *bytes;
    size_t len;
};

/* Ends with a NULL name; made by the Makefile. */
extern const struct embedded embedded_files[];

/* NULL when there is none of that name. */
const struct embedded *embedded_find(const char *name);

#endif
