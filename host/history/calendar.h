/* calendar.h: a stretch of time, cut as people look back at it.
 *
 * Into cells: the hours of a month at most, or days. A cell stands in a row (a
 * day, or a month) and in a column (the hour, or the day of the month, from
 * 0). And the cells into spans, which stand beside one another in a table:
 * hours, days, weeks or months. All in the machine's zone. */
#ifndef HISTORY_CALENDAR_H
#define HISTORY_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum calendar_unit {
    CALENDAR_HOUR,
    CALENDAR_DAY,
    CALENDAR_WEEK, // from Monday
    CALENDAR_MONTH
};

struct calendar_cell {
    int64_t from; // wall clock, ms; it ends where the next begins
    int row, column;
};

struct calendar_span {
    size_t first, len; // cells
};

struct calendar { // owns both lists
    int64_t from, to;
    enum calendar_unit cell, span;
    struct calendar_cell *cells;
    struct calendar_span *spans;
    size_t cell_count, span_count; // at least 1
    int rows, columns;
};

/* From the beginning of the span that `from` is in up to `to`, which is not
 * before it; more than CALENDAR_DAYS_MAX days are cut to the latest. False:
 * no memory, and nothing to free. */
enum { CALENDAR_DAYS_MAX = 3660 };
bool calendar_init(struct calendar *c, int64_t from, int64_t to);
void calendar_fini(struct calendar *c);

/* The cell of a moment; what lies outside belongs to the nearest. */
size_t calendar_find(const struct calendar *c, int64_t at);

#endif
