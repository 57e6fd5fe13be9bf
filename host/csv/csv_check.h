/* csv_check.h: whether a record that was split is a row. csv.c's own. */
#ifndef CSV_CSV_CHECK_H
#define CSV_CSV_CHECK_H

#include "csv/csv.h"
#include "csv/csv_scan.h"

#include <stdbool.h>
#include <stddef.h>

/* CSV_STEP_ROW when each cell is UTF-8 without NUL bytes; they point to their
 * texts then. CSV_STEP_BAD with a message, which names the cell by `columns`,
 * or by its number when that is NULL: the header itself is looked at. */
enum csv_step csv_check_text(
    struct csv_scan *scan, const struct csv_cell *columns);

/* The same, and there are as many cells as the header has, `n`, or more
 * without text; and no quote has taken what looks like rows of the file. */
enum csv_step csv_check_row(
    struct csv_scan *scan, const struct csv_cell *columns, size_t n);

/* Whether the record is something that a writer puts between the rows, or
 * behind them: only separators; a lone 0x1A; dashes, when it is `first` behind
 * the header; "(2 rows affected)". `n` columns. */
bool csv_check_none(struct csv_scan *scan, size_t n, bool first);

#endif
