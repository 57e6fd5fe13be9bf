/* quote.h: a word as a shell reads it back. */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include "base/buf.h"

/* Adds it, quoted where it has to be. False: no memory. */
bool quote_put(struct buf *out, const char *text);

#endif
