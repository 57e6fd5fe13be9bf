/* run_row.h: what a run writes about itself, and what it finds.
 *
 * On the caller's thread, each in a transaction of its own. */
#ifndef JOURNAL_RUN_ROW_H
#define JOURNAL_RUN_ROW_H

#include "journal/journal.h"
#include "journal/store.h"

/* Compares or writes the host, turns `sending` into `unknown`, writes the
 * run's row. `*run` gets its number. */
bool run_begin(struct store *store, const struct journal_options *options,
    int64_t *run, struct error *err);

/* `sending` becomes `unknown`, with an audit row, inside the caller's
 * transaction; only who has the lock knows that no run is alive. */
bool run_turn_orphans(struct store *store, struct error *err);

/* Runs `sql`, whose rows are a state and its number; the states that it does
 * not give stay as they are. False: the store failed, or has a state that is
 * none. */
bool run_count_states(struct store *store, const char *sql,
    int64_t by_state[JOURNAL_STATES], struct error *err);

/* Counts releases by state, conflicts, and the codes that `run` gave to more
 * than one item. */
bool run_count(struct store *store, int64_t run, struct journal_counts *counts,
    struct error *err);

/* Writes how the run ended. `summary` is borrowed; NULL: none. */
bool run_end(struct store *store, int64_t run, const char *summary,
    int exit_code, struct error *err);

/* Whether the journal is of this host, or `*fresh`: no run has named one yet.
 * Reads only. False: ERROR_USAGE, it is another's; or as store_*. */
bool run_host_fits(
    struct store *store, const char *host, bool *fresh, struct error *err);

#endif
