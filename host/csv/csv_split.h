/* csv_split.h: one record, fed in pieces, split into cells. csv.c's own.
 *
 * RFC 4180, and beyond its letter: a quote inside a cell that began without
 * one is an inch mark, and data; blanks around a cell go, unless they are to
 * be kept. Behind a closing quote nothing but blanks may stand: nobody can
 * know what was meant. A lone CR ends a record as LF does, so that the caller
 * can say so. It knows no end of file: the caller looks after each line
 * whether the record has ended, for what a stray quote opens would go on to
 * the end of the file. */
#ifndef CSV_CSV_SPLIT_H
#define CSV_CSV_SPLIT_H

#include "base/account.h"
#include "csv/csv.h"

#include <stdbool.h>
#include <stddef.h>

enum csv_place {
    CSV_PLACE_RECORD, // before the first cell
    CSV_PLACE_CELL,   // before a cell
    CSV_PLACE_INSIDE,
    CSV_PLACE_QUOTE, // behind a quote in a quoted cell, and blanks
};

struct csv_split {
    struct buf text;        // owns what `cells` borrow
    struct csv_cell *cells; // owned
    size_t room;            // of `cells`
    size_t n;   // that the record has; those beyond `room` are not kept
    bool fixed; // `cells` grow no more
    size_t cell_max;
    char separator;
    bool special[256]; // bytes that may be more than text in a plain cell
    bool keep_space;
    long line;      // of the piece in hand; the caller counts
    long cell_line; // where the last cell begins
    bool ended;     // the record is complete
    bool more;      // something follows it in its line
    bool too_long;  // a cell has more than cell_max bytes
    bool no_memory;
    bool full;               // the account is
    struct account *account; // borrowed
    enum csv_place place;
    bool quoted;   // the cell in hand is
    size_t len;    // of it, with what may have to go again:
    size_t blanks; // those at its end
};

enum csv_fed {
    CSV_FED,
    CSV_FED_STRAY, // text behind a closing quote; or no closing quote
    CSV_FED_NO_MEMORY,
    CSV_FED_FULL, // the account is
};

/* `cell_max`: bytes of a cell; what is kept is taken from `account`. Allocates
 * nothing yet. */
void csv_split_init(struct csv_split *s, bool keep_space, size_t cell_max,
    struct account *account);
void csv_split_fini(struct csv_split *s);

/* What separates the cells; a comma until then. */
void csv_split_by(struct csv_split *s, char separator);

/* Forgets the record in hand, whatever its state. */
void csv_split_begin(struct csv_split *s);

/* A line, or a piece of one. */
enum csv_fed csv_split_feed(struct csv_split *s, const char *text, size_t len);

/* The record ends here, with or without a line end. */
enum csv_fed csv_split_end(struct csv_split *s);

/* Whether a quoted cell is open. */
bool csv_split_quoted(const struct csv_split *s);

/* Whether a cell, the open one included, is longer than it may be. */
bool csv_split_too_long(const struct csv_split *s);

/* Makes `cells` point to their texts. */
void csv_split_place(struct csv_split *s);

/* Gives back what a record took for which there was no room; no more of it is
 * kept. */
void csv_split_empty(struct csv_split *s);

/* Hands over the header: the caller takes its text and its n cells, which
 * stay taken from the account, and further records have room for as many. False
 * when there is no memory, or no room (`full`). */
bool csv_split_fix(
    struct csv_split *s, struct buf *text, struct csv_cell **cells);

#endif
