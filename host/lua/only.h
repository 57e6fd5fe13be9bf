/* only.h: --only: the items and codes that are asked for, and what came of
 * them. A command fills `values` and `count`; a run notes the rest. */
#ifndef LUA_ONLY_H
#define LUA_ONLY_H

#include "delivery/delivery.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ONLY_MAX = 256, ONLY_PASSED_MAX = 200 };

struct only {
    const char *values[ONLY_MAX]; // borrowed
    bool met[ONLY_MAX];           // a release was of it
    /* A row that has it in a field came to no release: where, and why. */
    char passed[ONLY_MAX][ONLY_PASSED_MAX];
    size_t count;
    int64_t rows; // that were read
    int64_t bad;  // of these: failed or invalid, so that nobody knows
    /* Releases that were confirmed, and the last of them. */
    int64_t released, order_item_id, pk;
    char code[JOURNAL_CODE_MAX + 1];
};

/* Whether a release is asked for; all are without one (NULL). */
bool only_wants(struct only *only, const struct journal_ask *ask);

/* How one ended that was asked for. NULL is allowed. */
void only_ended(struct only *only, const struct release_result *result);

/* How many values no release was of. NULL: 0. */
size_t only_missed(const struct only *only);

#endif
