/* report_section.h: the sections of the page that are tables. Each writes
 * nothing when there is nothing to say. */
#ifndef REPORT_REPORT_SECTION_H
#define REPORT_REPORT_SECTION_H

#include "report/html.h"
#include "report/report.h"

/* What is open now, and the commands. */
void section_open(struct html *h, const struct overview *o);

/* The numbers of each span: the table of the charts over time. */
void section_spans(struct html *h, const struct tally *t);

/* The runs by exit code; when sending was stopped. */
void section_exits(struct html *h, const struct tally *t);
void section_stops(struct html *h, const struct overview *o);

void section_slowest(struct html *h, const struct tally *t);

/* Groups with a bar each; `kind` heads the column of their kinds, NULL: none;
 * `class` colours the bars. */
struct section_groups {
    const char *id, *head, *says;
    const struct tally_groups *groups;
    const char *kind, *class;
};
void section_groups(
    struct html *h, const struct tally *t, const struct section_groups *s);

#endif
