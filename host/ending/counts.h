/* counts.h: how many rows and releases came to what, in words. */
#ifndef ENDING_COUNTS_H
#define ENDING_COUNTS_H

#include "base/buf.h"
#include "delivery/delivery.h"
#include "lua/script.h"
#include "terminal/colour.h"

#include <stdbool.h>

/* All that a row or a release can come to: the verdicts, then the ends of rows
 * that came to no release. */
enum {
    COUNTS_SKIPPED = VERDICTS,
    COUNTS_LATER,
    COUNTS_FAILED,
    COUNTS_INVALID,
    COUNTS_ENDS
};

struct counts_end {
    const char *words; // "kept for the next run"
    const char *brief; // where there is little room: "kept"
    enum colour colour;
};

/* By these numbers. */
extern const struct counts_end counts_ends[COUNTS_ENDS];

/* Whether a person has to see to the row: it makes the exit code EXIT_ROWS. */
bool counts_needs_person(int end);

/* The end of that name, as verdict_name and input_end_name have it; -1: none
 * of these. */
int counts_read(const char *name);

/* How many came to that; `verdicts` by enum verdict. */
int64_t counts_of(
    int end, const struct script_rows *rows, const int64_t *verdicts);

/* "9 released, 1 rejected, 2 invalid". */
bool counts_put(const struct script_rows *rows,
    const struct delivery_tally *tally, bool colour, struct buf *out);

/* "2 lines: 1 released, 1 invalid. Of 2 kept by earlier runs: 2 released". */
bool counts_put_totals(const struct script_rows *rows,
    const struct delivery_tally *tally, bool colour, struct buf *out);

#endif
