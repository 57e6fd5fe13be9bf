/* counts.h: how many rows and releases came to what, in words. */
#ifndef ENDING_COUNTS_H
#define ENDING_COUNTS_H

#include "base/buf.h"
#include "delivery/delivery.h"
#include "lua/script.h"

#include <stdbool.h>

/* "9 released, 1 rejected, 2 invalid". */
bool counts_put(const struct script_rows *rows,
    const struct delivery_tally *tally, bool colour, struct buf *out);

/* "2 lines: 1 released, 1 invalid. Of 2 kept by earlier runs: 2 released". */
bool counts_put_totals(const struct script_rows *rows,
    const struct delivery_tally *tally, bool colour, struct buf *out);

#endif
