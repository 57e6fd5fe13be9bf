/* column.h: text in columns, for a terminal.
 *
 * A character of UTF-8 is taken as one column wide. Each function adds to a
 * buffer; false: no memory. */
#ifndef TERMINAL_COLUMN_H
#define TERMINAL_COLUMN_H

#include "base/buf.h"

int column_width(const char *text);

/* Padded to `width` columns; what is longer loses its middle. */
bool column_put(struct buf *out, const char *text, int width, bool right);

/* Words, broken at white space before they reach `columns`: the first stands
 * in column `at`, where the caller is, and further lines begin there. No line
 * end at the end. */
bool column_put_words(struct buf *out, const char *words, int at, int columns);

#endif
