/* csv.h: the rows of a CSV file, one after the other, in constant memory.
 *
 * Reads RFC 4180 and what spreadsheets really write. A row that cannot be
 * used is told with its line and the file goes on; only a quoted cell that
 * does not end ends the file too. What writers put between the rows is none:
 * a line "sep=;" above the header, columns at the right without a name and
 * without a cell, lines of separators only, the dashes below the header and
 * the "(2 rows affected)" of an SQL client, the 0x1A at the end of DOS. The
 * reader owns the file; it knows no Lua and any thread may have one of its
 * own. */
#ifndef CSV_CSV_H
#define CSV_CSV_H

#include "base/account.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct csv_reader;

struct csv_options {
    const char *path;
    const char *encoding; // a name that iconv knows; NULL: UTF-8
    char separator;       // 0: the one of , ; tab | that the header has
    bool keep_space;      // unquoted cells are not trimmed
    bool no_quotes;       // a quote is text: nothing is quoted
    long skip;            // lines above the header
    bool of_rule;         // no script of the user's opens it: that is what
                          // a cure has to name

    /* The names of the columns, each once, when no line of the file has them;
     * NULL: the header has. Borrowed until it is open. */
    const struct csv_cell *header;
    size_t header_n;

    struct account *account; // borrowed; what is read is taken from it

    /* 0 for the usual. */
    size_t cell_max;   // bytes of a cell: 1 MiB
    long cell_lines;   // lines of a quoted cell: 1,000
    int64_t settle_ms; // a file this young may still be written: 60 s
    int64_t now_ms;    // what time it is, for tests
    size_t chunk;      // bytes read at once
};

struct csv_cell {
    const char *text; // UTF-8 without NUL bytes, not terminated
    size_t len;
};

enum csv_got {
    CSV_ROW,
    CSV_BAD,    // this row cannot be used; the next may
    CSV_END,    // again and again
    CSV_FAILED, // the file itself; again and again
};

/* What one that was opened took: the lines behind its own are text of a cell
 * now, whatever they were meant to be. */
struct csv_quote {
    size_t cell; // in which, from 0
    long line;   // where it opens
    long ends;   // line ends in it, as far as it was read
};

/* All of it is borrowed until the next call. */
struct csv_record {
    const struct csv_cell *cells; // of CSV_ROW: one for each column
    long line; // where the record begins; the first line is 1

    /* Of its quoted cells the one with most line ends, the first of such; no
     * cell is quoted when its line is 0. */
    struct csv_quote quote;

    const char *message; // of CSV_BAD: "5 columns, the header has 6"
    bool later;          // of CSV_BAD: somebody may still be writing it
};

/* Opens the file and reads its header. NULL with a message: no such file, no
 * CSV file (file_kind.h), no header, a header that cannot be read, a name
 * twice; ERROR_USAGE: an unknown encoding. The caller frees it with
 * csv_close. */
struct csv_reader *csv_open(
    const struct csv_options *options, struct error *err);

/* The header's names, borrowed; `*n` is how many. */
const struct csv_cell *csv_columns(const struct csv_reader *r, size_t *n);

/* The next row. Gives the descriptor back when there is none. */
enum csv_got csv_next(
    struct csv_reader *r, struct csv_record *out, struct error *err);

/* Whether what was read is what the path leads to now; false with a message:
 * it grew, shrank, was replaced, or the rest of it could not be read because
 * a quoted cell did not end. */
bool csv_unchanged(const struct csv_reader *r, struct error *err);

/* Frees it (NULL is allowed). */
void csv_close(struct csv_reader *r);

#endif
