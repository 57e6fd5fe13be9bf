/* cursor.h: what scripts remember under a key (journal/cursor_value.h has the
 * values), for a person who looks at it, sets it or has it forgotten.
 *
 * A script's own way is an operation of the journal. What a person does waits
 * for a run to end and leaves an audit row: who, when, what it was before. Its
 * item is 0, which is no order item. */
#ifndef JOURNAL_CURSOR_H
#define JOURNAL_CURSOR_H

#include "base/buf.h"
#include "base/error.h"
#include "journal/cursor_value.h"

#include <stdint.h>

struct cursor { // borrowed for the call
    const char *key;
    struct cursor_value memo;
    int64_t at;
    int64_t run;     // that wrote it; 0: a person
    const char *who; // that person; "": not known, or a run
};

/* Calls `each` for `key`, or with NULL for all in order of the keys, when the
 * reading is over; stops when it returns false. Reads only and works beside a
 * run. False: as reader_open, or `each` returned false (err->text is ""). */
bool cursor_read(const char *path, const char *key,
    bool (*each)(const struct cursor *cursor, void *arg), void *arg,
    struct error *err);

struct cursor_order {                // borrowed
    const char *key;                 // of a valid length
    const struct cursor_value *memo; // NULL: to be forgotten
    const char *who;                 // the person
    const char *script;              // of the lock file
    int64_t wait_ms;                 // for one who holds the journal
};

/* One transaction. Adds what it was before to *was as it is kept; "": there
 * was none. False: nothing is changed, as settle. */
bool cursor_write(const char *path, const struct cursor_order *order,
    struct buf *was, struct error *err);

#endif
