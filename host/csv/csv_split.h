/* csv_split.h: one record, fed in pieces, split into cells. csv.c's own.
 *
 * RFC 4180, and beyond its letter: a quote inside a cell that began without
 * one is an inch mark, and data; blanks around a cell go, unless they are to
 * be kept. Behind a closing quote nothing but blanks may stand: nobody can
 * know what was meant. A lone CR ends a record as LF does, so that the caller
 * can say so. It counts lines, but knows no end of file: the caller looks
 * after each line whether the record has ended, for what a stray quote opens
 * would go on to the end of the file. */
#ifndef CSV_CSV_SPLIT_H
#define CSV_CSV_SPLIT_H

#include "base/account.h"
#include "csv/csv.h"

#include <stdbool.h>
#include <stddef.h>

enum csv_place {
    CSV_PLACE_RECORD, // before the first cell
    CSV_PLACE_CELL,   // before a cell
    CSV_PLACE_PLAIN,  // in a cell that began without a quote
    CSV_PLACE_QUOTED, // in one that began with a quote
    CSV_PLACE_QUOTE,  // behind a quote in it
    CSV_PLACE_CLOSED, // behind the closing one, and blanks
};

enum csv_fed {
    CSV_FED,
    CSV_FED_STRAY, // text behind a closing quote; or no closing quote
    CSV_FED_LONG,  // the cell in hand has more than cell_max bytes
    CSV_FED_FULL,  // the account is: nothing of the record is kept
    CSV_FED_NO_MEMORY,
};

struct csv_split {
    struct buf text;        // owns what `cells` borrow
    struct csv_cell *cells; // owned
    size_t room;            // of `cells`
    size_t n;   // that the record has; those beyond `room` are not kept
    bool fixed; // `cells` grow no more
    bool extra; // of the record, a cell that is not kept has text
    bool keep_space;
    bool no_quotes;
    size_t cell_max;
    struct account *account;  // borrowed
    unsigned char bytes[256]; // what each byte may be, enum byte
    enum csv_place place;
    enum csv_fed lack;      // why nothing of the record is kept
    bool kept;              // the cell in hand is
    bool ended;             // the record is complete
    bool more;              // something follows it in its line
    size_t len;             // of the cell in hand
    long line;              // the one in hand
    long cell_line;         // where the cell in hand begins
    struct csv_quote quote; // of the record, as csv_record has it
};

/* `cell_max`: bytes of a cell; what is kept is taken from `account`. Commas
 * separate, and the first line is 1. Allocates nothing yet. */
void csv_split_init(struct csv_split *s, bool keep_space, size_t cell_max,
    struct account *account);
void csv_split_fini(struct csv_split *s);

/* A quote is text like any other: before csv_split_by. */
void csv_split_ignore_quotes(struct csv_split *s);

/* What separates the cells: any of these. */
void csv_split_by(struct csv_split *s, const char *separators);

/* Forgets the record in hand, whatever its state. */
void csv_split_begin(struct csv_split *s);

/* A line, or a piece of one. Of it, CSV_FED_STRAY and CSV_FED_LONG leave the
 * rest unread. Never CSV_FED_FULL: what a quote opens has to be closed. */
enum csv_fed csv_split_feed(struct csv_split *s, const char *text, size_t len);

/* The record ends here, with or without a line end. */
enum csv_fed csv_split_end(struct csv_split *s);

/* Takes `c` off when it is the last byte that the record has, outside quotes:
 * whether it was. A record of nothing else has not begun. */
bool csv_split_drop(struct csv_split *s, char c);

/* Whether the record is open because a quoted cell is. */
bool csv_split_open(const struct csv_split *s);

/* Makes `cells` point to their texts. */
void csv_split_place(struct csv_split *s);

/* Hands over the header: the caller takes its text and its n cells, which
 * stay taken from the account, and further records have room for as many.
 * False when there is no memory, or no room (`lack` is which). */
bool csv_split_fix(
    struct csv_split *s, struct buf *text, struct csv_cell **cells);

#endif
