#include "call/pause.h"

#include <microhttpd.h>
#include <time.h>

enum { NS_PER_MS = 1000000, NS_PER_S = 1000000000 };

/* base/clock.h counts milliseconds: too coarse for a latency of one. */
static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* New ones are mostly due last: looked for from the end. */
static void insert(struct pause *pause, struct pause_slot *slot)
{
    struct pause_slot *before = pause->last;

    while (before && before->due_ns > slot->due_ns)
        before = before->previous;
    slot->previous = before;
    slot->next = before ? before->next : pause->first;
    *(slot->next ? &slot->next->previous : &pause->last) = slot;
    *(before ? &before->next : &pause->first) = slot;
}

bool pause_add(struct pause *pause, struct pause_slot *slot,
    struct MHD_Connection *connection, unsigned ms)
{
    if (pause->closed)
        return false;
    slot->connection = connection;
    slot->due_ns = now_ns() + (int64_t)ms * NS_PER_MS;
    MHD_suspend_connection(connection);
    insert(pause, slot);
    return true;
}

int64_t pause_remaining_ns(const struct pause *pause)
{
    int64_t remaining;

    if (!pause->first)
        return -1;
    remaining = pause->first->due_ns - now_ns();
    return remaining > 0 ? remaining : 0;
}

static void resume_first(struct pause *pause)
{
    struct pause_slot *slot = pause->first;

    pause->first = slot->next;
    *(slot->next ? &slot->next->previous : &pause->last) = NULL;
    MHD_resume_connection(slot->connection);
}

void pause_resume_due(struct pause *pause)
{
    while (pause_remaining_ns(pause) == 0)
        resume_first(pause);
}

void pause_close(struct pause *pause)
{
    pause->closed = true;
    while (pause->first)
        resume_first(pause);
}
