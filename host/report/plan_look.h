/* plan_look.h: what stands below a plan's table: the totals, and what smells
 * of a mapping mistake. */
#ifndef REPORT_PLAN_LOOK_H
#define REPORT_PLAN_LOOK_H

#include "report/plan_table.h"

/* "14 lines: 10 to release (1 keeps its stock), 1 waits, …" */
bool plan_look_totals(const struct plan_table *table, struct buf *out);

/* "Look at: …", or nothing; then what would become of files and cursors. */
bool plan_look_put(const struct plan_table *table, struct buf *out);

#endif
