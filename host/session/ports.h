/* ports.h: delivery's ports over the real journal, network and clocks. */
#ifndef SESSION_PORTS_H
#define SESSION_PORTS_H

#include "base/error.h"
#include "delivery/delivery.h"
#include "delivery/request.h"
#include "delivery/wire.h"
#include "journal/journal.h"
#include "net/net.h"
#include "session/endpoint.h"

#include <stdint.h>

struct ports {
    struct net *net;           // borrows
    struct journal *journal;   // borrows
    struct wire *wire;         // owns
    struct request *visit;     // owns: of the first look
    struct token *token;       // owns; a script's own requests share it
    struct token_wait waits;   // delivery's, for a log-in
    struct delivery *delivery; // owns
    uint64_t random;           // state of the generator
    const char *host;          // borrows: as people know it
    void (*carried)(void *arg, const struct release_result *result);
    void *carried_arg;        // delivery's port of that name; both as the
                              // options have them
    const char *journal_path; // borrows; what was learned is kept beside it
};

struct ports_options {
    const struct profile *profile;
    const struct endpoint *endpoint; // borrowed
    const char *journal_path; // NULL: in memory; lives as long as the ports
    int at_once;              // 0: as many as turn out to be right
    void (*carried)(void *arg, const struct release_result *result);
    void *carried_arg;       // NULL twice: nobody is told
    struct account *account; // the script's; borrowed
};

/* Fills *ports, whose net and journal are set, and makes the delivery. On
 * false ports_close is due as well. */
bool ports_open(struct ports *ports, const struct ports_options *options,
    struct error *err);

/* Requests first; then, when the journal is closed, the delivery. */
void ports_stop(struct ports *ports);
void ports_close(struct ports *ports);

#endif
