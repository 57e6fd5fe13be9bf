/* plan_look.h: what stands below a plan's table: the totals, and what smells
 * of a mapping mistake. */
#ifndef REPORT_PLAN_LOOK_H
#define REPORT_PLAN_LOOK_H

#include "base/buf.h"
#include "lua/script.h"
#include "report/plan_book.h"

/* What is shown of a plan, and to whom. Borrows. */
struct plan_table {
    struct plan_book *book;
    struct plan *plan;
    const struct script_rows *rows;
    int64_t unread_rows; // of a CSV file that came to no rule
    int64_t unknown;     // in the journal
    const char *open;    // the command that shows those
    bool all;            // the dull middle, too
    bool left_alone;     // rows were, by --only
    int columns;         // of the terminal
};

/* "14 lines: 10 to release (1 keeps its stock), 1 waits, …" */
bool plan_look_totals(const struct plan_table *table, struct buf *out);

/* "Look at: …", or nothing; then what would become of files and cursors. */
bool plan_look_put(const struct plan_table *table, struct buf *out);

#endif
