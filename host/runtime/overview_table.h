/* overview_table.h: the tables of the report for a terminal. */
#ifndef RUNTIME_OVERVIEW_TABLE_H
#define RUNTIME_OVERVIEW_TABLE_H

#include "runtime/overview.h"
#include "runtime/overview_paper.h"

/* The runs by their exit codes, with bars. */
void table_runs(struct paper *p, const struct overview *o);

/* What became of the releases in each span of the calendar. */
void table_spans(struct paper *p, const struct overview *o);

void table_slowest(struct paper *p, const struct overview *o);

#endif
