/* options.h: what the mock is told, read and held together. */
#ifndef MOCK_OPTIONS_H
#define MOCK_OPTIONS_H

#include "mock/mock.h"

/* The largest item number that a range may have: every item up to it belongs
 * to an order. */
#define OPTIONS_ITEM_MAX INT64_C(100000000000000000)

/* Is the range of items one that can be served? */
bool options_items_fit(const struct mock_options *options);

/* False with a message: a fault was asked for that cannot work under TLS. */
bool options_fit_tls(const struct mock_options *options, struct error *err);

#endif
