/* exit_code.h: how a process ends, and who has to act on it. */
#ifndef BASE_EXIT_CODE_H
#define BASE_EXIT_CODE_H

#include "base/error.h"

enum exit_code {
    EXIT_DONE = 0,
    EXIT_SCRIPT = 1,   // did not start, or a Lua error outside a row
    EXIT_SETUP = 2,    // usage, profile, token, no journal
    EXIT_ROWS = 3,     // failed, rejected, invalid, conflict
    EXIT_UNKNOWN = 4,  // unknown releases in the journal
    EXIT_PENDING = 5,  // a later run goes on
    EXIT_STOPPED = 6,  // the brake or the first look: a person must act
    EXIT_DISK = 7,     // the journal or the disk failed
    EXIT_PLANNED = 10, // plan: something to release, nothing wrong
    EXIT_HELD = 11,    // another run holds the journal
    EXIT_FAULT = 70,   // a fault of this program
    EXIT_SIGINT = 130,
    EXIT_SIGTERM = 143,
};

/* How much a person has to do about it, and what colour a chart gives it. */
enum exit_weight {
    EXIT_WEIGHT_FINE,
    EXIT_WEIGHT_LATER,   // a later run goes on
    EXIT_WEIGHT_ROWS,    // some rows
    EXIT_WEIGHT_UNKNOWN, // a person settles them
    EXIT_WEIGHT_ALARM,
};

/* A code, and what people are told of it. */
struct exit_row {
    enum exit_code code;
    enum exit_weight weight;
    int rank;            // of two codes that apply the smaller one wins
    const char *meaning; // in the help and the manual
    const char *brief;   // of many runs, in a report: 30 columns at most
    const char *ending;  // of a run that just ended so; NULL: as `meaning`
};

/* All of them in order; ends with a NULL meaning. */
extern const struct exit_row exit_rows[];

/* That of a code; NULL: there is none. */
const struct exit_row *exit_row_of(int code);

/* Of two that apply, the one that a process ends with. */
enum exit_code exit_first(enum exit_code a, enum exit_code b);

/* What an error that nobody could cure ends the process with. */
enum exit_code exit_of_error(const struct error *err);

#endif
