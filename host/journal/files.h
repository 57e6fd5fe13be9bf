/* files.h: whether the names of an open journal's files still lead to the
 * files that are open: to journal.db, its lock, the -wal and the -shm.
 *
 * A name that was taken away or given to another file, and a file that was cut
 * short, mean that the next run would not find what this one wrote, or could
 * begin beside it. */
#ifndef JOURNAL_FILES_H
#define JOURNAL_FILES_H

#include "journal/lock.h"
#include "journal/opened.h"
#include "journal/store.h"

#include <limits.h>

/* In the order in which they are looked at: without the log, what is lost is
 * more than a lock. */
enum files_which { FILES_MAIN, FILES_WAL, FILES_LOCK, FILES_SHM, FILES };

/* What is wrong, and with which. */
struct files_fault {
    enum files_which which;
    struct error why; // ERROR_DISK
};

struct files {
    const char *name;   // borrowed: the journal as people call it; NULL: none
                        // is on disk, and nothing is looked at
    sqlite3_file *main; // SQLite's, like the next
    sqlite3_file *wal;
    struct opened open[FILES]; // which they are; the sizes change
    char path[FILES][PATH_MAX + 8];
};

/* Fills it for a store that has begun to write. False: what SQLite opened is
 * not what has the lock, or is no longer there. */
bool files_open(struct files *files, struct store *store, const char *real,
    const struct lock *lock, struct files_fault *fault);

/* Four looks, for the thread that has the store. */
bool files_look(const struct files *files, struct files_fault *fault);

/* At journal.db and the lock alone, for any thread. */
bool files_look_outside(const struct files *files, struct files_fault *fault);

/* Whether the database or the log, wherever they are, are shorter than they
 * were written, for the thread that has the store. */
bool files_short(const struct files *files);

/* Whether no other file has the log's name, which the next run would take for
 * the log: one that has is kept beside as "journal.db-wal.foreign". */
bool files_clear_wal(const struct files *files);

#endif
