/* check.h: what must always hold. Each ends the seed when it does not. */
#ifndef SIMULATION_CHECK_H
#define SIMULATION_CHECK_H

#include "world.h"

/* A run begins. */
void check_open(struct world *w);

/* A request starts while so many others are in flight; is answered; the
 * answer was given to delivery. */
void check_start(struct world *w, const struct flight *f, int in_flight);
void check_reply(
    struct world *w, const struct flight *f, enum truth truth, int status);
void check_stop(struct world *w);

/* A body has reached the server. */
void check_body(struct world *w, int item);

/* The row of an item, against the truth. */
void check_item(struct world *w, int item);

/* What a script is told. */
void check_told(struct ask *ask, const struct release_result *result);

/* A run has come to its end; a seed, after everything healed. */
void check_run(struct world *w);
void check_healed(struct world *w, bool last);
void check_integrity(struct world *w);

#endif
