#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);

        if (n < 0 && errno != EINTR)
            return false;
        bytes += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

/* Closes in any case, and keeps the errno of the first failure. */
static bool close_after(bool ok, int fd)
{
    int why = errno;

    if (close(fd) != 0 && ok)
        return false;
    errno = why;
    return ok;
}

static bool write_into(const char *path, const void *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

    return fd >= 0 && close_after(write_all(fd, bytes, len), fd);
}

static mode_t usual_mode(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0666 & ~mask;
}

static bool write_aside(
    const char *path, mode_t mode, const void *bytes, size_t len)
{
    char aside[PATH_MAX + 16];

    snprintf(aside, sizeof aside, "%s.XXXXXX", path);
    int fd = mkostemp(aside, O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok =
        write_all(fd, bytes, len) && fchmod(fd, mode) == 0 && fsync(fd) == 0;
    ok = close_after(ok, fd) && rename(aside, path) == 0;
    if (!ok) {
        int why = errno;

        unlink(aside);
        errno = why;
    }
    return ok;
}

static bool put(const char *path, const void *bytes, size_t len)
{
    char real[PATH_MAX];
    struct stat st;

    if (stat(path, &st) != 0)
        return errno == ENOENT && write_aside(path, usual_mode(), bytes, len);
    if (S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        return false;
    }
    if (!S_ISREG(st.st_mode))
        return write_into(path, bytes, len);
    return realpath(path, real) &&
           write_aside(real, st.st_mode & 0777, bytes, len);
}

static bool is_disk(int cause)
{
    return cause == ENOSPC || cause == EDQUOT || cause == EIO || cause == EFBIG;
}

bool replace_file(
    const char *path, const void *bytes, size_t len, struct error *err)
{
    if (put(path, bytes, len))
        return true;
    return error_set(err, is_disk(errno) ? ERROR_DISK : ERROR_USAGE,
        "cannot write %s: %s", path, strerror(errno));
}
