/* file_replace.h: a file that its readers see whole or not at all: written
 * beside its place, and then renamed.
 *
 * What stands there and is no regular file (a pipe, a terminal) is written
 * into as it is, without waiting for a reader; and so is a file in a folder
 * where none can be made. A link to a file is refused (base/target.h). `option`
 * ("--summary") is what messages call it. */
#ifndef BASE_FILE_REPLACE_H
#define BASE_FILE_REPLACE_H

#include "base/error.h"

#include <stddef.h>
#include <sys/types.h>

enum { FILE_REPLACE_MODE_KEPT = 0 }; // that of the old file, else the umask's

/* Whether it could be written now; leaves nothing behind, but a pipe open: its
 * reader would take the end of this for that of the file. False: ERROR_USAGE.
 */
bool file_replace_check(
    const char *option, const char *path, struct error *err);

/* Puts the bytes there; a file that is made has exactly this mode. False,
 * ERROR_DISK: a file that was to be replaced stays as it was. */
bool file_replace_write(const char *option, const char *path, mode_t mode,
    const void *bytes, size_t len, struct error *err);

#endif
