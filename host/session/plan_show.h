/* plan_show.h: a plan for people, by scripts/cmd/plan.lua, and for machines. */
#ifndef SESSION_PLAN_SHOW_H
#define SESSION_PLAN_SHOW_H

#include "base/buf.h"
#include "base/error.h"
#include "lua/script.h"
#include "session/plan_book.h"

struct plan_show { // all borrowed
    struct plan_book *book;
    struct plan *plan;
    const struct script_rows *rows;
    int64_t unread_rows;   // of a CSV file that came to no rule
    int64_t unknown;       // in the journal
    int64_t refused;       // there: rejected or in conflict
    const char *open;      // the command that shows those
    const char *c_modules; // that were loaded, "lpeg, lfs"; or ""
    bool all;              // the dull middle, too
    bool verbose;          // the whole of what a request would have sent
    bool left_alone;       // rows were, by --only
    bool typed;            // a person typed the release: it needs no table
    int columns;           // of the terminal
};

/* Adds the rows, the totals, and what smells of a mistake. Sorts the book.
 * False: *err says why, and *out may have a part. */
bool plan_show_text(
    const struct plan_show *show, struct buf *out, struct error *err);

/* One JSON object per row, each with its line end. Sorts the book. False: no
 * memory. */
bool plan_show_json(struct plan_book *book, struct buf *out);

#endif
