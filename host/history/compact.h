/* compact.h: gives a journal's free pages back to the disk.
 *
 * VACUUM writes the whole file anew: first to a temporary one, then through
 * the WAL. So it is done only where that is worth it, and while the disk has
 * twice the room of what is in use and what a run needs besides. */
#ifndef HISTORY_COMPACT_H
#define HISTORY_COMPACT_H

#include "journal/store.h"

struct compact_size {
    int64_t bytes; // of the file
    int64_t free;  // of those: in pages that hold nothing, and, where SQLite
                   // can say so, behind what the others hold
};

/* How large the file is. */
bool compact_bytes(struct store *store, int64_t *bytes, struct error *err);

/* For who has the lock, outside a transaction; no statement may be open. Reads
 * all pages. `*size` is what came of it; `*needed` is 0, or how many bytes the
 * disk lacked room for: then the file stays as it is. */
bool compact(struct store *store, struct compact_size *size, int64_t *needed,
    struct error *err);

#endif
