/* tally_read.h: how the parts of the tally ask the journal, and what more than
 * one of them reads out of it. */
#ifndef HISTORY_TALLY_READ_H
#define HISTORY_TALLY_READ_H

#include "history/tally.h"
#include "journal/bind.h"
#include "journal/store.h"

/* Runs `sql` with numbers for its parameters and gives each row to `take`. */
struct tally_question {
    const char *sql;
    int64_t numbers[3];
    int count;
    bind_take *take;
    void *arg;
};
bool tally_ask(struct store *store, const struct tally_question *question,
    struct error *err);

/* Rows whose columns are those of TALLY_ROW_COLUMNS, appended; the list has
 * room for `most`. */
#define TALLY_ROW_COLUMNS                                                      \
    "order_item_id, code, coalesce(name, ''), coalesce(source, ''),"           \
    " coalesce(message, ''), state, http_status, ms"
int tally_row_keep(
    struct tally_rows *rows, size_t most, sqlite3_stmt *stmt, int64_t at);

void tally_rows_fini(struct tally_rows *rows);

/* A state's name in a column; what is `sending` without a run is unknown. */
int tally_state(const struct tally *tally, sqlite3_stmt *stmt, int column,
    enum journal_state *state);

#endif
