/* chart_axis.h: what the charts of the page share: the plane, its axes. */
#ifndef REPORT_CHART_AXIS_H
#define REPORT_CHART_AXIS_H

#include "history/calendar.h"
#include "report/html.h"

enum {
    CHART_WIDTH = 760,
    CHART_LEFT = 58,   // where the plane begins
    CHART_RIGHT = 752, // and where it ends
    CHART_TOP = 18,
    CHART_TITLES = 400 // cells of a chart that have a title each; of more,
                       // the page would be too large
};

/* <figure> or a part of one: opens and closes the picture. */
void chart_begin(struct html *h, const char *title, int height);
void chart_end(struct html *h);

/* The horizontal place of the `i`th of `n` things side by side. */
double chart_x(size_t i, size_t n);

/* The same of a moment among the calendar's cells. */
double chart_time_x(const struct calendar *c, int64_t at);

/* A round number that is not less than `n`, and not much more. */
int64_t chart_round(int64_t n);

/* Names of the spans along `y`, as many as there is room for. */
void chart_names(struct html *h, const struct calendar *c, int y);

/* A line across at `y`, and a label to its left; `class` is "grid" or
 * "base". */
void chart_level(
    struct html *h, double y, const char *class, const char *label);

#endif
