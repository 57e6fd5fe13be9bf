/* run.h: one run of the program in a simulated world, and what stands for
 * its loop, its script and its disk. */
#ifndef SIMULATION_RUN_H
#define SIMULATION_RUN_H

#include "world.h"

/* To its end, a signal's, or a crash. The world says what is asked for and
 * when it crashes. True: it came to an end. */
bool run_simulate(struct world *w);

#endif
