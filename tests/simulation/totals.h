/* totals.h: how often what came about, over all seeds of a process. */
#ifndef SIMULATION_TOTALS_H
#define SIMULATION_TOTALS_H

#include "world.h"

/* A run has come to its end. */
void totals_add(const struct world *w);

/* Prints them; false: some verdict or reason to stop never came about. */
bool totals_show(void);

#endif
