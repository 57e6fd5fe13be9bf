#include "ending/leave_signal.h"

#include <stddef.h>

static const int numbers[] = {
    SIGTERM, SIGHUP, SIGQUIT, SIGXCPU, SIGPWR, SIGINT};

enum { NUMBERS = sizeof numbers / sizeof *numbers };

void leave_signal_fill(sigset_t *set)
{
    struct sigaction now;

    sigemptyset(set);
    for (size_t i = 0; i < NUMBERS; i++)
        sigaddset(set, numbers[i]);
    if (sigaction(SIGHUP, NULL, &now) == 0 && now.sa_handler == SIG_IGN)
        sigdelset(set, SIGHUP);
}

enum exit_code leave_signal_code(int number)
{
    return number == SIGINT ? EXIT_SIGINT : EXIT_SIGTERM;
}

enum exit_code leave_signal_pending(const sigset_t *pending)
{
    for (size_t i = 0; i < NUMBERS; i++)
        if (sigismember(pending, numbers[i]))
            return leave_signal_code(numbers[i]);
    return EXIT_DONE;
}
