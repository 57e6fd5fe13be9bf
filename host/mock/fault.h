/* fault.h: what can go wrong on request, and whom it befalls.
 *
 * Each fault is a row of one table. Which create_mapping a rate befalls
 * depends on the seed and on the count of such requests, never on time, so a
 * run can be repeated; a fault of one item befalls its first requests. */
#ifndef MOCK_FAULT_H
#define MOCK_FAULT_H

#include "mock/mock.h"

#include <stddef.h>

struct call;

enum fault_stage {
    FAULT_UNREAD,  // as soon as the head is there, before the body
    FAULT_REFUSED, // in place of the handler: nothing is applied
    FAULT_APPLIED, // after the handler, if it applied what was asked
    FAULT_REPLY,   // after the handler, whatever it answered
};

struct fault_row {
    const char *name;
    const char *arg; // its number's name in the help; NULL: it takes none
    unsigned least, most;
    enum fault_stage stage;
    bool bare; // writes to the socket past libmicrohttpd: not under TLS
    void (*act)(struct call *call, unsigned arg);
    const char *help;
};

/* Ends with a NULL name. */
extern const struct fault_row fault_rows[];

/* The fault of the n-th (from 0) create_mapping, which is for `item`, and its
 * number; NULL: none. One that was asked for an item comes before those with
 * a rate; else the first that was asked for. Counts those that befall an item
 * a few times only. */
const struct fault_row *fault_choose(
    struct mock_options *options, uint64_t n, int64_t item, unsigned *arg);

/* The first one asked for that cannot work under TLS, or NULL. */
const char *fault_bare(const struct mock_options *options);

#endif
