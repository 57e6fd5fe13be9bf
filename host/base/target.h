/* target.h: a file that the program is told to write, by an option. */
#ifndef BASE_TARGET_H
#define BASE_TARGET_H

#include "base/error.h"

#include <stdbool.h>

/* Whether `path` names the file itself. False, ERROR_USAGE: it is a link to
 * a file (or to nothing), by which another's could be written over; what leads
 * to a pipe, a terminal or a device is not one, nor /dev/stdout and /dev/fd/3.
 * *flags is what open needs beside its own: O_NOFOLLOW or 0. `option`
 * ("--summary") is what messages call it. */
bool target_check(
    const char *option, const char *path, int *flags, struct error *err);

/* Whether what is open, to be written into, has no name but this one. */
bool target_single(
    const char *option, const char *path, int fd, struct error *err);

/* Whether it is neither a journal nor what lies beside one. Opens what is
 * there, by which SQLite loses its locks: for before a journal is open. */
bool target_spares(const char *option, const char *path, struct error *err);

/* Whether it is another file than `own`; NULL, or what is missing, is none. */
bool target_differs(
    const char *option, const char *path, const char *own, struct error *err);

#endif
