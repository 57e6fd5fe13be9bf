/* masked.h: what a script writes to stdout and stderr, secrets masked, also
 * one that comes in pieces.
 *
 * The end of what was written is held back while it could be the beginning of
 * a secret, until what follows tells; all of it is shown at the end. So one
 * door leads to each of the two, and nothing goes past it while a script runs.
 * One thread at a time. */
#ifndef LUA_MASKED_H
#define LUA_MASKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Writes to stdout or stderr. False: errno; some may have been written. */
bool masked_write(FILE *to, const char *text, size_t len);

/* Lets go of what is held back. False: errno. */
bool masked_end(FILE *to);

/* A stream whose bytes go to masked_write at once, the same each time: what
 * sets its buffer or flushes it has to be done with `to`. NULL: no memory. It
 * is never closed. */
FILE *masked_stream(FILE *to);

/* The stream that it leads to; NULL: it is another. */
FILE *masked_under(FILE *stream);

#endif
