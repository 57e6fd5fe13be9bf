#include "base/exit_code.h"

#include <stddef.h>

const struct exit_row exit_rows[] = {
    {EXIT_DONE, EXIT_WEIGHT_FINE, 12, "done, or nothing to do",
        "done, or nothing to do", NULL},
    {EXIT_SCRIPT, EXIT_WEIGHT_ALARM, 7,
        "the script did not start, or did not come to its end",
        "the script did not end well", "the script did not come to its end"},
    {EXIT_SETUP, EXIT_WEIGHT_ALARM, 2,
        "usage, profile, token file, no journal; nothing was sent",
        "the set-up is not right", NULL},
    {EXIT_ROWS, EXIT_WEIGHT_ROWS, 9, "some rows need you",
        "some rows need a person", NULL},
    {EXIT_UNKNOWN, EXIT_WEIGHT_UNKNOWN, 8,
        "the journal holds unknown releases; a person settles them",
        "some releases are unknown", NULL},
    {EXIT_PENDING, EXIT_WEIGHT_LATER, 10,
        "releases, or rows of a host that was away, wait for a later run",
        "some wait for a later run", NULL},
    {EXIT_STOPPED, EXIT_WEIGHT_ALARM, 6,
        "sending was stopped, and a person must act", "sending was stopped",
        NULL},
    {EXIT_DISK, EXIT_WEIGHT_ALARM, 1, "the journal or its disk failed",
        "the journal or the disk failed", NULL},
    {EXIT_PLANNED, EXIT_WEIGHT_FINE, 11,
        "plan: something to release, and nothing wrong", "not known", NULL},
    {EXIT_HELD, EXIT_WEIGHT_FINE, 3, "another run holds the journal",
        "another run held the journal", NULL},
    {EXIT_FAULT, EXIT_WEIGHT_ALARM, 0, "a fault of this program",
        "a fault of the program", NULL},
    {EXIT_SIGINT, EXIT_WEIGHT_FINE, 4, "ended by SIGINT, in order",
        "ended by a signal, in order", "ended by a signal"},
    {EXIT_SIGTERM, EXIT_WEIGHT_FINE, 5, "ended by SIGTERM or SIGHUP, in order",
        "ended by a signal, in order", "ended by a signal"},
    {EXIT_DONE, EXIT_WEIGHT_FINE, 0, NULL, NULL, NULL},
};

const struct exit_row *exit_row_of(int code)
{
    for (const struct exit_row *row = exit_rows; row->meaning; row++)
        if ((int)row->code == code)
            return row;
    return NULL;
}

enum exit_code exit_first(enum exit_code a, enum exit_code b)
{
    const struct exit_row *left = exit_row_of((int)a);
    const struct exit_row *right = exit_row_of((int)b);

    if (!left || !right)
        return EXIT_FAULT;
    return left->rank <= right->rank ? a : b;
}

enum exit_code exit_of_error(const struct error *err)
{
    switch (err->kind) {
    case ERROR_USAGE:
        return EXIT_SETUP;
    case ERROR_HELD:
        return EXIT_HELD;
    case ERROR_DISK:
        return EXIT_DISK;
    case ERROR_MEMORY:
        return EXIT_FAULT;
    case ERROR_FULL:
    case ERROR_OTHER:
        break;
    }
    return EXIT_SCRIPT;
}
