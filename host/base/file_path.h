/* file_path.h: the folder and the name of a path, as its text has them; nothing
 * is looked up but by file_path_real. */
#ifndef BASE_FILE_PATH_H
#define BASE_FILE_PATH_H

#include "base/buf.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* Behind the last slash: "lines.csv" of "inbox/lines.csv". Borrowed from it. */
const char *file_path_name(const char *path);

/* The bytes up to the name, its slash with them: of "inbox/" in
 * "inbox/lines.csv"; 0 without a slash. */
size_t file_path_head(const char *path);

/* The folder that it is in: "inbox", "/" of what is in the root, "." without a
 * slash. False: too long, it is cut, and errno says so. */
bool file_path_folder(const char *path, char folder[PATH_MAX]);

/* The path without links in its folder and from the root on, though nothing
 * need be there. False: errno says what its folder lacks, or that it would be
 * too long. */
bool file_path_real(const char *path, char real[PATH_MAX]);

/* Adds the path of what has that name in the folder, "" of the current one.
 * False: no memory. */
bool file_path_join(struct buf *out, const char *folder, const char *name);

#endif
