/* leftover.h: the items that earlier runs left to be sent, a page at a time. */
#ifndef DELIVERY_LEFTOVER_H
#define DELIVERY_LEFTOVER_H

#include "journal/journal.h"

#include <stdbool.h>
#include <stdint.h>

struct carry { // {0} has not begun
    bool active;
    bool reading; // `op` is the journal's
    size_t at;    // the next of the page
    struct journal_op op;
};

/* `resend`: the unknown ones, too. */
void carry_begin(struct carry *carry, bool resend);

/* The operation that fetches the next page, for journal_submit; NULL: not
 * now. Its `owner` and `done` are the caller's to set; `done` is followed by
 * carry_was_read. */
struct journal_op *carry_read(struct carry *carry);
void carry_was_read(struct carry *carry);

/* The next item; false: none at the moment. */
bool carry_next(struct carry *carry, int64_t *item);

/* Nothing more is taken up. */
void carry_end(struct carry *carry);
void carry_fini(struct carry *carry);

#endif
