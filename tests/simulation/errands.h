/* errands.h: the first looks and the log-ins of a simulated run, and what is
 * answered to them. */
#ifndef SIMULATION_ERRANDS_H
#define SIMULATION_ERRANDS_H

#include "world.h"

/* Delivery's ports. */
void errands_look(void *world);
void errands_log_in(void *world);

/* Answers the one that is due, if it is. */
void errands_event(struct world *w);

#endif
