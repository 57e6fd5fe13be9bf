/* fd.h: what is written to a descriptor. */
#ifndef BASE_FD_H
#define BASE_FD_H

#include <stdbool.h>
#include <stddef.h>

/* Writes all of the bytes, in as many pieces as it takes. False: errno says
 * why; some may have been written. */
bool fd_write(int fd, const char *bytes, size_t len);

#endif
