/* words.h: the table `word`, by which `why` finds a release by its code, its
 * name, its order, its place or a field of its row.
 *
 * It is filled when a run is over, from what the run wrote, and never on the
 * way of a release. A word only says where to look: rows change, so who finds
 * one compares it with the row that is there. meta.words_run is the last run
 * whose rows are all in it; of later ones the rows themselves are looked
 * through. So nothing is lost where the filling is cut short: the next run's
 * end begins where it has to.
 *
 * In it are code, name, order number and place of a row (of a path its end),
 * and of its fields the texts and numbers of 2 to WORDS_MOST bytes but the
 * item itself; but no further field with a value that WORDS_SAME have already.
 * Letters of ASCII are small. */
#ifndef HISTORY_WORDS_H
#define HISTORY_WORDS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct journal;
struct store;
struct sqlite3_stmt;

enum {
    WORDS_MOST = 64,      // bytes of one; of longer names the beginning
    WORDS_SAME = 1000,    // releases that a field's value leads to
    WORDS_ENOUGH = 100000 // releases that the end of one run takes of others
};

/* Writes what a text is in the table, NUL-terminated; its bytes. */
size_t words_fold(const char *text, size_t len, char out[WORDS_MOST + 1]);

/* What a path or a place is in the table: behind its last slash. */
const char *words_end_of_path(const char *text);

/* Adds a word, its first parameter, of a release, its second. */
#define WORDS_ADD                                                              \
    "INSERT INTO word (value, order_item_id) VALUES (?, ?)"                    \
    " ON CONFLICT DO NOTHING"

/* What words_fill is told: `stops` is asked between two transactions, some
 * thousand releases each; NULL: it is not to be stopped. Once `enough` releases
 * were taken it stops where a run's are complete; 0: it takes all. */
struct words_order {
    bool (*stops)(void *arg);
    void *arg;
    int64_t enough;
};

/* Brings it up to what the runs have written, on the caller's thread, as
 * journal_lend. True also when it was stopped. */
bool words_fill(struct journal *journal, const struct words_order *order,
    struct error *err);

/* Takes out the fields of the rows which `rows`, a statement with its
 * parameters, gives as WORDS_COLUMNS; inside the caller's transaction. The
 * statement is the caller's. */
#define WORDS_COLUMNS                                                          \
    "order_item_id, run, code, name, order_number, source, seen"
bool words_forget(
    struct store *store, struct sqlite3_stmt *rows, struct error *err);

#endif
