#include "ending/lock_wait.h"

#include "base/clock.h"
#include "base/say.h"
#include "ending/notice_audience.h"
#include "ending/notice_over.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum { MOMENT_MS = 50, OLD_MS = 60 * 60 * 1000, AHEAD_MS = 60 * 1000 };

bool lock_wait_wait(int64_t until_ms, int signal_fd)
{
    struct pollfd signals = {.fd = signal_fd, .events = POLLIN};

    if (clock_monotonic_ms() >= until_ms)
        return false;
    return poll(&signals, 1, MOMENT_MS) <= 0;
}

bool lock_wait_is_unnamed(const char *journal)
{
    struct journal_holder holder;

    return !journal_holder(journal, &holder) || holder.process <= 0 ||
           (kill((pid_t)holder.process, 0) != 0 && errno == ESRCH);
}

void lock_wait_say_waiting(const char *journal)
{
    enum { DATE = sizeof "2025-11-22", TIME = sizeof "05:14:07" - 1 };
    struct journal_holder holder;
    char at[CLOCK_TEXT_MAX];

    if (!isatty(STDERR_FILENO))
        return;
    if (lock_wait_is_unnamed(journal) || !journal_holder(journal, &holder))
        say_format(stderr, "waiting for another run …\n");
    else
        say_format(stderr,
            "waiting for the run that started at %.*s (process %ld) …\n", TIME,
            clock_local(holder.started_at, at) + DATE, holder.process);
}

/* It began under a clock that was ahead: then nobody knows for how long it has
 * been there, and it must not be taken for a young one for ever. */
static bool is_ahead(int64_t ms)
{
    return ms < -AHEAD_MS;
}

/* What an old holder adds to it: for how long, and what a person can do. */
static void add_way_out(const struct journal_holder *holder, int64_t ms,
    const struct error *err, struct error *longer)
{
    struct buf since = {0};
    bool ok = is_ahead(ms)
                  ? buf_puts(&since, "It began by a clock that was ahead")
                  : buf_puts(&since, "It has held it for ") &&
                        notice_over_put_span(&since, ms);

    *longer = *err;
    if (ok)
        error_set(longer, err->kind,
            "%s %s. If it hangs: kill %ld. Nothing gets lost.", err->text,
            buf_text(&since), holder->process);
    buf_free(&since);
}

void lock_wait_say(
    const struct arguments *args, const char *journal, const struct error *err)
{
    struct journal_holder holder = {0};
    bool known = journal_holder(journal, &holder);
    int64_t ms = clock_wall_ms() - holder.started_at;
    bool old = known && (ms > OLD_MS || is_ahead(ms));
    struct error said = *err;

    if (old && !lock_wait_is_unnamed(journal))
        add_way_out(&holder, ms, err, &said);
    if (!known || old || !audience_by_cron(args))
        audience_fail(args, journal, NOTICE_HELD,
            (uint64_t)holder.started_at ^ (uint64_t)holder.process, &said);
}
