/* view.h: a connection that only looks, and leaves no trace.
 *
 * Read with it, then ask view_settled before anything that was read is
 * believed: false means that a run came in between, and that the same has to
 * be read again. That happens at most once in a view's life. */
#ifndef JOURNAL_VIEW_H
#define JOURNAL_VIEW_H

#include "journal/store.h"

#include <limits.h>
#include <sys/stat.h>

struct view {
    char *name; // owns: as it was given
    struct store store;
    char real[PATH_MAX];
    bool immutable; // SQLite takes no locks and looks for no WAL
    bool old;       // view_open refused it, for this: a run brings it up
    struct stat before;
};

/* False: ERROR_USAGE, ERROR_DISK, and nothing to close. */
bool view_open(struct view *view, const char *name, struct error *err);
void view_close(struct view *view);

/* Whether what was read since the last call (or its failure) counts. */
bool view_settled(struct view *view);

/* After false: connects anew, to stay. */
bool view_again(struct view *view, struct error *err);

#endif
