/* fd.h: what is written to a descriptor. */
#ifndef BASE_FD_H
#define BASE_FD_H

#include <stdbool.h>
#include <stddef.h>

/* Writes all of the bytes, in as many pieces as it takes. False: errno says
 * why; some may have been written. */
bool fd_write(int fd, const char *bytes, size_t len);

/* The same of words for people: one that is interrupted is given up. Only who
 * wants a run to end interrupts (task/cpu_tick.h), and nobody may read any
 * more. */
bool fd_say(int fd, const char *bytes, size_t len);

#endif
