/* script_path.h: the script that a command line names, and its arguments. */
#ifndef SESSION_SCRIPT_PATH_H
#define SESSION_SCRIPT_PATH_H

#include "cli/arguments.h"
#include "session/state.h"

/* Whether the file can be read, and believed. False: ERROR_USAGE. */
bool script_readable(const char *path, struct error *err);

/* The plain words: a script that can be read, and what it is given. They are
 * borrowed. False, ERROR_USAGE: `command` needs one, or an option of its own
 * stands behind the script with no "--" in front. */
bool script_named(const struct arguments *args, const char *command,
    struct state_script *script, struct error *err);

enum { SCRIPT_LABEL_MAX = 256 };

/* What a customer is called: "acme" of acme/release.lua, the current folder's
 * name of release.lua; into out[SCRIPT_LABEL_MAX]. */
void script_label(const char *script, char *out);

/* Adds a command for this script's customer: "omnitron journal open acme",
 * or with the profile that `args` name. False: no memory. */
bool script_command(
    const struct arguments *args, const char *command, struct buf *out);

#endif
