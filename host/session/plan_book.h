/* plan_book.h: what a plan came to, row by row, until it is shown. */
#ifndef SESSION_PLAN_BOOK_H
#define SESSION_PLAN_BOOK_H

#include "delivery/plan.h"

struct plan_line { // owns its texts
    enum plan_would would;
    bool has_stock, update_stock;
    char *at, *name, *item, *code, *words, *where;
    char *body;    // NULL: none
    size_t number; // in the order of coming
};

struct plan_book {
    struct plan_line *lines; // owns
    size_t len, cap;
    size_t more; // that were counted and not kept
    int64_t by_would[PLAN_WOULDS];
    int64_t keep_stock; // of the releases
    int64_t ruined;     // by a spreadsheet
    int64_t undone;     // skipped, and released before
    int64_t doubtful;   // would be released with a code that hardly is one
    int64_t writes;     // rows that ended where they would have written
    char **notes;       // owns: what would become of files and cursors
    size_t note_count;
    bool short_of_memory;    // something is missing
    struct account *account; // borrows; NULL: no bound
    size_t taken;            // of it
};

/* Counts a row and keeps a copy of it while there is room. No memory: see
 * `short_of_memory`. Likewise a note. */
void plan_book_add(struct plan_book *book, const struct plan_row *row);
void plan_book_note(struct plan_book *book, const char *text);

/* In the order of the input. */
void plan_book_sort(struct plan_book *book);
void plan_book_fini(struct plan_book *book);

#endif
