/* journal_items.h: the items that a person named, and where. */
#ifndef INSPECT_JOURNAL_ITEMS_H
#define INSPECT_JOURNAL_ITEMS_H

#include "base/buf.h"
#include "base/error.h"

#include <stdint.h>

/* Empty with {0}; owns its buffers. None twice. */
struct journal_items {
    const char *file; // borrowed; NULL: the command line
    size_t count;
    struct buf items; // int64_t in a row
    struct buf lines; // of the file, size_t in a row
};

/* From words of the command line. False, ERROR_USAGE: one is no item. */
bool journal_items_take(
    struct journal_items *list, int count, char **words, struct error *err);

/* One item in a line, blank lines and what follows # not counted; "-" is
 * stdin. False, ERROR_USAGE: names FILE:LINE. */
bool journal_items_read(
    struct journal_items *list, const char *file, struct error *err);

/* Puts FILE:LINE of the item at `place` in front of a message about it. */
void journal_items_blame(
    const struct journal_items *list, size_t place, struct error *err);

void journal_items_fini(struct journal_items *list);

#endif
