/* vfs.h: the database's file and its WAL as the system's VFS opened them: which
 * they are and how far they were written, so that one that was replaced or cut
 * short is not written on; and what is mapped of the -shm. */
#ifndef JOURNAL_VFS_H
#define JOURNAL_VFS_H

#include "journal/opened.h"

#include <sqlite3.h>
#include <stdbool.h>

/* The VFS for sqlite3_open_v2: "unix", whose files are watched. */
#define VFS_NAME "omnitron"

/* After sqlite3_initialize: makes it known. An SQLite code. */
int vfs_init(void);

/* Which file an open database is, and how long it was or has been written; its
 * -shm, and how much of that is mapped. */
struct opened vfs_main(sqlite3_file *file);
struct opened vfs_shm(sqlite3_file *file);

/* Likewise of an open WAL. False: it is not open. */
bool vfs_wal(sqlite3_file *file, struct opened *opened);

#endif
