/* order.h: orders: listed, one, in all detail, marked as sent. */
#ifndef MOCK_ORDER_H
#define MOCK_ORDER_H

#include "call/call.h"

/* GET orders/: by is_send and status, sorted up or down by its number. */
void order_list(struct call *call);

/* GET and PATCH orders/#/; the only thing that can be changed is is_send. */
void order_get(struct call *call);
void order_patch(struct call *call);

/* GET orders_integration/#/detailed_integration/. */
void order_detailed(struct call *call);

#endif
