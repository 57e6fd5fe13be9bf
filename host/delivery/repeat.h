/* repeat.h: one release sent twice on purpose, to see what this Omnitron does
 * with the second. Both attempts go into the journal, an audit row between
 * them. It waits for what it begins: for a command, not for the loop. */
#ifndef DELIVERY_REPEAT_H
#define DELIVERY_REPEAT_H

#include "base/error.h"
#include "delivery/outcome.h"
#include "delivery/wire.h"
#include "journal/journal.h"

enum { REPEAT_WORDS_MAX = 300 };

struct repeat { // all borrowed
    struct net *net;
    struct journal *journal;
    struct wire *wire;
    const bool *not_done; // as outcome.h has it
    int64_t order_item_id;
    const char *code; // valid
};

struct repeat_attempt {
    bool made;
    enum outcome outcome;
    struct journal_mapping mapping;   // of an applied one
    char words[REPEAT_WORDS_MAX + 1]; // of the others
};

struct repeat_result {
    bool has_row; // the item is no fresh one: nothing was sent
    struct journal_row row;
    struct repeat_attempt first, second; // the second only when the first was
                                         // applied
};

/* The note of the audit row between the two. */
extern const char repeat_on_purpose[];

/* False: the journal failed. */
bool repeat_run(const struct repeat *trial, struct repeat_result *result,
    struct error *err);

#endif
