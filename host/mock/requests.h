/* requests.h: how many requests came, by method and route. */
#ifndef MOCK_REQUESTS_H
#define MOCK_REQUESTS_H

#include "base/buf.h"

enum { REQUESTS_MAX = 100 }; // more than methods times routes

struct requests { // {0} has counted none
    struct requests_row {
        const char *method, *route; // borrowed for ever
        unsigned long count;
    } rows[REQUESTS_MAX];
    size_t used;
};

/* One more; `route` lives as long as the program. */
void requests_count(
    struct requests *requests, const char *method, const char *route);

/* {"GET orders/":1,...} in the order in which each came first. False when
 * there is no memory. */
bool requests_write(const struct requests *requests, struct buf *out);

#endif
