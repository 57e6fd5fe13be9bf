/* server.h: the thread that serves: libmicrohttpd's epoll descriptor and the
 * replies that wait or are written here, in one loop. */
#ifndef MOCK_SERVER_H
#define MOCK_SERVER_H

#include "base/error.h"
#include "mock/serve.h"

#include <pthread.h>

struct server { // owns its thread and its daemon
    struct serve serve;
    struct pause pause;
    struct breaker breaker;
    struct MHD_Daemon *daemon;
    pthread_t thread;
    int wake; // an eventfd: readable means stop
};

/* Takes the listening socket, also when it fails. `site` is borrowed, and
 * the thread's own until server_stop. */
bool server_start(
    struct server *server, struct site *site, int listener, struct error *err);

/* Ends the thread; what waits is answered, every connection is closed. */
void server_stop(struct server *server);

#endif
