/* groups.h: the problems that need a person, those that are alike under what
 * they have in common. */
#ifndef ENDING_GROUPS_H
#define ENDING_GROUPS_H

#include "ending/ending_run.h"

/* Adds each place in the rule, and each message that names none, once, with
 * the lines under it; of a long list the first ones, unless `everything`.
 * False: no memory. */
bool groups_put(const struct problems *problems, const struct ending_run *run,
    struct buf *out);

#endif
