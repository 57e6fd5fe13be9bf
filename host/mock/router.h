/* router.h: from a path and a method to the handler that answers. */
#ifndef MOCK_ROUTER_H
#define MOCK_ROUTER_H

#include "call/call.h"

/* Finds the row for the call's path as soon as the headers are there: sets
 * route, id and slash_missing. */
void route_find(struct call *call);

/* Is it a create_mapping, which the ledger keeps and faults befall? */
bool route_is_mapping(const struct call *call);

/* Is it a request to the mock itself, below /__mock__/? */
bool route_is_own(const struct call *call);

/* The route without its prefix, numbers as #, or "other"; a literal. */
const char *route_name(const struct call *call);

/* Answers a call that is there with its whole body. */
void route_answer(struct call *call);

#endif
