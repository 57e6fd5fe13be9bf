/* ports.h: delivery's ports over the real journal, network and clocks. */
#ifndef RUNTIME_PORTS_H
#define RUNTIME_PORTS_H

#include "base/error.h"
#include "base/profile.h"
#include "delivery/delivery.h"
#include "delivery/visit.h"
#include "delivery/wire.h"
#include "journal/journal.h"
#include "journal/notes.h"
#include "net/net.h"

#include <stdint.h>

struct ports {
    struct net *net;           // borrows
    struct journal *journal;   // borrows
    const char *username;      // borrows; NULL: there is a token
    const char *password;      // borrows
    struct wire *wire;         // owns
    struct visit *visit;       // owns
    struct notes *notes;       // owns
    struct secret *token;      // owns: of a log-in
    const char *token_text;    // the present one, or NULL
    struct delivery *delivery; // owns
    uint64_t random;           // state of the generator
};

struct ports_options {
    const struct profile *profile;
    const char *origin;       // where requests go
    const char *host;         // as people know it
    const char *journal_path; // NULL: in memory
    const char *token;        // borrowed; NULL: username and password
    const char *username, *password;
    int at_once;
};

/* Fills *ports, whose net and journal are set, and makes the delivery. On
 * false ports_close is due as well. */
bool ports_open(struct ports *ports, const struct ports_options *options,
    struct error *err);

/* Requests first; then, when the journal is closed, the delivery. */
void ports_stop(struct ports *ports);
void ports_close(struct ports *ports);

#endif
