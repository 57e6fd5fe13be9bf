/* folder.h: the regular files of a folder whose names fit a pattern.
 *
 * Names that begin with a dot fit only a pattern that does: half-written
 * files hide there. Symbolic links and folders are no files. */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include "base/account.h"
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct folder_files { // owns its paths; {0} is none
    char **paths;
    size_t len, cap;
    struct account *account; // borrowed; NULL: no bound
    size_t taken;            // of it, bytes
};

/* Fills *out with "FOLDER/NAME" in the order of the bytes of the names: what
 * fits `pattern` (as a shell's * ? [a-z], small and capital letters alike: what
 * Windows wrote is called LINES.CSV) and did not change within the last
 * quiet_ms. A time in the future by more than that counts as long ago, or a
 * clock once wrong would keep a file out for ever. They are taken from
 * `account`, NULL: no bound. False: *out is empty; ERROR_FULL:
 * that is why. */
bool folder_list(const char *folder, const char *pattern, int64_t quiet_ms,
    struct account *account, struct folder_files *out, struct error *err);

void folder_files_fini(struct folder_files *files);

#endif
