/* cure.h: what a person does about a host that gives no answer: it depends on
 * how far the question got. */
#ifndef ENDING_CURE_H
#define ENDING_CURE_H

#include "ending/ending_run.h"

/* Adds a sentence, a space in front. False: no memory. */
bool cure_no_answer(const struct ending_run *run, struct buf *out);

#endif
