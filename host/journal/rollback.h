/* rollback.h: whether a journal is as old as it should be.
 *
 * An older copy that was put in a journal's place, or one whose -wal was
 * thrown away, is sound in itself; but it does not know what was released
 * since, and a run would release it again. So the number of the latest run is
 * kept in the notes beside it, too, once that run is on disk. The notes are
 * best effort: they may know of fewer runs, never of more. */
#ifndef JOURNAL_ROLLBACK_H
#define JOURNAL_ROLLBACK_H

#include "journal/store.h"

/* False: ERROR_USAGE, it knows fewer runs than its notes, or is not the one
 * that rollback_lose spoke of; or as store_*. Its name is its path. */
bool rollback_check(struct store *store, struct error *err);

/* Notes the number of the latest run, which is on disk. 0: nothing. */
void rollback_keep(const struct store *store, int64_t run);

/* The files of the journal went astray under run number `run`, and what it
 * wrote last is in the file `inode` alone; 0: in none. Until another run has
 * begun, rollback_check refuses every other one. */
void rollback_lose(const char *path, int64_t run, uint64_t inode);

/* A new journal at `path` starts anew: what its notes say is of another. */
void rollback_forget(const char *path);

#endif
