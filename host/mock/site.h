/* site.h: the simulated installation: its settings and what it remembers.
 *
 * Embedded in struct mock. Only the server's own thread touches it between
 * start and stop, so nothing here has a lock. */
#ifndef MOCK_SITE_H
#define MOCK_SITE_H

#include "mock/ledger.h"
#include "mock/limit.h"
#include "mock/mock.h"
#include "mock/requests.h"
#include "mock/sent.h"
#include "mock/tls.h"

enum {
    SITE_CONTENT_TYPE = 66,   // of order items
    SITE_UNKNOWN_ITEM = 99999 // the one that never exists, unless asked for
};

struct canned;

struct site {
    struct mock_options options; // its strings are owned
    char url[40];                // "http://127.0.0.1:PORT" or https
    struct ledger ledger;        // mappings, and every body that came
    struct sent sent;            // the orders marked as sent
    uint64_t create_mappings;    // requests so far: faults are chosen by it
    struct requests requests;
    struct limit *limit; // owns
    struct tls tls;
    struct canned *canned; // owns; NULL: no replies of others
    unsigned token_no;     // 0: the token of the options; else got by log-in
    unsigned token_used;   // requests it was good for
};

/* Copies the options. False when there is no memory; site_fini is due
 * either way. */
bool site_init(struct site *site, const struct mock_options *options);
void site_fini(struct site *site);

/* Is there an order item with this number? */
bool site_has_item(const struct site *site, int64_t item);

/* The items that lists show: the range that was asked for, or 46761 to 46860
 * when every item exists. */
void site_listed(const struct site *site, int64_t *first, int64_t *last);

#endif
