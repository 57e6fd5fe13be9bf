/* chart.h: the pictures of the page, as inline SVG that CSS colours. Each has
 * a title, and a table beside it says the same. */
#ifndef REPORT_CHART_H
#define REPORT_CHART_H

#include "report/html.h"
#include "report/report.h"

/* What became of the releases in each span: confirmed above the line, what was
 * not below it, on a scale of its own. */
void chart_outcomes(struct html *h, const struct tally *t);

/* Released in each cell, and when sending was stopped. */
void chart_pace(struct html *h, const struct overview *o);
bool chart_has_pace(const struct tally *t);

/* The time that answers took in each cell: half of them, and 95 of 100. */
void chart_answers(struct html *h, const struct tally *t);

/* The cells as a calendar, by the exit codes of their runs. */
void chart_exits(struct html *h, const struct tally *t);

#endif
