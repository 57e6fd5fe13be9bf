/* settle.h: what a person decides about rows, in one transaction.
 *
 * All rows of one order are changed, or none. Every change has an audit row
 * with who, when, what and the note; no run's row is touched. */
#ifndef HISTORY_SETTLE_H
#define HISTORY_SETTLE_H

#include "base/error.h"
#include "journal/journal.h"

#include <stddef.h>
#include <stdint.h>

enum settle_what {
    /* unknown, rejected -> confirmed, without a mapping. The conflicts of an
     * item that was named go: what stands is right. */
    SETTLE_DONE,
    SETTLE_NOT_DONE, // unknown, rejected -> pending
    /* pending, rejected -> cancelled, or back to what was confirmed before
     * more was asked. The conflicts of an item that was named go, whatever its
     * state: what was asked is dropped. */
    SETTLE_CANCEL,
    SETTLE_RETRY // rejected -> pending
};

struct settle_order {
    enum settle_what what;
    const int64_t *items; // borrowed; no item twice
    size_t count;
    bool all; // instead: every row in this state:
    enum journal_state state;
    const char *who;  // the person
    const char *note; // in his words; NULL: none
    const char *script;
    int64_t wait_ms; // for one who holds the journal
};

struct settle_result {
    int64_t rows;      // that are in their new state
    int64_t restored;  // of those: back to confirmed
    int64_t conflicts; // that are gone
    size_t refused;    // after a refusal: the first such item's place in
                       // items, else `count`
};

/* False: nothing is changed. ERROR_USAGE: a row that is not there or in
 * another state, or as journal_open; ERROR_HELD, ERROR_DISK likewise. */
bool settle(const char *path, const struct settle_order *order,
    struct settle_result *result, struct error *err);

#endif
