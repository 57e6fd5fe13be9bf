/* hostile_rig.h: an HTTP server in a thread of its own that breaks on request.
 *
 * It answers the n-th request, over all connections, by the n-th row of a
 * script; the last row serves all that follow. It counts what the gate is
 * about: bodies that came in whole. */
#ifndef TESTS_HOSTILE_RIG_H
#define TESTS_HOSTILE_RIG_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HOSTILE_CONNECTIONS = 8, HOSTILE_REQUEST_MAX = 8192 };

enum hostile_then {
    HOSTILE_KEEP,  // the connection stays open
    HOSTILE_CLOSE, // an end of file
    HOSTILE_RESET, // an RST instead
};

struct hostile_row {
    const char *reply; // may be "": not a byte
    size_t len;        // of the reply; 0: up to its NUL
    enum hostile_then then;
};

struct hostile_connection {
    int fd; // -1: free
    char bytes[HOSTILE_REQUEST_MAX];
    size_t len;
};

struct hostile {
    int listener, stop[2];
    int port;
    pthread_t thread;
    const struct hostile_row *rows;
    size_t row_count;
    struct hostile_connection connections[HOSTILE_CONNECTIONS];
    atomic_int bodies;              // requests with their whole body
    atomic_int accepted;            // connections
    atomic_int wrong;               // requests that it could not read
    char last[HOSTILE_REQUEST_MAX]; // the latest request; read when idle
};

/* The length of the whole request at the beginning of the bytes, 0: more has
 * to come. */
static inline size_t hostile_request_len(const char *bytes)
{
    const char *end = strstr(bytes, "\r\n\r\n");
    const char *length = strstr(bytes, "Content-Length: ");
    size_t body = length && length < end ? (size_t)atol(length + 16) : 0;

    return end ? (size_t)(end - bytes) + 4 + body : 0;
}

static inline void hostile_drop(struct hostile_connection *c, bool reset)
{
    struct linger linger = {.l_onoff = 1, .l_linger = 0};

    if (reset)
        setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    close(c->fd);
    c->fd = -1;
}

static inline void hostile_answer(
    struct hostile *h, struct hostile_connection *c)
{
    size_t n = (size_t)atomic_fetch_add(&h->bodies, 1);
    const struct hostile_row *row =
        &h->rows[n < h->row_count ? n : h->row_count - 1];
    size_t len = row->len ? row->len : strlen(row->reply);

    if (len && send(c->fd, row->reply, len, MSG_NOSIGNAL) != (ssize_t)len)
        atomic_fetch_add(&h->wrong, 1);
    if (row->then != HOSTILE_KEEP)
        hostile_drop(c, row->then == HOSTILE_RESET);
}

static inline void hostile_read(struct hostile *h, struct hostile_connection *c)
{
    size_t room = sizeof c->bytes - 1 - c->len;
    ssize_t n = recv(c->fd, c->bytes + c->len, room, 0);

    if (n <= 0) {
        hostile_drop(c, false);
        return;
    }
    c->len += (size_t)n;
    c->bytes[c->len] = '\0';
    size_t whole = hostile_request_len(c->bytes);
    if (!whole || whole > c->len)
        return;
    if (whole < c->len) // nobody pipelines
        atomic_fetch_add(&h->wrong, 1);
    memcpy(h->last, c->bytes, c->len + 1);
    c->len = 0;
    hostile_answer(h, c);
}

static inline void hostile_accept(struct hostile *h)
{
    int fd = accept4(h->listener, NULL, NULL, SOCK_CLOEXEC), on = 1;

    for (int i = 0; fd >= 0 && i < HOSTILE_CONNECTIONS; i++)
        if (h->connections[i].fd < 0) {
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            h->connections[i].len = 0;
            h->connections[i].fd = fd;
            atomic_fetch_add(&h->accepted, 1);
            return;
        }
    close(fd);
}

static inline void *hostile_main(void *arg)
{
    struct hostile *h = arg;
    struct pollfd fds[HOSTILE_CONNECTIONS + 2];

    for (;;) {
        fds[0] = (struct pollfd){.fd = h->stop[0], .events = POLLIN};
        fds[1] = (struct pollfd){.fd = h->listener, .events = POLLIN};
        for (int i = 0; i < HOSTILE_CONNECTIONS; i++)
            fds[i + 2] =
                (struct pollfd){.fd = h->connections[i].fd, .events = POLLIN};
        if (poll(fds, HOSTILE_CONNECTIONS + 2, -1) < 0)
            continue;
        if (fds[0].revents)
            return NULL;
        for (int i = 0; i < HOSTILE_CONNECTIONS; i++)
            if (fds[i + 2].revents && h->connections[i].fd >= 0)
                hostile_read(h, &h->connections[i]);
        if (fds[1].revents)
            hostile_accept(h);
    }
}

static inline bool hostile_listen(struct hostile *h)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;

    h->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (h->listener < 0 ||
        bind(h->listener, (struct sockaddr *)&address, len) < 0 ||
        listen(h->listener, HOSTILE_CONNECTIONS) < 0 ||
        getsockname(h->listener, (struct sockaddr *)&address, &len) < 0)
        return false;
    h->port = ntohs(address.sin_port);
    return true;
}

/* The rows are borrowed. */
static inline bool hostile_open(
    struct hostile *h, const struct hostile_row *rows, size_t row_count)
{
    *h = (struct hostile){.rows = rows, .row_count = row_count};
    for (int i = 0; i < HOSTILE_CONNECTIONS; i++)
        h->connections[i].fd = -1;
    return pipe2(h->stop, O_CLOEXEC) == 0 && hostile_listen(h) &&
           pthread_create(&h->thread, NULL, hostile_main, h) == 0;
}

/* Ends the thread: from now on the caller has the connections to himself,
 * and nothing is answered any more. */
static inline void hostile_freeze(struct hostile *h)
{
    if (h->stop[1] < 0)
        return;
    close(h->stop[1]);
    h->stop[1] = -1;
    pthread_join(h->thread, NULL);
    close(h->stop[0]);
}

/* Goes on after hostile_freeze. */
static inline bool hostile_thaw(struct hostile *h)
{
    return pipe2(h->stop, O_CLOEXEC) == 0 &&
           pthread_create(&h->thread, NULL, hostile_main, h) == 0;
}

/* Writes to, or ends, every open connection, unasked. */
static inline void hostile_push(struct hostile *h, const char *bytes)
{
    hostile_freeze(h);
    for (int i = 0; i < HOSTILE_CONNECTIONS; i++)
        if (h->connections[i].fd >= 0 && bytes)
            send(h->connections[i].fd, bytes, strlen(bytes), MSG_NOSIGNAL);
        else if (h->connections[i].fd >= 0)
            hostile_drop(&h->connections[i], false);
    if (!hostile_thaw(h))
        abort();
}

static inline void hostile_close(struct hostile *h)
{
    hostile_freeze(h);
    for (int i = 0; i < HOSTILE_CONNECTIONS; i++)
        if (h->connections[i].fd >= 0)
            hostile_drop(&h->connections[i], false);
    close(h->listener);
}

#endif
