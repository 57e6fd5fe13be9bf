/* breaker.h: replies that the mock writes to the socket itself, because
 * libmicrohttpd would not send them: cut, slow, without an end.
 *
 * The connection is suspended in libmicrohttpd meanwhile, so that it still
 * owns the descriptor; when all is written, or the client is gone, it is
 * resumed and its handler called again, to close it. Nothing here blocks.
 * Only the server's thread may call these. */
#ifndef CALL_BREAKER_H
#define CALL_BREAKER_H

#include "base/buf.h"

#include <stdint.h>

struct MHD_Connection;

struct breaker_slot { // embedded in whatever is written; {0} before it is
    struct buf bytes;
    size_t again;      // endless: from here on the bytes are repeated
    bool endless;      // never done
    bool hold;         // when done, stay open until the client goes
    bool reset;        // end with a reset, once the client has all bytes
    unsigned delay_ms; // between two bytes; 0: as fast as they are read

    struct breaker_slot *previous, *next; // the breaker's own, from here
    struct MHD_Connection *connection;
    int fd;
    size_t at;      // bytes written, but for those of earlier rounds
    int64_t due_ms; // when to look at it without an event; 0: never
    uint32_t events;
};

struct breaker { // borrows its slots
    struct breaker_slot *first;
    int epoll;
    bool closed;
};

/* False when there are no descriptors left. */
bool breaker_open(struct breaker *breaker);

/* Suspends the connection until the slot's bytes are written. False when it
 * cannot, or when nothing may begin any more: close at once. */
bool breaker_add(struct breaker *breaker, struct breaker_slot *slot,
    struct MHD_Connection *connection);

/* Milliseconds until a byte is due; -1: none is. */
int64_t breaker_remaining_ms(const struct breaker *breaker);

/* Writes what can be written now. */
void breaker_turn(struct breaker *breaker);

/* Resumes all connections; from here on nothing is written. */
void breaker_stop(struct breaker *breaker);
void breaker_close(struct breaker *breaker);

/* Resets the connection: the client sees neither an end nor what it has not
 * got yet. libmicrohttpd still has to close it. */
void breaker_reset(struct MHD_Connection *connection);

/* Some bytes at once, as far as the socket takes them. */
void breaker_push(struct MHD_Connection *connection, const char *text);

#endif
