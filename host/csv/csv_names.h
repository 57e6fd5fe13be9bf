/* csv_names.h: what the header of a file calls its columns. csv.c's own.
 *
 * `struct csv_names names = {0}` is none. */
#ifndef CSV_CSV_NAMES_H
#define CSV_CSV_NAMES_H

#include "base/buf.h"
#include "base/error.h"
#include "csv/csv.h"
#include "csv/csv_scan.h"

#include <stdbool.h>
#include <stddef.h>

struct csv_names {
    struct buf text;        // owns what `cells` borrow
    struct csv_cell *cells; // owned
    size_t n;
    bool young; // nothing follows them, and they may be half of the header
    enum csv_step first; // what became of the first row, which was read with
                         // them; CSV_STEP_MORE: none was
};

/* Reads the header, with which the scan begins, and finds the separator in
 * it; or takes the names that are given, and the first row for the separator.
 * Columns at the right without a name are left out. False with a message:
 * there is none, it cannot be read, a name is there twice. */
bool csv_names_read(
    struct csv_names *names, struct csv_scan *scan, struct error *err);
void csv_names_free(struct csv_names *names, struct account *account);

#endif
