/* help.h: what the tables of the commands say, to people and to programs.
 *
 * `commands` is main's table and ends with NULL. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/command.h"

/* Every command, a line each. Returns an exit code, as the next two do. */
int help_all(const struct command *const *commands);

/* What COMMAND --help says. */
int help_one(const struct command *command);

/* omnitron help. */
int help_run(
    const struct command *const *commands, const struct arguments *args);

/* Adds one JSON object: commands with their words and options, keys of a
 * profile, exit codes. False when there is no memory, as the next one. */
bool help_json(const struct command *const *commands, struct buf *out);

/* Adds a script that completes command lines in bash. */
bool help_bash(const struct command *const *commands, struct buf *out);

#endif
