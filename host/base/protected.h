/* protected.h: the files that only the program itself opens.
 *
 * To close a descriptor of a database drops the locks that SQLite has on it in
 * this process (fcntl(2)), and who reads the token has it. So nothing that is
 * opened, replaced or removed for a script may be one of these. They are known
 * by device and inode at the moment of asking, whatever name leads there: by
 * what their paths lead to now, and by what they led to first, which O_PATH
 * descriptors keep from becoming another file. Such a descriptor drops no lock
 * when it is closed.
 *
 * One thread at a time. What was added stays until protected_forget. */
#ifndef BASE_PROTECTED_H
#define BASE_PROTECTED_H

#include "base/error.h"

#include <sys/stat.h>

enum protected_kind {
    PROTECTED_JOURNAL,
    PROTECTED_TOKEN,
    PROTECTED_PASSWORD,
    PROTECTED_PROFILE, // may be read: it says where the token goes
};

/* Adds the file at `path`, which need not be there yet; of a journal also what
 * lies beside it. The same path any number of times. False: no memory, or no
 * descriptor. */
bool protected_add(
    enum protected_kind kind, const char *path, struct error *err);

/* Why this file is left alone, "it is the journal …"; NULL: it is none. errno
 * stays as it is. */
const char *protected_file(const struct stat *st);

/* The same of a file that is to be written. */
const char *protected_written(const struct stat *st);

/* The same of what a path names or leads to, of a name that one will have
 * when it is made, and of a folder in which, however deep, there is one. */
const char *protected_path(const char *path);

/* Forgets all of them: the last thing in main. */
void protected_forget(void);

#endif
