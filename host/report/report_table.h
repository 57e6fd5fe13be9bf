/* report_table.h: the tables of the report for a terminal. */
#ifndef REPORT_REPORT_TABLE_H
#define REPORT_REPORT_TABLE_H

#include "report/report.h"
#include "report/report_paper.h"

/* The runs by their exit codes, with bars. */
void table_runs(struct paper *p, const struct overview *o);

/* What became of the releases in each span of the calendar. */
void table_spans(struct paper *p, const struct overview *o);

void table_slowest(struct paper *p, const struct overview *o);

#endif
