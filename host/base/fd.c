#include "base/fd.h"

#include <errno.h>
#include <unistd.h>

/* The bytes that were written of `len`. */
static size_t write_some(int fd, const char *bytes, size_t len)
{
    size_t done = 0;
    ssize_t n = 1;

    while (done < len && n > 0) {
        n = write(fd, bytes + done, len - done);
        if (n > 0)
            done += (size_t)n;
    }
    if (n == 0)
        errno = ENOSPC;
    return done;
}

bool fd_write(int fd, const char *bytes, size_t len)
{
    size_t done = write_some(fd, bytes, len);

    while (done < len && errno == EINTR)
        done += write_some(fd, bytes + done, len - done);
    return done == len;
}

bool fd_say(int fd, const char *bytes, size_t len)
{
    return write_some(fd, bytes, len) == len;
}
