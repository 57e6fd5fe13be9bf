/* upgrade.h: a journal of an earlier version, before it is written to.
 *
 * The program that wrote it could not read it afterwards. So a copy of it as it
 * was stays beside it: "journal.db.v3", whole, durable and private, which is
 * that program's journal again when it is given the name. */
#ifndef JOURNAL_UPGRADE_H
#define JOURNAL_UPGRADE_H

#include "journal/store.h"

/* Brings the file up from `version`, for who has its lock; says once that a
 * copy was kept. A copy that is there already stays, and the new one is
 * "journal.db.v3-2". A journal in which nothing is has none. False, and the
 * file is of the one version or of the other: ERROR_DISK, also where there is
 * no room for a copy; as schema_bring_up. */
bool upgrade(
    struct store *store, const char *real, int version, struct error *err);

#endif
