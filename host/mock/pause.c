#include "mock/pause.h"

#include <microhttpd.h>
#include <string.h>
#include <time.h>

enum { NS_PER_MS = 1000000, NS_PER_S = 1000000000 };

/* base/clock.h counts milliseconds: too coarse for a latency of one. */
static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* Takes out and resumes what is due. */
static void resume_due(struct pause *pause)
{
    int64_t now = now_ns();
    struct pause_slot *slot;

    while ((slot = pause->first) && (pause->closing || slot->due_ns <= now)) {
        pause->first = slot->next;
        if (pause->first)
            pause->first->previous = NULL;
        else
            pause->last = NULL;
        /* The slot may be gone as soon as this returns. */
        MHD_resume_connection(slot->connection);
    }
}

static void wait_for_change(struct pause *pause)
{
    struct timespec due;

    if (!pause->first) {
        pthread_cond_wait(&pause->changed, &pause->lock);
        return;
    }
    due.tv_sec = (time_t)(pause->first->due_ns / NS_PER_S);
    due.tv_nsec = (long)(pause->first->due_ns % NS_PER_S);
    pthread_cond_timedwait(&pause->changed, &pause->lock, &due);
}

static void *run(void *arg)
{
    struct pause *pause = arg;

    pthread_mutex_lock(&pause->lock);
    while (!pause->closing) {
        wait_for_change(pause);
        resume_due(pause);
    }
    pthread_mutex_unlock(&pause->lock);
    return NULL;
}

static bool init_changed(pthread_cond_t *changed)
{
    pthread_condattr_t attr;
    bool ok;

    if (pthread_condattr_init(&attr) != 0)
        return false;
    ok = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0 &&
         pthread_cond_init(changed, &attr) == 0;
    pthread_condattr_destroy(&attr);
    return ok;
}

bool pause_init(struct pause *pause, struct error *err)
{
    int failed;

    memset(pause, 0, sizeof *pause);
    if (!init_changed(&pause->changed))
        return error_memory(err);
    pthread_mutex_init(&pause->lock, NULL); // cannot fail on Linux
    failed = pthread_create(&pause->thread, NULL, run, pause);
    if (failed == 0)
        return true;
    pause_fini(pause);
    return error_set(err, ERROR_OTHER,
        "the mock cannot start its timer thread: %s", strerror(failed));
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
    bool waits;

    slot->connection = connection;
    slot->due_ns = now_ns() + (int64_t)ms * NS_PER_MS;
    pthread_mutex_lock(&pause->lock);
    waits = !pause->closing;
    if (waits) {
        MHD_suspend_connection(connection);
        insert(pause, slot);
        if (pause->first == slot)
            pthread_cond_signal(&pause->changed);
    }
    pthread_mutex_unlock(&pause->lock);
    return waits;
}

void pause_close(struct pause *pause)
{
    pthread_mutex_lock(&pause->lock);
    pause->closing = true;
    resume_due(pause);
    pthread_cond_signal(&pause->changed);
    pthread_mutex_unlock(&pause->lock);
    pthread_join(pause->thread, NULL);
}

void pause_fini(struct pause *pause)
{
    pthread_cond_destroy(&pause->changed);
    pthread_mutex_destroy(&pause->lock);
}
