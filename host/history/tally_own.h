/* tally_own.h: the parts of tally.c, one file each. */
#ifndef HISTORY_TALLY_OWN_H
#define HISTORY_TALLY_OWN_H

#include "history/tally.h"
#include "journal/store.h"

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

/* Of two exits of runs, or TALLY_…, the one that weighs more. */
int tally_exit_first(int a, int b);

#endif
