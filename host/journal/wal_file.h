/* wal_file.h: the WAL's file as the system's VFS opened it: which one it is and
 * how far it was written, so that one that was replaced or cut short is not
 * written on. */
#ifndef JOURNAL_WAL_FILE_H
#define JOURNAL_WAL_FILE_H

#include "journal/opened.h"

#include <sqlite3.h>
#include <stdbool.h>

/* The VFS for sqlite3_open_v2, "unix" but for the WAL. */
#define WAL_FILE_VFS "omnitron"

/* After sqlite3_initialize: makes it known. An SQLite code. */
int wal_file_init(void);

/* Which file an open WAL is, and how long it was or has been written. False:
 * it is no WAL. */
bool wal_file(sqlite3_file *file, struct opened *opened);

#endif
