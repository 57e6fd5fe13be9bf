/* csv_head.h: a header whose separator is not known yet. csv.c's own.
 *
 * Gathers the header's text and finds in it where it ends and which of
 * , ; tab | separates. `struct csv_head h = {0}` is an empty one. */
#ifndef CSV_CSV_HEAD_H
#define CSV_CSV_HEAD_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum { CSV_HEAD_SEPARATORS = 4 };

struct csv_head {
    struct buf text;                    // owned
    size_t counts[CSV_HEAD_SEPARATORS]; // of those outside quotes
    enum { HEAD_START, HEAD_CELL, HEAD_QUOTED, HEAD_QUOTE } where;
};

/* Adds text of the header; `separator` is one that was given, or 0. False
 * when there is no memory. */
bool csv_head_add(
    struct csv_head *h, const char *text, size_t len, char separator);

/* Whether a quoted name is open, so that the header goes on in the next
 * line. */
bool csv_head_quoted(const struct csv_head *h);

/* Whether there was nothing but blanks and line ends. */
bool csv_head_blank(const struct csv_head *h);

/* The separator that occurs most, the comma if there is none; 0 when two
 * occur equally often. */
char csv_head_separator(const struct csv_head *h);

/* Forgets the contents, keeps the memory. */
void csv_head_clear(struct csv_head *h);

void csv_head_free(struct csv_head *h);

#endif
