/* prune.h: what nobody asks for any more is dropped from a journal.
 *
 * Of closed releases (confirmed or cancelled, without a conflict) that nothing
 * has touched since `before`: the earlier attempts, the server's words and
 * replies, the row as the rule saw it and what it is found by, and the audit
 * rows that the program
 * wrote itself. Rows of inputs that were last seen before it, the summaries of
 * runs that began before it, and those of these runs that no row names.
 *
 * Never a release's row with item, code, update_stock, state, mapping and how
 * many attempts there were: one that is forgotten would be sent again. Never
 * what a person decided, nor anything of a release that is still open. */
#ifndef HISTORY_PRUNE_H
#define HISTORY_PRUNE_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

/* In `why` of what was pruned: the attempts before it are gone. */
#define PRUNE_MARK "pruned"

struct prune_order {
    int64_t before; // wall clock, ms
    const char *script;
    int64_t wait_ms; // for one who holds the journal
};

/* How many of each were dropped. */
struct prune_result {
    int64_t releases; // that lost their details
    int64_t attempts, audits, inputs, summaries, runs;
    int64_t bytes_before, bytes_after; // of the file
    int64_t bytes_free;                // of those, for what comes
    int64_t bytes_needed; // on the disk, to make the file smaller; 0: it is,
                          // or is not worth it
};

/* Works in transactions of a thousand rows, so that after a failure or a kill
 * some are pruned and the rest is as it was. False: as journal_open, or the
 * journal is an older copy. */
bool prune(const char *path, const struct prune_order *order,
    struct prune_result *result, struct error *err);

#endif
