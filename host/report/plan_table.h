/* plan_table.h: a plan as a table for people, and as JSON for machines. */
#ifndef REPORT_PLAN_TABLE_H
#define REPORT_PLAN_TABLE_H

#include "report/plan_look.h"

/* Adds the rows, the totals, and what smells of a mistake. False: no
 * memory. */
bool plan_table_put(const struct plan_table *table, struct buf *out);

/* One JSON object per row, each with its line end. */
bool plan_table_json(struct plan_book *book, struct buf *out);

#endif
