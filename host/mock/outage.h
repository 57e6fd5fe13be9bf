/* outage.h: the whole site is down: every request is answered alike, but for
 * those under /__mock__/. */
#ifndef MOCK_OUTAGE_H
#define MOCK_OUTAGE_H

#include "base/buf.h"
#include "call/call.h"
#include "mock/mock.h"

struct outage_row {
    const char *name;
    void (*act)(struct call *call, unsigned arg);
    unsigned arg;
    const char *help;
};

/* Ends with a NULL name. */
extern const struct outage_row outage_rows[];

/* Reads the name of a kind into the options; False with a message that has
 * the known ones. */
bool outage_read(
    const char *text, struct mock_options *options, struct error *err);

/* A line for each kind. False when there is no memory. */
bool outage_help(struct buf *out);

/* The row that holds now; NULL: none. */
const struct outage_row *outage_of(const struct mock_options *options);

#endif
