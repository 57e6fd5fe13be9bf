/* ending.h: what a run says at its end, as text for people. */
#ifndef ENDING_ENDING_H
#define ENDING_ENDING_H

#include "base/buf.h"
#include "ending/ending_run.h"

struct problems;

/* Adds the text of the end of a run, the lines put in order; nothing when
 * there is no news and nobody looks on. False: no memory. */
bool ending_write(
    struct problems *problems, const struct ending_run *run, struct buf *out);

#endif
