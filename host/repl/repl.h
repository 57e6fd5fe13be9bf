/* repl.h: lines that a person types, or a pipe, run one after the other in
 * one Lua state. Releases are planned, until `:live` takes the journal's lock
 * and the token, and they are real. */
#ifndef REPL_REPL_H
#define REPL_REPL_H

#include "base/error.h"
#include "base/exit_code.h"
#include "profile/profile.h"

struct repl_options { // borrowed
    const struct profile *profile;
    const char *folder; // that require looks in: "" or "acme/"
    bool mock;
    const char *origin;   // of the Omnitron; NULL: there is none, and
    const char *no_token; // why
    const char *host;     // as people know it
    const char *token;    // NULL: the profile's user logs in
    const char *username, *password;
    const char *journal;      // that `:live` opens; NULL: a throw-away one
    const char *journal_host; // as the journal knows the Omnitron
    const char *known;        // the journal that a plan looks at; NULL: none
    int signal_fd;            // of signals_open
};

/* Reads lines from stdin to its end, or to `:quit`, and prints what comes of
 * them. At a terminal errors are shown; without one the first of them ends
 * it (EXIT_SCRIPT). *err is filled for EXIT_SETUP and EXIT_DISK. */
enum exit_code repl_run(const struct repl_options *options, struct error *err);

#endif
