/* backup_target.h: what a backup may take the place of. */
#ifndef HISTORY_BACKUP_TARGET_H
#define HISTORY_BACKUP_TARGET_H

#include "journal/view.h"

/* Whether the copy of the journal may be called `to`; `*there` is whether an
 * earlier copy has that name now. Opens it only by SQLite, and reads only. */
bool backup_target_check(
    struct view *journal, const char *to, bool *there, struct error *err);

#endif
