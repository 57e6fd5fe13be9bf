/* fault.h: what can go wrong on request, how it is asked for, and whom it
 * befalls.
 *
 * A fault kind is a row of the table in fault.c. Which create_mapping it
 * befalls depends on the seed and on the count of such requests, never on
 * time, so a run can be repeated. */
#ifndef MOCK_FAULT_H
#define MOCK_FAULT_H

#include "mock/mock.h"

enum fault_kind {
    FAULT_NONE,
    FAULT_DROP_AFTER, // applied, then closed without a reply
};

/* Reads "NAME=RATE" into the options. False with a message that names the
 * value and what is known. */
bool fault_read(
    const char *text, struct mock_options *options, struct error *err);

/* The fault of the n-th (from 0) create_mapping. */
enum fault_kind fault_choose(const struct mock_options *options, uint64_t n);

#endif
