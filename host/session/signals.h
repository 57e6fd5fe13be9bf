/* signals.h: what asks a run to end (ending/leave_signal.h), read from a
 * descriptor.
 *
 * Blocked before the first thread is made, so that every thread has them
 * blocked; the loop polls the descriptor. After the first one the default
 * returns: a second one ends the process where it stands, and the journal is
 * right all the same. */
#ifndef SESSION_SIGNALS_H
#define SESSION_SIGNALS_H

#include "base/error.h"

/* Blocks them: in the first thread, before any other. */
bool signals_open(int *fd, struct error *err);

/* The signal that came, or 0. From then on the next one ends the process
 * with 128 + its number. */
int signals_take(int fd);

/* As signals_take, but the next signal is read like this one. */
int signals_read(int fd);

void signals_close(int fd); // -1 is allowed

#endif
