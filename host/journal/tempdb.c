#include "journal/tempdb.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* SQLite makes files by the umask. */
bool tempdb_make(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int cause;
    bool ok;

    if (fd < 0)
        return false;
    ok = fchmod(fd, 0600) == 0;
    cause = errno;
    close(fd);
    if (!ok)
        unlink(path);
    errno = cause;
    return ok;
}

void tempdb_remove(const char *path)
{
    static const char *const ends[] = {"", "-journal", "-wal", "-shm"};
    struct buf name = {0};
    size_t i;

    for (i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        buf_clear(&name);
        if (buf_printf(&name, "%s%s", path, ends[i]))
            unlink(name.data);
    }
    buf_free(&name);
    unlink(path);
}
