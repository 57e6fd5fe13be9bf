/* store.h: one SQLite connection to a journal, and how its failures read.
 *
 * Used by one thread at a time (SQLITE_CONFIG_MULTITHREAD). Only journal/
 * knows it. */
#ifndef JOURNAL_STORE_H
#define JOURNAL_STORE_H

#include "base/buf.h"
#include "base/error.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    STORE_BUSY_MS = 10000,
    STORE_VALUE_MAX = 32 << 20 // bytes of a row, and so of a value in it
};

struct store {
    sqlite3 *db;      // owned
    const char *name; // borrowed: the journal as people call it
};

/* Opens `path` (or a URI) with SQLITE_OPEN_ flags. What a hand-made schema
 * could run (triggers, views, its own functions) is switched off. */
bool store_open(
    struct store *store, const char *path, int flags, struct error *err);

/* Adds the URI of a file, with what SQLite is told about it. */
bool store_uri(struct buf *uri, const char *path, const char *how);

/* Closes; false as `checkpoint` leaves the WAL as it is. */
void store_close(struct store *store, bool checkpoint);

/* Runs SQL that needs no answer. */
bool store_exec(struct store *store, const char *sql, struct error *err);
void store_rollback(struct store *store);

/* The one number that `sql` answers. */
bool store_number(
    struct store *store, const char *sql, int64_t *number, struct error *err);

/* NULL with a message. The caller finalizes it. */
sqlite3_stmt *store_prepare(
    struct store *store, const char *sql, struct error *err);

/* Whether the file, whose real path is `real`, has its end. SQLite reads one
 * that was cut inside its last page as if there were zeros. ERROR_DISK. */
bool store_whole(struct store *store, const char *real, struct error *err);

/* One line about the SQLite result `rc`; returns false. */
bool store_fail(struct store *store, int rc, struct error *err);

/* SQLite's memory from base/mem, for SQLITE_CONFIG_MALLOC; lives for ever. */
const sqlite3_mem_methods *store_memory(void);

#endif
