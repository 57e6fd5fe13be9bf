/* repl.h: lines that a person types, or a pipe, run one after the other in
 * one Lua state. Releases are planned, until `:live` takes the journal's lock
 * and the token, and they are real. */
#ifndef REPL_REPL_H
#define REPL_REPL_H

#include "session/session.h"

/* The options' journal is what `:live` opens, and what is planned is held
 * against, if it is there. Reads lines from stdin to its end, or to `:quit`,
 * and prints what comes of them. At a terminal errors are shown; without one
 * the first of them ends it (EXIT_SCRIPT). *err is filled for EXIT_SETUP and
 * EXIT_DISK. */
enum exit_code repl_run(
    const struct session_options *options, struct error *err);

#endif
