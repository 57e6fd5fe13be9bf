/* timer.h: what is due when. A heap of the earliest; owns no timer. */
#ifndef TASK_TIMER_H
#define TASK_TIMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct timer { // embedded in what waits; {0} is idle
    int64_t due_ms;
    uint64_t number; // of the order in which they were set
    size_t place;    // in the heap, from 1; 0: idle
    void (*fire)(struct timer *timer);
};

struct timers {
    struct timer **heap; // owns the array
    size_t len, cap;
    uint64_t next_number;
};

/* Sets an idle timer. False: no memory. */
bool timer_set(struct timers *timers, struct timer *timer, int64_t due_ms,
    void (*fire)(struct timer *timer));

/* An idle one is left alone. */
void timer_cancel(struct timers *timers, struct timer *timer);

/* Fires, each once and idle again, those that are due: by their time, and at
 * one time in the order in which they were set. */
void timers_fire(struct timers *timers, int64_t now_ms);

/* Milliseconds until the next is due, 0 when it is; at most `most`. */
int timers_wait(const struct timers *timers, int64_t now_ms, int most);

void timers_fini(struct timers *timers);

#endif
