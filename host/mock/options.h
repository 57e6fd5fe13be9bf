/* options.h: what the readers of option values share. */
#ifndef MOCK_OPTIONS_H
#define MOCK_OPTIONS_H

#include "mock/mock.h"

#include <stddef.h>

/* The largest item number that a range may have: every item up to it belongs
 * to an order. */
#define OPTIONS_ITEM_MAX INT64_C(100000000000000000)

/* Is the range of items one that can be served? */
bool options_items_fit(const struct mock_options *options);

/* Adds one name to a list such as "same, accept"; what does not fit is left
 * out. */
void options_name(char *list, size_t size, const char *name);

/* Plain digits, so no sign, no space; *end is behind them. False when there
 * are none, or too many. */
bool options_number(const char *text, const char **end, int64_t *number);

/* False with a message: a fault was asked for that cannot work under TLS. */
bool options_fit_tls(const struct mock_options *options, struct error *err);

#endif
