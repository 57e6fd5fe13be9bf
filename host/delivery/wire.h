/* wire.h: delivery's requests over net.
 *
 * A pool of transfers that carry releases and nothing else, their options
 * set once. */
#ifndef DELIVERY_WIRE_H
#define DELIVERY_WIRE_H

#include "base/error.h"
#include "delivery/delivery.h"
#include "net/transfer.h"

#include <stddef.h>

struct wire; // owns its transfers

struct wire_options {
    const char *origin; // "https://acme.omnitron.net"
    const char *prefix; // "i1"
    int at_once;
    struct route route;
};

/* NULL with a message. The options are copied, but for the texts of the route,
 * which are borrowed. */
struct wire *wire_new(
    struct net *net, const struct wire_options *options, struct error *err);

/* Another token from now on, of another number (token.h), without which
 * nothing is sent; what is on its way keeps the one it has. False: no memory,
 * and there is none. */
bool wire_set_token(
    struct wire *wire, const char *token, int token_no, struct error *err);

/* The number of the one that it has; 0: none. */
int wire_token_no(const struct wire *wire);

/* What came, as delivery reads it; borrowed from `from`. */
struct wire_reply wire_reply_of(const struct transfer_reply *from);

/* struct delivery_ports' `send`; at most at_once at a time. */
bool wire_send(struct wire *wire, struct wire_call *call, struct error *err);

/* Stops what is on its way, without a word to delivery; NULL is allowed. */
void wire_free(struct wire *wire);

#endif
