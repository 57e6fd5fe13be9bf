/* leftover.h: the items that earlier runs left to be sent, a page at a time. */
#ifndef DELIVERY_LEFTOVER_H
#define DELIVERY_LEFTOVER_H

#include "journal/journal.h"

#include <stdbool.h>
#include <stdint.h>

struct leftover { // {0} has not begun
    bool active;
    bool reading; // `op` is the journal's
    size_t at;    // the next of the page
    struct journal_op op;
};

/* `resend`: the unknown ones, too. */
void leftover_begin(struct leftover *carry, bool resend);

/* The operation that fetches the next page, for journal_submit; NULL: not
 * now. Its `owner` and `done` are the caller's to set; `done` is followed by
 * leftover_was_read. */
struct journal_op *leftover_read(struct leftover *carry);
void leftover_was_read(struct leftover *carry);

/* The next item; false: none at the moment. */
bool leftover_next(struct leftover *carry, int64_t *item);

/* Nothing more is taken up. */
void leftover_end(struct leftover *carry);
void leftover_fini(struct leftover *carry);

#endif
