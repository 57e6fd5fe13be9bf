/* check.h: what can be told of a script without running it: whether it
 * compiles, which names, fields and releases in it are none, and what luacheck
 * says. The rules are Lua, under scripts/check. */
#ifndef SESSION_CHECK_H
#define SESSION_CHECK_H

#include "base/buf.h"
#include "base/error.h"
#include "profile/profile.h"

struct check_options { // borrowed
    const struct profile *profile;
    char *const *scripts; // that belong to it
    int count;
};

struct check_result {
    struct buf text; // what was found, for people; the caller frees it
    long found;      // how many
    long files;      // the scripts, and the modules beside them
};

/* False, ERROR_USAGE: a script cannot be read; ERROR_OTHER: a fault of the
 * rules themselves. */
bool check_scripts(const struct check_options *options,
    struct check_result *out, struct error *err);

#endif
