/* csv_swallowed.h: whether a quoted cell is one. csv.c's own.
 *
 * A name that begins with an inch mark opens a quote, and the next inch mark
 * at the end of a name closes it: in between may be any number of rows, and
 * the record has as many cells as it should. The first of them would get what
 * belongs to the last. Pure, allocates nothing. */
#ifndef CSV_CSV_SWALLOWED_H
#define CSV_CSV_SWALLOWED_H

#include "csv/csv.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether the lines of a cell, with the cells before and behind it, each look
 * like a row of `n` cells, numbers where the record has numbers; `*which` is
 * the first such cell. Text of several lines has no reason to. */
bool csv_swallowed(
    const struct csv_cell *cells, size_t n, char separator, size_t *which);

#endif
