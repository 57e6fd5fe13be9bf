/* home.h: where a journal is: on which machine, under which name, which file.
 *
 * Of two copies of one journal each would send what the other has sent. So the
 * journal knows its home, and who wants to write to it elsewhere is refused
 * until a person has said that it was moved. A folder that was renamed, and one
 * that is mounted twice, are no copies: the file is the same. The number of a
 * device is not compared: it may be another after each start of a machine. */
#ifndef JOURNAL_HOME_H
#define JOURNAL_HOME_H

#include "journal/store.h"

#include <limits.h>

enum { HOME_MACHINE_MAX = 64 };

struct home {
    char machine[HOME_MACHINE_MAX]; // /etc/machine-id; "": not known
    int64_t device, inode;
    int64_t born;        // when the file was made, ns since 1970; 0: not known
    char path[PATH_MAX]; // from the root on
};

/* What is here. False: errno. */
bool home_here(const char *real, struct home *home);

/* Whether both are one file: the number of one that was removed is given to
 * the next, so when it was made counts, too. */
bool home_same_file(const struct home *a, const struct home *b);

/* What the journal says; `*noted` is false when it says nothing yet. */
bool home_noted(
    struct store *store, struct home *home, bool *noted, struct error *err);

/* For who has the lock and is about to write: notes where it is, if that is new
 * or the same file under another name. False: ERROR_USAGE, it is a copy, or of
 * another machine; or as store_*. */
bool home_check(struct store *store, const char *real, struct error *err);

/* Notes it, in a transaction of the caller's or none. */
bool home_note(struct store *store, const struct home *home, struct error *err);

#endif
