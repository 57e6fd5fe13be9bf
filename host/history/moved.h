/* moved.h: a person says that a journal was moved, and where it is now is its
 * home (journal/home.h). */
#ifndef HISTORY_MOVED_H
#define HISTORY_MOVED_H

#include "base/error.h"
#include "journal/home.h"

#include <stdbool.h>
#include <stdint.h>

struct moved_order {
    const char *who;  // the person
    const char *note; // in his words
    const char *script;
    int64_t wait_ms; // for one who holds the journal
};

struct moved_result {
    struct home was, is;
    bool known;  // where it was
    bool marked; // the one that it was made of is still there, and knows now
                 // that its home is here
};

/* With an audit row. That more runs were made than it knows counts no more: it
 * is the one that there is. Where the old one is still there, no run may work
 * with it, and none will be begun with it. False, and nothing is changed:
 * ERROR_HELD, as journal_open. */
bool moved(const char *path, const struct moved_order *order,
    struct moved_result *result, struct error *err);

#endif
