#include "cmd/held.h"

#include "base/clock.h"
#include "cmd/heard.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>

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

void held_say(
    const struct arguments *args, const char *journal, const struct error *err)
{
    struct journal_holder holder = {0};
    bool known = journal_holder(journal, &holder);
    bool old = !known || clock_wall_ms() - holder.started_at > OLD_MS;

    if (old || !heard_by_cron(args))
        heard_fail(args, journal, TROUBLE_HELD,
            (uint64_t)holder.started_at ^ (uint64_t)holder.process, err);
}
