/* request.h: the two requests beside the releases, the first look and the
 * log-in, over net. */
#ifndef DELIVERY_REQUEST_H
#define DELIVERY_REQUEST_H

#include "base/error.h"
#include "base/secret.h"
#include "delivery/delivery.h"
#include "net/net.h"
#include "profile/profile.h"

struct request; // owns its transfer

struct request_options {
    const char *origin; // "https://acme.omnitron.net"
    const char *prefix; // "i1"
    const char *path;   // of the first look; NULL: none is asked for
    struct route route;
};

/* As a profile has them, towards `origin`; borrowed from both. */
struct request_options request_options_of(
    const struct profile *profile, const char *origin);

/* NULL with a message. The options' texts are borrowed. */
struct request *request_new(
    struct net *net, const struct request_options *options, struct error *err);

/* `done` is called once, from net_turn or, when nothing could be started,
 * from inside; the reply is borrowed. One visit at a time. */
typedef void request_done(void *arg, const struct wire_reply *reply);
void request_look(
    struct request *visit, const char *token, request_done *done, void *arg);
void request_log_in(struct request *visit, const char *username,
    const char *password, request_done *done, void *arg);

/* The token in the answer to a log-in; the caller frees it. NULL: none. */
struct secret *request_token(const struct wire_reply *reply);

/* NULL is allowed; what is on its way is stopped. */
void request_free(struct request *visit);

#endif
