/* colour.h: words and numbers in colour, on a terminal that has it. */
#ifndef TERMINAL_COLOUR_H
#define TERMINAL_COLOUR_H

#include "base/buf.h"

enum colour { COLOUR_NONE, COLOUR_RED, COLOUR_GREEN, COLOUR_YELLOW };

/* Adds the text, and what makes it that colour around it. */
bool colour_put(struct buf *out, enum colour colour, const char *text);

/* The bytes of the escape sequence at `text`, which takes no column; 0: none
 * of ours begins there. */
size_t colour_length(const char *text);

#endif
