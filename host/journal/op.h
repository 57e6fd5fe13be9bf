/* op.h: what each kind of operation does to the tables.
 *
 * Statements are prepared once. Whoever runs operations begins and commits
 * the transaction around them with op_begin and op_commit. */
#ifndef JOURNAL_OP_H
#define JOURNAL_OP_H

#include "journal/journal.h"
#include "journal/store.h"

struct op_set; // owns its statements

/* NULL with a message: also when the tables are not ours. `run` is written
 * into what the operations change. The caller frees it before it closes the
 * store; of one that was left (bus.h) the statements stay. */
struct op_set *op_set_new(struct store *store, int64_t run, struct error *err);
void op_set_free(struct op_set *set);

/* An SQLite result each; SQLITE_OK: done. */
int op_begin(struct op_set *set);
int op_run(struct op_set *set, struct journal_op *op);
int op_commit(struct op_set *set);

#endif
