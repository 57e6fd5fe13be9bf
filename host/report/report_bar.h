/* report_bar.h: numbers as small bars of characters. */
#ifndef REPORT_REPORT_BAR_H
#define REPORT_REPORT_BAR_H

#include "base/buf.h"

#include <stdint.h>

/* Adds a bar of `width` columns, spaces included, for `n` of at most `most`;
 * what is not nothing shows. False: no memory. */
bool bar_put(struct buf *out, int64_t n, int64_t most, int width, bool blocks);

/* Adds one column for `n` of at most `most`. */
bool bar_put_small(struct buf *out, int64_t n, int64_t most, bool blocks);

#endif
