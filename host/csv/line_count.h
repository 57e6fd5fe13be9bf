/* line_count.h: how many lines a file has, for a progress bar. */
#ifndef CSV_LINE_COUNT_H
#define CSV_LINE_COUNT_H

#include <stdint.h>

/* The line ends of a regular file, and what follows the last one; 0 when it
 * is none or cannot be read. A quoted line end counts as one: it is a guess. */
int64_t line_count(const char *path);

#endif
