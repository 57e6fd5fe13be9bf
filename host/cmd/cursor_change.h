/* cursor_change.h: what remember and forget share: a person changes what
 * scripts remember. */
#ifndef CMD_CURSOR_CHANGE_H
#define CMD_CURSOR_CHANGE_H

#include "cli/arguments.h"
#include "journal/cursor_value.h"

/* Whether it can be a key. False: ERROR_USAGE. */
bool cursor_key_valid(const char *key, struct error *err);

/* Sets `key` in the journal that the arguments name, or with NULL has it
 * forgotten, and adds what it was before to *was as it is kept; "": there was
 * none. Waits 10 seconds for a run. `command` is who does it, in the lock. */
bool cursor_change(const struct arguments *args, const char *command,
    const char *key, const struct cursor_value *memo, struct buf *was,
    struct error *err);

/* Adds a value that is in *kept as people read it. */
bool cursor_put_value(struct buf *out, const struct buf *kept);

#endif
