/* pause.h: replies that have to wait.
 *
 * A paused connection is suspended in libmicrohttpd, so that thousands can
 * wait while the one thread serves the others; resumed, its handler is called
 * again. Only the server's thread may call these. */
#ifndef CALL_PAUSE_H
#define CALL_PAUSE_H

#include <stdbool.h>
#include <stdint.h>

struct MHD_Connection;

struct pause_slot { // embedded in whatever waits: pausing allocates nothing
    struct pause_slot *previous, *next;
    struct MHD_Connection *connection;
    int64_t due_ns;
};

struct pause { // {0} is one in which nothing waits; borrows its slots
    struct pause_slot *first, *last; // by due_ns
    bool closed;
};

/* Suspends the connection for so long. False when nothing may wait any more:
 * answer at once. */
bool pause_add(struct pause *pause, struct pause_slot *slot,
    struct MHD_Connection *connection, unsigned ms);

/* Nanoseconds until the first is due; -1: nothing waits. */
int64_t pause_remaining_ns(const struct pause *pause);

/* Resumes what is due. */
void pause_resume_due(struct pause *pause);

/* Resumes all that wait; from here on nothing waits. */
void pause_close(struct pause *pause);

#endif
