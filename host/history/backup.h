/* backup.h: a copy of a journal, made while a run goes on.
 *
 * The copy is one moment of the journal and opens as a journal. It is written
 * aside, checked, made durable, and only then gets its name. */
#ifndef HISTORY_BACKUP_H
#define HISTORY_BACKUP_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct backup_result {
    int64_t runs, releases, bytes; // of the copy
    int restarts; // because the journal was written to meanwhile
};

/* Copies the journal at `path` to `to`. What is there is replaced only if it
 * is an earlier copy of the same journal that no run has used.
 * False, and `to` is as it was: ERROR_USAGE (something else is there, or as
 * reader_open), ERROR_DISK. */
bool backup(const char *path, const char *to, struct backup_result *result,
    struct error *err);

#endif
