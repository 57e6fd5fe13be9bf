/* sent.h: the orders that were marked as sent: a sorted array of numbers.
 *
 * An order that is not in it is not sent, so a million untouched orders cost
 * nothing, and the k-th order that is (not) sent is found by bisection. */
#ifndef MOCK_SENT_H
#define MOCK_SENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sent { // {0} is an empty one; owns its array
    int64_t *pks;
    size_t count;
    size_t cap;
};

void sent_fini(struct sent *sent);

bool sent_has(const struct sent *sent, int64_t pk);

/* False when there is no memory; nothing changed then. */
bool sent_set(struct sent *sent, int64_t pk, bool is_sent);

/* How many sent orders have a smaller number. */
size_t sent_rank(const struct sent *sent, int64_t pk);

/* The k-th (from 0) order from `first` on that is not sent. */
int64_t sent_nth_missing(const struct sent *sent, int64_t first, int64_t k);

#endif
