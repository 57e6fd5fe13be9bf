/* csv_check.h: whether a record that was split is a row. csv.c's own. */
#ifndef CSV_CSV_CHECK_H
#define CSV_CSV_CHECK_H

#include "csv/csv.h"
#include "csv/csv_scan.h"

#include <stddef.h>

/* CSV_STEP_ROW when each cell is UTF-8 without NUL bytes; they point to their
 * texts then. CSV_STEP_BAD with a message, which names the cell by `columns`,
 * or by its number when that is NULL: the header itself is looked at. */
enum csv_step csv_check_text(
    struct csv_scan *scan, const struct csv_cell *columns);

/* The same, and there are as many cells as the header has, `n`. */
enum csv_step csv_check_row(
    struct csv_scan *scan, const struct csv_cell *columns, size_t n);

#endif
