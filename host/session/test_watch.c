#include "session/test_watch.h"

#include "base/clock.h"

enum { LONGEST_MS = 60000 }; // of one test, by the clock on the wall

static bool fail_unfinished(size_t tasks, struct error *err)
{
    return error_set(err, ERROR_OTHER,
        "the test ended and left %zu task%s unfinished", tasks,
        tasks == 1 ? "" : "s");
}

static bool fail_open(size_t transfers, struct error *err)
{
    return error_set(err, ERROR_OTHER,
        "the test ended and left %zu transfer%s open", transfers,
        transfers == 1 ? "" : "s");
}

/* What was woken by the end of the test has had its turn. */
static bool left_nothing(const struct loop *loop, struct error *err)
{
    size_t tasks = tasks_open(loop->tasks);
    size_t transfers = net_open_transfers(loop->net);

    if (tasks_ready(loop->tasks))
        return true;
    if (tasks > 0)
        return fail_unfinished(tasks, err);
    return transfers == 0 || fail_open(transfers, err);
}

bool test_watch(
    const struct test *test, const struct loop *loop, struct error *err)
{
    if (test->ended)
        return left_nothing(loop, err);
    if (tasks_open(loop->tasks) > 0 && loop_is_stuck(loop))
        return error_set(
            err, ERROR_OTHER, "the test waits for something that never comes");
    return clock_running_ms() - test->begun_ms < LONGEST_MS ||
           error_set(err, ERROR_OTHER, "the test did not end within %d s",
               LONGEST_MS / 1000);
}
