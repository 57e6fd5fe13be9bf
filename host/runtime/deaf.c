#include "runtime/deaf.h"

#include "base/exit_code.h"
#include "task/tick.h"

#include <signal.h>
#include <unistd.h>

enum {
    TIMES = 10,       // of run_away
    SIGNALLED = 5000, // ms that a signal waits for Lua to listen
};

static int64_t most_ms;

static void leave_if_asked(void)
{
    sigset_t pending;

    if (sigpending(&pending) != 0)
        return;
    if (sigismember(&pending, SIGTERM))
        _exit(EXIT_SIGTERM);
    if (sigismember(&pending, SIGINT))
        _exit(EXIT_SIGINT);
}

/* Inside a signal. */
static void on_deaf(int64_t ms)
{
    static const char text[] =
        "error: the script works and cannot be interrupted: a pattern that "
        "tries every\npossibility, or a loop in __gc? The program ends here; "
        "releases that were in\nflight are unknown. (ten times run_away of "
        "profile.lua)\n";

    if (ms >= SIGNALLED)
        leave_if_asked();
    if (ms < most_ms)
        return;
    ssize_t n = write(STDERR_FILENO, text, sizeof text - 1);
    (void)n;
    _exit(EXIT_SCRIPT);
}

void deaf_watch(int64_t run_away_ms)
{
    most_ms = run_away_ms * TIMES;
    tick_on_deaf(on_deaf);
}
