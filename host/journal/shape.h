/* shape.h: whether a journal has in its schema what this program makes, and
 * nothing else. An index, a CHECK or a generated column that somebody planted
 * would run with every statement. */
#ifndef JOURNAL_SHAPE_H
#define JOURNAL_SHAPE_H

#include "journal/store.h"

/* Whether the schema has this digest (of digest.h; without what is allowed
 * besides): then there is nothing to compare. False: as store_*, or it is in
 * UTF-16 or has far too much in it (ERROR_USAGE). */
bool shape_known(
    struct store *store, const char *digest, bool *known, struct error *err);

/* Compares the file with `made`, a new and empty journal of its version. Runs
 * no statement on a table of the file's own. False: ERROR_USAGE, something is
 * foreign, changed or missing; or as store_*. */
bool shape_check(struct store *store, struct store *made, struct error *err);

#endif
