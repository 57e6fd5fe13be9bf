#include "delivery/leftover.h"

#include <string.h>

static size_t page_len(const struct leftover *carry)
{
    return carry->op.text.len / sizeof(int64_t);
}

static int64_t item_at(const struct leftover *carry, size_t i)
{
    int64_t item;

    memcpy(&item, carry->op.text.data + i * sizeof item, sizeof item);
    return item;
}

void leftover_begin(struct leftover *carry, bool resend)
{
    carry->active = true;
    carry->op.kind = JOURNAL_LEFT;
    carry->op.resend = resend;
    carry->op.ask.order_item_id = 0;
}

struct journal_op *leftover_read(struct leftover *carry)
{
    if (!carry->active || carry->reading || carry->at < page_len(carry))
        return NULL;
    carry->reading = true;
    return &carry->op;
}

void leftover_was_read(struct leftover *carry)
{
    size_t len = carry->op.failed ? 0 : page_len(carry);

    carry->reading = false;
    carry->at = 0;
    if (len == 0)
        carry->active = false;
    else
        carry->op.ask.order_item_id = item_at(carry, len - 1);
}

bool leftover_next(struct leftover *carry, int64_t *item)
{
    if (!carry->active || carry->reading || carry->at >= page_len(carry))
        return false;
    *item = item_at(carry, carry->at++);
    return true;
}

void leftover_end(struct leftover *carry)
{
    carry->active = false;
}

void leftover_fini(struct leftover *carry)
{
    buf_free(&carry->op.text);
}
