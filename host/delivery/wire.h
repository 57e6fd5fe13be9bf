/* wire.h: delivery's requests over net.
 *
 * A pool of transfers that carry releases and nothing else, their options
 * set once. */
#ifndef DELIVERY_WIRE_H
#define DELIVERY_WIRE_H

#include "base/error.h"
#include "delivery/delivery.h"
#include "net/net.h"

#include <stddef.h>

struct wire; // owns its transfers

struct wire_options {
    const char *origin; // "https://acme.omnitron.net"
    const char *prefix; // "i1"
    const char *token;
    int at_once;
    long timeout_ms, connect_timeout_ms;
    const char *ca_file, *proxy; // NULL: none
};

/* NULL with a message. The options are copied. */
struct wire *wire_new(
    struct net *net, const struct wire_options *options, struct error *err);

/* struct delivery_ports' `send`; at most at_once at a time. */
bool wire_send(struct wire *wire, struct wire_call *call, struct error *err);

/* Stops what is on its way, without a word to delivery; NULL is allowed. */
void wire_free(struct wire *wire);

#endif
