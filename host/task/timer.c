#include "task/timer.h"

#include "base/mem.h"

static void put(struct timers *timers, size_t place, struct timer *timer)
{
    timers->heap[place - 1] = timer;
    timer->place = place;
}

/* Of those due at once, the one that was set first. */
static bool is_before(const struct timer *a, const struct timer *b)
{
    return a->due_ms < b->due_ms ||
           (a->due_ms == b->due_ms && a->number < b->number);
}

static struct timer *at(const struct timers *timers, size_t place)
{
    return timers->heap[place - 1];
}

static void sift_up(struct timers *timers, struct timer *timer, size_t place)
{
    while (place > 1 && is_before(timer, at(timers, place / 2))) {
        put(timers, place, at(timers, place / 2));
        place /= 2;
    }
    put(timers, place, timer);
}

static void sift_down(struct timers *timers, struct timer *timer, size_t place)
{
    size_t child;

    while ((child = place * 2) <= timers->len) {
        if (child < timers->len &&
            is_before(at(timers, child + 1), at(timers, child)))
            child++;
        if (is_before(timer, at(timers, child)))
            break;
        put(timers, place, at(timers, child));
        place = child;
    }
    put(timers, place, timer);
}

bool timer_set(struct timers *timers, struct timer *timer, int64_t due_ms,
    void (*fire)(struct timer *timer))
{
    if (timers->len == timers->cap) {
        size_t cap = timers->cap ? timers->cap * 2 : 16;
        struct timer **heap = mem_realloc(timers->heap, cap * sizeof *heap);
        if (!heap)
            return false;
        timers->heap = heap;
        timers->cap = cap;
    }
    timer->due_ms = due_ms;
    timer->number = timers->next_number++;
    timer->fire = fire;
    timers->len++;
    sift_up(timers, timer, timers->len);
    return true;
}

void timer_cancel(struct timers *timers, struct timer *timer)
{
    size_t place = timer->place;

    if (!place)
        return;
    struct timer *last = timers->heap[--timers->len];
    timer->place = 0;
    if (last == timer)
        return;
    sift_down(timers, last, place);
    sift_up(timers, last, last->place);
}

void timers_fire(struct timers *timers, int64_t now_ms)
{
    while (timers->len && timers->heap[0]->due_ms <= now_ms) {
        struct timer *timer = timers->heap[0];
        timer_cancel(timers, timer);
        timer->fire(timer);
    }
}

int timers_wait(const struct timers *timers, int64_t now_ms, int most)
{
    if (!timers->len)
        return most;
    int64_t left = timers->heap[0]->due_ms - now_ms;
    return left <= 0 ? 0 : left < most ? (int)left : most;
}

void timers_fini(struct timers *timers)
{
    mem_free(timers->heap);
    *timers = (struct timers){0};
}
