/* plan_table.h: a plan as a table for people, and as JSON for machines. */
#ifndef REPORT_PLAN_TABLE_H
#define REPORT_PLAN_TABLE_H

#include "base/buf.h"
#include "lua/script.h"
#include "report/plan_book.h"

struct plan_table {
    struct plan_book *book;
    struct plan *plan;
    const struct script_rows *rows;
    int64_t unread_rows;   // of a CSV file that came to no rule
    int64_t unknown;       // in the journal
    const char *open;      // the command that shows those
    const char *c_modules; // that were loaded; NULL or "": none
    bool all;              // the dull middle, too
    bool left_alone;       // rows were, by --only
    int columns;           // of the terminal
};

/* Adds the rows, the totals, and what smells of a mistake. False: no
 * memory. */
bool plan_table_put(const struct plan_table *table, struct buf *out);

/* One JSON object per row, each with its line end. */
bool plan_table_json(struct plan_book *book, struct buf *out);

#endif
