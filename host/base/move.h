/* move.h: a file from one folder to another, with nothing overwritten.
 *
 * A reader of the new folder sees the whole file or none, also when it comes
 * from another file system: it is then copied under a hidden name, made
 * durable, renamed, and only then removed where it was. */
#ifndef BASE_MOVE_H
#define BASE_MOVE_H

#include "base/error.h"

/* Moves the regular file `path` into `folder`. Its name there is the same, or
 * NAME.2, NAME.3 … where that is taken; a file that is there already stays.
 * `*to` gets its new path, which the caller frees. False: it is where it was.
 */
bool move_file(
    const char *path, const char *folder, char **to, struct error *err);

/* Renames a file within a file system, to a name that none has. False: errno
 * says why, EEXIST: one has it. */
bool move_to_new(const char *from, const char *to);

/* The path that move_file would give it now; nothing is done. */
bool move_would(
    const char *path, const char *folder, char **to, struct error *err);

#endif
