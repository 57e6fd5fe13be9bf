/* tempdb.h: a database that is made under a name of its own, until it is
 * complete and gets its real one. A kill leaves at most a file that no run
 * looks at. */
#ifndef JOURNAL_TEMPDB_H
#define JOURNAL_TEMPDB_H

#include <stdbool.h>

/* Makes it, empty, mode 0600 before it is SQLite's. False: errno says why; no
 * file is left. */
bool tempdb_make(const char *path);

/* Removes it and what SQLite may have put beside it. */
void tempdb_remove(const char *path);

#endif
