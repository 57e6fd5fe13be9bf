/* lookup.h: single questions to a journal that is only read, many of them:
 * for who wants to know what a run would find.
 *
 * As reader.h it never makes a journal, works beside a run, and leaves the
 * files byte for byte as they were. */
#ifndef HISTORY_LOOKUP_H
#define HISTORY_LOOKUP_H

#include "base/buf.h"
#include "journal/journal.h"

struct lookup; // owns its connection and statements

/* NULL: as reader_open. */
struct lookup *lookup_open(const char *path, struct error *err);
void lookup_close(struct lookup *lookup);

/* The row of an item. False with err->text "": it has none. */
bool lookup_row(struct lookup *lookup, int64_t order_item_id,
    struct journal_row *row, struct error *err);

/* Another item that has the code, or may have it; 0: none. */
bool lookup_code(struct lookup *lookup, const char *code, int64_t order_item_id,
    int64_t *other, struct error *err);

/* What a script remembers under `key`, as it was handed to JOURNAL_REMEMBER.
 * False with err->text "": nothing. */
bool lookup_recall(struct lookup *lookup, const char *key, struct buf *value,
    struct error *err);

/* How many rows are unknown, those of a run that died included; what a run
 * that is alive has on its way is not. */
bool lookup_unknown(struct lookup *lookup, int64_t *count, struct error *err);

/* How many rows are rejected, and asks in conflict; and how many of those a
 * release of the item with that code does away with, if it is confirmed. */
bool lookup_refused(struct lookup *lookup, int64_t *count, struct error *err);
bool lookup_refused_of(struct lookup *lookup, const char *code,
    int64_t order_item_id, int64_t *count, struct error *err);

#endif
