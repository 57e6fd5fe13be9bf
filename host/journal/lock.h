/* lock.h: one run per journal.
 *
 * flock on "<journal>.lock". The file is never unlinked: a lock on a name
 * that was taken away is a lock on nothing. Process, start and script of the
 * holder are written in it, for the message that a second run ends with. */
#ifndef JOURNAL_LOCK_H
#define JOURNAL_LOCK_H

#include "base/error.h"
#include "journal/journal.h"

/* `real` is the journal's real path, `name` what people call it, `script`
 * may be NULL. The descriptor that holds the lock, or -1: ERROR_HELD,
 * ERROR_USAGE when the lock file cannot be made. */
int lock_take(
    const char *real, const char *name, const char *script, struct error *err);

/* Gives it up; -1 is allowed. */
void lock_release(int fd);

/* Whether somebody holds it now; unsure counts as held. */
bool lock_held(const char *real);

/* Who wrote himself in the lock file last. */
bool lock_holder(const char *real, struct journal_holder *holder);

#endif
