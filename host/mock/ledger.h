/* ledger.h: which item has which mapping, and every create_mapping body that
 * came, in order of arrival.
 *
 * A hash table from item to its entries. Entries are never taken out, so
 * pointers to items and entries hold until ledger_fini. */
#ifndef MOCK_LEDGER_H
#define MOCK_LEDGER_H

#include "base/buf.h"

#include <stdint.h>

struct ledger_entry { // one body
    struct ledger_entry *next;
    uint32_t len;    // of code
    uint16_t status; // what it was answered, or would have been
    bool applied;
    bool dropped;       // no byte of a reply was sent
    const char *fault;  // its name, when one befell it; a literal
    const char *outage; // its kind
    bool has_code;      // false: none, or not a text
    bool has_flag;      // false: update_stock could not be understood
    bool update_stock;
    char code[]; // as it came, before trimming
};

struct ledger_item {
    int64_t id;
    int64_t pk;                      // of its mapping; 0: none
    const struct ledger_entry *kept; // the body that made the mapping
    struct ledger_entry *first, *last;
};

struct ledger { // {0} is an empty one
    struct ledger_item **slots;
    size_t cap; // a power of two
    size_t count;
    int64_t mappings; // made so far: the next pk follows from it
};

void ledger_fini(struct ledger *ledger);

/* The item, made when it is new; NULL when there is no memory. */
struct ledger_item *ledger_item(struct ledger *ledger, int64_t id);

/* One more entry of the item, all flags false; NULL when there is no memory.
 * `code` may be NULL when `len` is 0. */
struct ledger_entry *ledger_add(
    struct ledger_item *item, const char *code, size_t len);

/* The pk of a mapping that is being made. */
int64_t ledger_next_pk(struct ledger *ledger);

/* The whole ledger as a JSON array, items by number; items without an entry
 * are left out. False when there is no memory. */
bool ledger_write(const struct ledger *ledger, struct buf *out);

#endif
