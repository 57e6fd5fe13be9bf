/* tally_own.h: the parts of tally.c, one file each. */
#ifndef HISTORY_TALLY_OWN_H
#define HISTORY_TALLY_OWN_H

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

/* Fills its part of the tally, whose calendar, cells and run_alive are there.
 * `first_run` is the oldest whose rows can lie in the stretch. */
bool tally_runs_take(struct store *store, struct tally *tally,
    int64_t first_run, struct error *err);
bool tally_releases_take(struct store *store, struct tally *tally,
    int64_t first_run, struct error *err);
bool tally_reasons_take(
    struct store *store, struct tally *tally, struct error *err);
bool tally_open_take(
    struct store *store, struct tally *tally, struct error *err);

/* Rows whose columns are those of TALLY_ROW_COLUMNS, appended; the list has
 * room for `most`. */
#define TALLY_ROW_COLUMNS                                                      \
    "order_item_id, code, coalesce(name, ''), coalesce(source, ''),"           \
    " coalesce(message, ''), state, http_status, ms"
int tally_row_keep(
    struct tally_rows *rows, size_t most, sqlite3_stmt *stmt, int64_t at);

/* A state's name in a column; what is `sending` without a run is unknown. */
int tally_state(const struct tally *tally, sqlite3_stmt *stmt, int column,
    enum journal_state *state);

/* Of two exits of runs, or TALLY_…, the one that weighs more. */
int tally_exit_first(int a, int b);

#endif
