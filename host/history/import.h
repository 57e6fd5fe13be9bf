/* import.h: releases that are done already, by whoever did them, taken into a
 * journal: all rows of one import, or none.
 *
 * Each becomes `confirmed`, final like any other, with an audit row. What
 * contradicts the journal is told and nothing is written. */
#ifndef HISTORY_IMPORT_H
#define HISTORY_IMPORT_H

#include "base/error.h"
#include "journal/journal.h"

#include <stdbool.h>
#include <stdint.h>

/* One that is done. Borrowed for the call. */
struct import_row {
    int64_t order_item_id;
    const char *code;
    bool update_stock;
    int64_t mapping_pk; // 0: not known
    const char *source; // "done.csv:812"
};

struct import_order {
    const char *who;    // the person; borrowed until import_close, as is
    const char *note;   // in his words
    const char *script; // in the lock
    int64_t wait_ms;    // for one who holds the journal
};

struct import_result {
    int64_t rows;    // that were not known before
    int64_t changed; // that were pending, rejected or cancelled
    int64_t already; // that stood there as they are
    int64_t refused; // that contradict the journal
};

struct import; // owns the journal's lock, and a transaction

/* False: ERROR_HELD, as journal_open. */
struct import *import_open(
    const char *path, const struct import_order *order, struct error *err);

/* Takes one; `*there` is what contradicts it, with `*refused`. False: the
 * journal has failed. */
bool import_add(struct import *import, const struct import_row *row,
    bool *refused, struct journal_row *there, struct error *err);

/* Keeps all of it. False: nothing is kept. */
bool import_keep(struct import *import, struct error *err);

const struct import_result *import_result(const struct import *import);

/* Without import_keep nothing was changed. NULL is allowed. */
void import_close(struct import *import);

#endif
