/* show.h: what a command tells people, made by scripts/cmd/NAME.lua out of the
 * very records that --json gives to machines.
 *
 * That Lua is the program's own and has a state of its own: no file, no other
 * process and nothing of a user's script can be reached from it, and there is
 * no bound to its memory but the machine's. A module returns
 *
 *     function(view, write) … return function(record) … end end
 *
 * `view` is what the command knows besides: how wide the terminal is, which
 * journal was meant. The inner function is called with one record after the
 * other, and with nil behind the last; write(text) adds to the output at any
 * time. So a list of any length takes the memory of one record. Modules share
 * code by require "cmd.words", and have what show_text.c gives as require
 * "text". */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "base/buf.h"
#include "base/error.h"

struct show;

/* `view` is a JSON object, `name` that of the module; what is written is added
 * to *out, which the caller may empty between two records. NULL: no memory, or
 * a fault of the program (ERROR_OTHER); *err
 * says which. */
struct show *show_open(const char *name, const struct buf *view,
    struct buf *out, struct error *err);

/* One record, a JSON object. False as above; *out may have a part. */
bool show_record(
    struct show *show, const struct buf *record, struct error *err);

/* Behind the last. */
bool show_end(struct show *show, struct error *err);

/* NULL is allowed. */
void show_close(struct show *show);

/* All of that for a single record; view NULL: nothing is known besides. */
bool show_once(const char *name, const struct buf *view,
    const struct buf *record, struct buf *out, struct error *err);

#endif
