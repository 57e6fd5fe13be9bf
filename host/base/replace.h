/* replace.h: a file that is there whole, as it was or as it is to be. */
#ifndef BASE_REPLACE_H
#define BASE_REPLACE_H

#include "base/error.h"

#include <stddef.h>

/* Writes the bytes into a file beside `path` and renames it there; a symbolic
 * link stays and what it leads to is replaced. A file that was there gives its
 * mode, a new one is as the umask has it. What is no regular file (a pipe, a
 * terminal) is written into. False, ERROR_USAGE or ERROR_DISK: it is as it
 * was. */
bool replace_file(
    const char *path, const void *bytes, size_t len, struct error *err);

#endif
