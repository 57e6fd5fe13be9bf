/* pause.h: replies that have to wait.
 *
 * A paused connection is suspended in libmicrohttpd, so that thousands can
 * wait while the server's one thread serves the others. A thread of its own
 * resumes them; the server then calls the handler again. */
#ifndef MOCK_PAUSE_H
#define MOCK_PAUSE_H

#include "base/error.h"

#include <pthread.h>
#include <stdint.h>

struct MHD_Connection;

struct pause_slot { // embedded in whatever waits: pausing allocates nothing
    struct pause_slot *previous, *next;
    struct MHD_Connection *connection;
    int64_t due_ns;
};

struct pause { // owns its thread
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    struct pause_slot *first, *last; // by due_ns
    bool closing;
};

bool pause_init(struct pause *pause, struct error *err);

/* Suspends the connection for so long. Only from a handler of it. False when
 * the server is about to stop: answer at once. */
bool pause_add(struct pause *pause, struct pause_slot *slot,
    struct MHD_Connection *connection, unsigned ms);

/* Resumes all that wait, lets nothing wait from here on, ends the thread.
 * To be called before the server is stopped, which must find no connection
 * suspended; pause_fini after it, since its handlers still call pause_add. */
void pause_close(struct pause *pause);
void pause_fini(struct pause *pause);

#endif
