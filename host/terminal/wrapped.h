/* wrapped.h: lines for a terminal. */
#ifndef TERMINAL_WRAPPED_H
#define TERMINAL_WRAPPED_H

#include "base/buf.h"

/* Adds the lines of `text`, broken at their spaces before they reach `most`
 * columns; of one that is indented, what follows is indented by 6 more.
 * Colours take no room. False: no memory. */
bool wrapped_put(struct buf *out, const char *text, size_t most);

#endif
