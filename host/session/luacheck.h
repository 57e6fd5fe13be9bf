/* luacheck.h: the program of that name, where it is installed. */
#ifndef SESSION_LUACHECK_H
#define SESSION_LUACHECK_H

#include "base/buf.h"

/* Runs luacheck, found on the PATH, without a shell: `argv` ends with NULL.
 * Adds what it prints to *out. False: it is not there, or failed. */
bool luacheck_run(const char *const *argv, struct buf *out);

#endif
