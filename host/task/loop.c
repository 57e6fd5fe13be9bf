#include "task/loop.h"

#include "base/clock.h"

#include <limits.h>

enum {
    GROUP = 60,        // operations that are worth a commit of their own
    LONGEST_MS = 1000, // of one sleep
};

static void flush(struct loop *loop)
{
    journal_flush(loop->journal);
    loop->gathered = 0;
}

/* A commit costs as much for one operation as for many. They are gathered as
 * long as each turn brings more, and intents are there to be sent meanwhile. */
static void hand_over(struct loop *loop)
{
    size_t waiting = loop->journal ? journal_waiting(loop->journal) : 0;
    bool more = waiting > loop->gathered && waiting < GROUP;

    loop->gathered = waiting;
    if (waiting == 0 ||
        (more && loop->delivery && !delivery_runs_short(loop->delivery)))
        return;
    flush(loop);
}

static void collect(struct loop *loop)
{
    struct journal_op *op =
        loop->journal ? journal_collect(loop->journal) : NULL;

    while (op) {
        struct journal_op *next = op->next;
        op->done(op);
        op = next;
    }
}

/* Milliseconds until something is due; INT_MAX: nothing is. */
static int due_ms(struct loop *loop)
{
    int64_t due_us = loop->delivery ? delivery_due_us(loop->delivery) : -1;
    int ms = timers_wait(&loop->timers, clock_monotonic_ms(), INT_MAX);

    if (due_us < 0)
        return ms;
    int64_t wait_ms = (due_us - clock_monotonic_us() + 999) / 1000;
    return wait_ms < 0 ? 0 : wait_ms < ms ? (int)wait_ms : ms;
}

/* Nothing can come but what is due later. */
static bool is_quiet(const struct loop *loop)
{
    return !tasks_ready(loop->tasks) && net_open_transfers(loop->net) == 0 &&
           journal_waiting(loop->journal) == 0 &&
           journal_under_way(loop->journal) == 0;
}

static void skip_time(struct loop *loop)
{
    int ms = is_quiet(loop) ? due_ms(loop) : INT_MAX;

    if (ms < INT_MAX)
        clock_skip(ms);
}

static int sleep_ms(struct loop *loop)
{
    bool over = tasks_open(loop->tasks) == 0 && !loop_busy(loop);

    if (over || tasks_ready(loop->tasks))
        return 0;
    int ms = due_ms(loop);
    return ms < LONGEST_MS ? ms : LONGEST_MS;
}

/* What the network and the journal brought, before Lua works: it goes out
 * meanwhile. */
static void pass_on(struct loop *loop)
{
    if (!loop->delivery || !tasks_ready(loop->tasks))
        return;
    delivery_turn(loop->delivery);
    if (loop->journal && journal_under_way(loop->journal) == 0)
        flush(loop);
}

/* Nothing that is gathered waits while the loop sleeps. */
static void wait_for_events(struct loop *loop)
{
    bool gathers = loop->journal && journal_waiting(loop->journal) > 0;

    if (net_poll(loop->net, gathers ? 0 : sleep_ms(loop)) == 0 && gathers)
        flush(loop);
    else
        net_turn(loop->net);
}

void loop_turn(struct loop *loop)
{
    pass_on(loop);
    tasks_run(loop->tasks);
    if (loop->delivery)
        delivery_turn(loop->delivery);
    hand_over(loop);
    if (loop->skips_time)
        skip_time(loop);
    wait_for_events(loop);
    collect(loop);
    timers_fire(&loop->timers, clock_monotonic_ms());
    loop->turned_ms = clock_running_ms();
}

bool loop_is_stuck(const struct loop *loop)
{
    return is_quiet(loop) && loop->timers.len == 0 && !loop_busy(loop);
}

bool loop_busy(const struct loop *loop)
{
    return (loop->delivery && delivery_open(loop->delivery) > 0) ||
           (loop->journal && (journal_waiting(loop->journal) > 0 ||
                                 journal_under_way(loop->journal) > 0));
}
