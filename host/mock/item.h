/* item.h: order items: listed, one, and as part of a detailed order. */
#ifndef MOCK_ITEM_H
#define MOCK_ITEM_H

#include "call/call.h"
#include "mock/invent.h"

/* GET order_items/, of one order if asked; and order_items/#/. */
void item_list(struct call *call);
void item_get(struct call *call);

/* One item as JSON; `detailed` has the product as an object. */
void item_put(struct call *call, int64_t item, const struct invent_order *order,
    bool detailed);

#endif
