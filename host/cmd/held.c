#include "cmd/held.h"

#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOMENT_MS = 50, OLD_MS = 60 * 60 * 1000 };

bool held_wait(int64_t until_ms, int signal_fd)
{
    struct pollfd signals = {.fd = signal_fd, .events = POLLIN};

    if (clock_monotonic_ms() >= until_ms)
        return false;
    return poll(&signals, 1, MOMENT_MS) <= 0;
}

bool held_is_unnamed(const char *journal)
{
    struct journal_holder holder;

    return !journal_holder(journal, &holder) || holder.process <= 0 ||
           (kill((pid_t)holder.process, 0) != 0 && errno == ESRCH);
}

/* A person looks on, maybe through a pipe; cron and systemd set no TERM. */
static bool has_person(void)
{
    return getenv("TERM") || isatty(STDIN_FILENO) || isatty(STDOUT_FILENO) ||
           isatty(STDERR_FILENO);
}

bool held_is_news(const char *journal)
{
    struct journal_holder holder;

    return has_person() || !journal_holder(journal, &holder) ||
           clock_wall_ms() - holder.started_at > OLD_MS;
}
