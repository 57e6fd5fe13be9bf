/* writer.h: the one process that writes a journal: its lock, then its file.
 *
 * What is committed here is durable: WAL and synchronous=FULL are asked for
 * and read back. A writer owns its connection and its lock. */
#ifndef JOURNAL_WRITER_H
#define JOURNAL_WRITER_H

#include "journal/lock.h"
#include "journal/store.h"

#include <limits.h>

struct writer {
    struct store store;
    struct lock lock;    // LOCK_NONE: in memory, or not open
    bool sound;          // ours, and nothing has failed: it may be checkpointed
    bool anywhere;       // wherever its home is (home.h)
    char real[PATH_MAX]; // "": in memory
};

/* Opens the journal at `path` (borrowed) and brings it up to this version.
 * Waits up to `wait_ms` for one who holds it. `script` is written in the lock
 * file, may be NULL. False: as journal_open; writer_close is due all the
 * same. */
bool writer_open(struct writer *writer, const char *path, const char *script,
    int64_t wait_ms, struct error *err);

/* The same of one that may be a copy, or of another machine: to say where its
 * home is now. */
bool writer_open_anywhere(struct writer *writer, const char *path,
    const char *script, int64_t wait_ms, struct error *err);

/* A new one in memory. */
bool writer_open_memory(
    struct writer *writer, const char *name, struct error *err);

/* What failed counts against the file, unless it was a matter of usage. */
void writer_fail(struct writer *writer, const struct error *err);

/* After a guard was left (bus.h): nothing is closed or given up any more. */
void writer_leave(struct writer *writer);

/* Checkpoints a sound one, closes, gives up the lock. */
void writer_close(struct writer *writer);

#endif
