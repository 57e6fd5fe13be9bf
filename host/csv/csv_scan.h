/* csv_scan.h: the records of a file as they are split, whatever is in them.
 * csv.c's own.
 *
 * Owns the file and knows the lines: where a record begins, where it ends,
 * and how much of the file one costs that cannot be split. */
#ifndef CSV_CSV_SCAN_H
#define CSV_CSV_SCAN_H

#include "base/error.h"
#include "csv/csv.h"
#include "csv/csv_split.h"

#include <stdbool.h>

struct lines;
struct lines_piece;

enum { CSV_SCAN_MARK = 0x1A }; // of DOS, where a text ends

/* What became of the record in hand. */
enum csv_step {
    CSV_STEP_MORE, // it goes on
    CSV_STEP_ROW,
    CSV_STEP_BAD,
    CSV_STEP_CUT, // bad, and nothing behind it can be read
    CSV_STEP_END,
    CSV_STEP_FAILED, // the error is set
};

struct csv_scan {
    struct csv_options options; // its texts are those below
    char *path;                 // owned
    char *encoding;             // owned
    struct lines *lines;        // owned
    struct csv_split split;     // owned; it counts the lines

    char separator; // 0 until it is known
    long begin;     // the line where the record begins
    bool unended;   // the line in hand has no line end yet
    bool at_end;    // of the file
    long cut_line;  // the quoted cell there ended the file; 0: none did

    struct error bad; // the message of a bad record
};

/* Into a scan of zeros. False with a message: csv_scan_close is due all the
 * same. */
bool csv_scan_open(struct csv_scan *scan, const struct csv_options *options,
    struct error *err);

/* Gives the descriptor back early: nothing more is read. */
void csv_scan_finish(struct csv_scan *scan);
void csv_scan_close(struct csv_scan *scan);

/* The next record, never CSV_STEP_MORE: its cells are in `split`. */
enum csv_step csv_scan_record(struct csv_scan *scan, struct error *err);

/* The same, of which the first line was read by hand: a record has begun. */
enum csv_step csv_scan_line(
    struct csv_scan *scan, const struct buf *line, struct error *err);

/* The same by hand, for the header: a record begins with the line in hand;
 * the next piece of it (CSV_STEP_MORE), which is not split; the record ends
 * with what `split` was fed. */
void csv_scan_begin(struct csv_scan *scan);
enum csv_step csv_scan_piece(
    struct csv_scan *scan, struct lines_piece *piece, struct error *err);
enum csv_step csv_scan_end(struct csv_scan *scan, struct error *err);

/* Keeps the message in `bad`; returns CSV_STEP_BAD. */
enum csv_step csv_scan_bad(struct csv_scan *scan, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The account has no room for the record: says so in `bad`; returns
 * CSV_STEP_BAD. */
enum csv_step csv_scan_full(struct csv_scan *scan);

/* Whether the record in hand may be half of one, being the last line of a
 * file that was changed just now and has no line end; `bad` says so. */
bool csv_scan_young(struct csv_scan *scan);

/* See csv_unchanged. */
bool csv_scan_unchanged(const struct csv_scan *scan, struct error *err);

#endif
