#include "base/exit_code.h"

#include <stddef.h>

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
    case ERROR_OTHER:
        break;
    }
    return EXIT_SCRIPT;
}
