/* invent.h: orders, customers and products made up from their numbers alone,
 * so that any item that exists has its order and nothing is stored.
 *
 * Ten items in a row make four orders, of 2, 4, 1 and 3 items. */
#ifndef MOCK_INVENT_H
#define MOCK_INVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct invent_order {
    int64_t pk;
    int64_t first, last; // its items
};

struct invent_person {
    int64_t pk;
    const char *first_name, *last_name;
};

struct invent_thing { // a product, or a channel with its name alone
    int pk;
    const char *name;
    const char *sku;
    int64_t price; // hundredths
};

enum { INVENT_NUMBER_MAX = 32, INVENT_PRICE_MAX = 32 };

/* False: there is no such order, or no order of such an item. */
bool invent_order(int64_t pk, struct invent_order *order);
bool invent_order_of(int64_t item, struct invent_order *order);

/* Who ordered, where, and what an item is. */
struct invent_person invent_customer(const struct invent_order *order);
const struct invent_thing *invent_channel(const struct invent_order *order);
const struct invent_thing *invent_product(int64_t item);

/* Milliseconds since 1970: when it was placed. */
int64_t invent_placed_ms(const struct invent_order *order);

/* "90000018705" and "349.90" into out; both return out. */
char *invent_number(const struct invent_order *order, char *out);
char *invent_price(int64_t hundredths, char *out);

#endif
