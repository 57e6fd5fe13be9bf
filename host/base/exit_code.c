#include "base/exit_code.h"

#include <stddef.h>

const struct exit_row exit_rows[] = {
    {EXIT_DONE, "done, or nothing to do"},
    {EXIT_SCRIPT, "the script did not start, or did not come to its end"},
    {EXIT_SETUP, "usage, profile, token file, no journal; nothing was sent"},
    {EXIT_ROWS, "some rows need you"},
    {EXIT_UNKNOWN, "the journal holds unknown releases; a person settles them"},
    {EXIT_PENDING, "some releases are kept for a later run"},
    {EXIT_STOPPED, "sending was stopped, and a person must act"},
    {EXIT_DISK, "the journal or its disk failed"},
    {EXIT_PLANNED, "plan: something to release, and nothing wrong"},
    {EXIT_HELD, "another run holds the journal"},
    {EXIT_FAULT, "a fault of this program"},
    {EXIT_SIGINT, "ended by SIGINT, in order"},
    {EXIT_SIGTERM, "ended by SIGTERM, in order"},
    {EXIT_DONE, NULL},
};

/* Of several that apply, the first of these wins. */
static const enum exit_code order[] = {EXIT_FAULT, EXIT_DISK, EXIT_SETUP,
    EXIT_HELD, EXIT_SIGINT, EXIT_SIGTERM, EXIT_STOPPED, EXIT_SCRIPT,
    EXIT_UNKNOWN, EXIT_ROWS, EXIT_PENDING, EXIT_PLANNED, EXIT_DONE};

enum exit_code exit_first(enum exit_code a, enum exit_code b)
{
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (order[i] == a || order[i] == b)
            return order[i];
    return EXIT_FAULT;
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
