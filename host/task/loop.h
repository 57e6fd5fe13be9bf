/* loop.h: the turn: run the tasks, hand over to the journal, start and
 * collect transfers, fire timers.
 *
 * It borrows its parts; whoever made them frees them after the last turn.
 * None of them is ever a userdata: collection order must not matter. A plan
 * has neither a journal nor a delivery. */
#ifndef TASK_LOOP_H
#define TASK_LOOP_H

#include "delivery/delivery.h"
#include "journal/journal.h"
#include "net/net.h"
#include "task/task.h"
#include "task/timer.h"

struct loop {
    struct net *net;
    struct journal *journal;
    struct delivery *delivery;
    struct tasks *tasks;
    struct timers timers;
    size_t gathered;   // operations that the journal was not handed last turn
    int64_t turned_ms; // when the last turn ended, by the running clock
    bool skips_time;   // the clocks are frozen: nobody waits for a timer
};

/* One turn. Sleeps only when nothing can be done. */
void loop_turn(struct loop *loop);

/* Whether no turn can wake a task any more. */
bool loop_is_stuck(const struct loop *loop);

/* Whether anything is under way but parked tasks. */
bool loop_busy(const struct loop *loop);

#endif
