/* mapping.h: create_mapping, the call that all others are there for, and the
 * ledger that is kept of it. */
#ifndef MOCK_MAPPING_H
#define MOCK_MAPPING_H

#include "call/call.h"

/* POST order_items/#/create_mapping/. */
void mapping_create(struct call *call);

/* The same call after it was refused elsewhere: only the ledger hears of
 * it. */
void mapping_denied(struct call *call);

/* The same call before its body was read. */
void mapping_unread(struct call *call);

/* GET /__mock__/ledger. */
void mapping_ledger(struct call *call);

#endif
