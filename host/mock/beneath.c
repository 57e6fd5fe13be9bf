#include "mock/beneath.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char outside[] = "it leads out of that folder";

static int refuse(const char **why, int number)
{
    *why = number == EXDEV ? outside : strerror(number);
    errno = number;
    return -1;
}

static int open_folder(const char *folder)
{
    return open(folder[0] ? folder : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static bool is_outside(const char *name, size_t len)
{
    return (len == 2 && memcmp(name, "..", 2) == 0) || len > NAME_MAX;
}

/* One part of the name, in a folder that it takes. */
static int step(int folder, const char *name, size_t len, bool last)
{
    char part[NAME_MAX + 1];
    int flags = O_PATH | O_NOFOLLOW | O_CLOEXEC | (last ? 0 : O_DIRECTORY);

    memcpy(part, name, len);
    part[len] = '\0';
    int fd = openat(folder, len ? part : ".", flags);
    int number = errno;
    close(folder);
    errno = number;
    return fd;
}

/* Takes the folder. -1: errno. */
static int walk(int folder, const char *name)
{
    if (name[0] == '/')
        goto out;
    while (folder >= 0 && *name) {
        size_t len = strcspn(name, "/");
        if (is_outside(name, len))
            goto out;
        folder = step(folder, name, len, name[len] == '\0');
        name += len + (name[len] == '/');
    }
    return folder;
out:
    close(folder);
    errno = EXDEV;
    return -1;
}

int beneath_open_stepwise(
    const char *folder, const char *name, const char **why)
{
    int at = open_folder(folder);

    at = at >= 0 ? walk(at, name) : -1;
    return at < 0 ? refuse(why, errno) : file_take(at, O_RDONLY, why);
}

static int open_at(int folder, const char *name)
{
    struct open_how how = {.flags = O_PATH | O_CLOEXEC,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};

    return (int)syscall(SYS_openat2, folder, name, &how, sizeof how);
}

/* EPERM: a filter of system calls that does not know this one. EAGAIN: "the
 * kernel could not ensure that a .. component did not escape" (openat2(2)),
 * while something is renamed. */
int beneath_open(const char *folder, const char *name, const char **why)
{
    int from = open_folder(folder);

    if (from < 0)
        return refuse(why, errno);
    int at = open_at(from, name);
    int number = errno;
    close(from);
    if (at >= 0)
        return file_take(at, O_RDONLY, why);
    if (number == ENOSYS || number == EPERM || number == EAGAIN)
        return beneath_open_stepwise(folder, name, why);
    return refuse(why, number);
}
