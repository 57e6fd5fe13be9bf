/* progress_line.h: what the line says, for a terminal of any width. Pure. */
#ifndef SESSION_PROGRESS_LINE_H
#define SESSION_PROGRESS_LINE_H

#include "base/buf.h"
#include "lua/script.h"

/* How far a run is. Borrowed. */
struct run_progress {
    const struct script_rows *rows;
    const struct delivery_tally *tally;
    int64_t expected; // rows, a guess; 0: not known
    size_t in_flight; // requests
};

/* Adds "412 of 900 [####......] 396 released, 3 failed   9 s  44/s  11 s left",
 * `columns` wide at most: the bar gives way first, then the counts that come
 * last. `ms` is since the start. False: no memory. */
bool progress_line_put(struct buf *out, const struct run_progress *progress,
    int64_t ms, int columns, bool colour);

#endif
