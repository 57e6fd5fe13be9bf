#include "base/file_replace.h"

#include "base/file.h"
#include "base/file_path.h"
#include "base/protected.h"
#include "base/target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Pipes with a reader, that were checked and are not written yet. */
enum { PIPES_MOST = 4 };
static struct {
    int fd[PIPES_MOST];
    size_t len;
} pipes;

struct place {
    const char *option, *path;
    int flags;            // that target_check wants of open
    char aside[PATH_MAX]; // of this process alone
    struct stat old;
    bool is_there; // old is what is there
};

static bool set_error(struct error *err, enum error_kind kind,
    const char *option, const char *path)
{
    const char *why = protected_path(path);

    return error_set(err, kind, "cannot write %s %s: %s", option, path,
        why ? why : strerror(errno));
}

/* "summary.json.new-4711"; of a name that is too long for that, its start. */
static int name_aside(char *out, size_t size, const char *path)
{
    const char *name = file_path_name(path);
    char end[32];
    int len = snprintf(end, sizeof end, ".new-%ld", (long)getpid());

    return snprintf(out, size, "%.*s%.*s%s", (int)(name - path), path,
        NAME_MAX - len, name, end);
}

/* False: errno. */
static bool look(struct place *place)
{
    const char *path = place->path;
    int n = name_aside(place->aside, sizeof place->aside, path);

    place->is_there = lstat(path, &place->old) == 0;
    if (protected_path(path))
        errno = EBUSY;
    else if (n < 0 || (size_t)n >= sizeof place->aside)
        errno = ENAMETOOLONG;
    else if (!place->is_there && errno != ENOENT)
        return false;
    else if (place->is_there && S_ISDIR(place->old.st_mode))
        errno = EISDIR;
    else
        return true;
    return false;
}

static bool is_replaced(const struct place *place)
{
    return !place->is_there || S_ISREG(place->old.st_mode);
}

/* Whether to write into it, after a file beside it could not be made: a full
 * disk must not take the old one, too. */
static bool is_written_into(const struct place *place)
{
    return !is_replaced(place) || (place->is_there && errno == EACCES);
}

/* One of that name is of a process that died. -1: errno. */
static int open_aside(const struct place *place)
{
    unlink(place->aside);
    return open(place->aside,
        O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
}

/* The pipe that the check has open; -1: none. */
static int take_pipe(const struct place *place)
{
    struct stat there, open;

    for (size_t i = 0; stat(place->path, &there) == 0 && i < pipes.len; i++) {
        int fd = pipes.fd[i];
        if (fstat(fd, &open) == 0 && open.st_dev == there.st_dev &&
            open.st_ino == there.st_ino) {
            pipes.fd[i] = pipes.fd[--pipes.len];
            return fd;
        }
    }
    return -1;
}

static int open_as_it_is(const struct place *place)
{
    return open(place->path,
        O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | place->flags);
}

/* As it will be written into: a pipe without a reader says so. */
static bool check_as_it_is(const struct place *place)
{
    int fd = open_as_it_is(place);
    struct stat it;

    if (fd < 0)
        return false;
    if (fstat(fd, &it) == 0 && S_ISFIFO(it.st_mode) && pipes.len < PIPES_MOST)
        pipes.fd[pipes.len++] = fd;
    else
        close(fd);
    return true;
}

/* A file in a folder where none can be made. */
static bool check_into(const struct place *place, struct error *err)
{
    int fd = open_as_it_is(place);
    bool ok = fd >= 0 ? target_single(place->option, place->path, fd, err)
                      : set_error(err, ERROR_USAGE, place->option, place->path);

    if (fd >= 0)
        close(fd);
    return ok;
}

static bool check_aside(const struct place *place, struct error *err)
{
    int fd = open_aside(place);

    if (fd < 0 && is_written_into(place))
        return check_into(place, err);
    if (fd < 0)
        return set_error(err, ERROR_USAGE, place->option, place->path);
    close(fd);
    unlink(place->aside);
    return true;
}

bool file_replace_check(const char *option, const char *path, struct error *err)
{
    struct place place = {.option = option, .path = path};

    if (!target_check(option, path, &place.flags, err) ||
        !target_spares(option, path, err))
        return false;
    bool ok = look(&place);
    if (ok && is_replaced(&place))
        return check_aside(&place, err);
    return (ok && check_as_it_is(&place)) ||
           set_error(err, ERROR_USAGE, option, path);
}

static bool is_file(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

static bool put(int fd, const char *bytes, size_t len)
{
    bool ok = file_write(fd, bytes, len);
    int why = errno;

    if (close(fd) != 0)
        return false;
    errno = why;
    return ok;
}

static bool set_mode(const struct place *place, int fd, mode_t mode)
{
    if (mode == FILE_REPLACE_MODE_KEPT && !place->is_there)
        return true;
    return fchmod(fd, mode ? mode : place->old.st_mode & 0777) == 0;
}

static bool replace(const struct place *place, int fd, mode_t mode,
    const void *bytes, size_t len)
{
    bool has_mode = set_mode(place, fd, mode);

    if (put(fd, bytes, len) && has_mode &&
        rename(place->aside, place->path) == 0)
        return true;
    int why = errno;
    unlink(place->aside);
    errno = why;
    return false;
}

/* What is cut is known to have no other name. */
static bool write_into(
    const struct place *place, const void *bytes, size_t len, struct error *err)
{
    int fd = take_pipe(place);
    bool ok = true;

    fd = fd >= 0 ? fd : open_as_it_is(place);
    if (fd >= 0)
        ok = target_single(place->option, place->path, fd, err);
    if (!ok)
        close(fd);
    else if (fd < 0 || (is_file(fd) && ftruncate(fd, 0) != 0) ||
             !put(fd, bytes, len))
        ok = set_error(err, ERROR_DISK, place->option, place->path);
    return ok;
}

bool file_replace_write(const char *option, const char *path, mode_t mode,
    const void *bytes, size_t len, struct error *err)
{
    struct place place = {.option = option, .path = path};

    if (!target_check(option, path, &place.flags, err))
        return false;
    bool ok = look(&place);
    int fd = ok && is_replaced(&place) ? open_aside(&place) : -1;
    if (fd >= 0 && replace(&place, fd, mode, bytes, len))
        return true;
    if (fd < 0 && ok && is_written_into(&place))
        return write_into(&place, bytes, len, err);
    return set_error(err, ERROR_DISK, option, path);
}
