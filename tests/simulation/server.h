/* server.h: the simulated Omnitron and the way to it: answers to releases,
 * right or wrong in every way that is known, and the truth of what was
 * applied. */
#ifndef SIMULATION_SERVER_H
#define SIMULATION_SERVER_H

#include "world.h"

/* For a new seed; for a new run of it. */
void server_open(struct world *w);
void server_weather(struct world *w);

/* Delivery's port. */
bool server_send(void *world, struct wire_call *call, struct error *err);

/* When something happens next, -1: nothing is on its way. */
int64_t server_next_us(const struct world *w);
void server_event(struct world *w);

/* What left this machine may still arrive: by dice, or all of it. */
void server_drain(struct world *w, bool all);

#endif
