/* lock.h: one process at a time writes a journal.
 *
 * Two locks by flock(), which are given up together:
 * - on "<journal's real path>.lock", which every version of this program
 *   takes. The file is never unlinked: a lock on a name that was taken away is
 *   a lock on nothing. Process, start and script of the holder are written in
 *   it, for the message that a second run ends with.
 * - on the journal itself, whatever it is called and whatever became of the
 *   first. Its descriptor is opened before SQLite opens the file and closed
 *   after SQLite has closed it; lock.c says why. */
#ifndef JOURNAL_LOCK_H
#define JOURNAL_LOCK_H

#include "base/error.h"
#include "journal/journal.h"
#include "journal/opened.h"

struct lock {
    int beside_fd, own_fd;     // -1: not taken
    struct opened beside, own; // the two files; their size is not looked at
};

#define LOCK_NONE ((struct lock){.beside_fd = -1, .own_fd = -1})

/* `real` is the journal's real path, `name` what people call it, `script`
 * may be NULL. False, with nothing taken: ERROR_HELD; ERROR_USAGE when a file
 * cannot be opened by this user. */
bool lock_take(struct lock *lock, const char *real, const char *name,
    const char *script, struct error *err);

/* Gives both up; what was not taken is allowed. SQLite must have closed the
 * journal. */
void lock_release(struct lock *lock);

/* Whether somebody holds one of them now; unsure counts as held. */
bool lock_held(const char *real);

/* Who wrote himself in the lock file last; where nobody is there, who is known
 * to the kernel to hold the journal itself. */
bool lock_holder(const char *real, struct journal_holder *holder);

#endif
