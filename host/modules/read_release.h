/* read_release.h: what a script asks to be released, out of its table. */
#ifndef MODULES_READ_RELEASE_H
#define MODULES_READ_RELEASE_H

#include "base/error.h"
#include "journal/journal.h"

#include <lua.h>

/* An order item at `index`: a positive integer or its plain digits. False,
 * ERROR_USAGE: names what is wrong. */
bool read_release_item(
    lua_State *L, int index, int64_t *item, struct error *err);

/* The table at `index` as item, code and update_stock of *ask. Leaves the
 * code on the stack, which the ask borrows; on false nothing. Reading a
 * table is running script code: it may raise. */
bool read_release(
    lua_State *L, int index, struct journal_ask *ask, struct error *err);

/* One row's list is no longer: it could only be a mistake. */
enum { RELEASES_MAX = 10000 };

/* What a rule returned, the table at `index`: a list of releases, or one. The
 * array is *one or on the stack, its codes above it; each is *one but for
 * what its table says. NULL: the first bad one, as read_release says it. */
struct journal_ask *read_releases(lua_State *L, int index,
    struct journal_ask *one, size_t *count, struct error *err);

#endif
