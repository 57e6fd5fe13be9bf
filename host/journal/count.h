/* count.h: how many releases are in each state. */
#ifndef JOURNAL_COUNT_H
#define JOURNAL_COUNT_H

#include "journal/journal.h"
#include "journal/store.h"

/* Runs `sql`, whose rows are a state and its number; the states that it does
 * not give stay as they are. False: the store failed, or has a state that is
 * none. */
bool count_states(struct store *store, const char *sql,
    int64_t by_state[JOURNAL_STATES], struct error *err);

#endif
