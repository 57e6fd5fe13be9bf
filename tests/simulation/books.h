/* books.h: the journal of a simulated world, in memory, kept from run to run
 * of a seed and emptied for the next; and the person who looks after it. */
#ifndef SIMULATION_BOOKS_H
#define SIMULATION_BOOKS_H

#include "journal/op.h"
#include "journal/run_row.h"
#include "world.h"

/* Once in a process; false: said on standard error. */
bool books_open(void);
void books_close(void);

/* For the next seed. */
void books_clear(struct world *w);

/* A run begins: what was being sent is in doubt. The operations of this
 * run; kept. */
struct op_set *books_begin_run(struct world *w);
void books_end_run(struct world *w);

/* In one transaction; false: nothing was written. */
bool books_write(struct world *w, struct journal_op **ops, int count);

/* False: it has none. */
bool books_row(struct world *w, int item, struct journal_row *row);
int64_t books_audits(struct world *w, int item);
bool books_has_conflict(struct world *w, int item, const char *code);

/* As the end of a run counts them. */
void books_count(struct world *w, struct journal_counts *counts);
int64_t books_number(struct world *w, const char *sql, int64_t bound);

/* Somebody settles, cancels and retries some rows, and cancels conflicts;
 * truthfully. */
void books_person(struct world *w);

#endif
