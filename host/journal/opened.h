/* opened.h: which file it was that SQLite opened.
 *
 * A name may lead to another file a moment later, so it is the descriptor that
 * is asked: SQLite's own open() is looked at, by the way that its VFS has for
 * that (xSetSystemCall). */
#ifndef JOURNAL_OPENED_H
#define JOURNAL_OPENED_H

#include <sqlite3.h>
#include <stdint.h>
#include <sys/types.h>

/* A file, and how long it is at least. `inode` 0: not known. */
struct opened {
    dev_t device;
    ino_t inode;
    int64_t size;
};

/* Once, with the system's VFS: its calls are looked at from then on. */
void opened_listen(sqlite3_vfs *vfs);

/* What this thread opened last, since it was asked to forget. */
void opened_forget(void);
struct opened opened_last(void);

#endif
