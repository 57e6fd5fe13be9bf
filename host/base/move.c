#include "base/move.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/file_path.h"
#include "base/mem.h"
#include "base/protected.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES_MAX = 10000, COPY_SIZE = 65536 };

/* The n-th name for it in the folder: NAME, NAME.2, NAME.3 … */
static char *nth_path(const char *folder, const char *name, int n)
{
    struct buf path = {0};
    bool ok = file_path_join(&path, folder, name) &&
              (n < 2 || buf_printf(&path, ".%d", n));

    if (!ok)
        buf_free(&path);
    return path.data;
}

static bool system_error(
    struct error *err, const char *path, const char *folder)
{
    return error_set(err, ERROR_OTHER, "cannot move %s to %s: %s", path, folder,
        strerror(errno));
}

static bool check(
    const char *path, const char *folder, struct stat *at, struct error *err)
{
    const char *why = protected_path(path);
    struct stat into;

    if (why)
        return error_set(err, ERROR_OTHER, "cannot move %s: %s", path, why);
    if (lstat(path, at) < 0)
        return system_error(err, path, folder);
    if (!S_ISREG(at->st_mode))
        return error_set(
            err, ERROR_OTHER, "cannot move %s: it is not a regular file", path);
    if (stat(folder, &into) == 0 && S_ISDIR(into.st_mode))
        return true;
    return error_set(err, ERROR_OTHER, "cannot move %s: there is no folder %s",
        path, folder);
}

/* EINVAL: a file system whose folders have nothing to make durable. */
static bool make_durable(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);

    if (fd >= 0)
        close(fd);
    return ok;
}

/* link and unlink where the file system knows no RENAME_NOREPLACE. */
bool move_to_new(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    return link(from, to) == 0 && unlink(from) == 0;
}

/* Gives `from` the first free name; NULL with errno when there is none. */
static char *rename_free(const char *from, const char *folder, const char *name)
{
    for (int n = 1; n <= NAMES_MAX; n++) {
        char *to = nth_path(folder, name, n);
        if (!to)
            return NULL;
        errno = EEXIST;
        if (!protected_path(to) && move_to_new(from, to))
            return to;
        int why = errno;
        mem_free(to);
        errno = why;
        if (why != EEXIST)
            return NULL;
    }
    return NULL;
}

static bool copy_bytes(int from, int to)
{
    static char bytes[COPY_SIZE];
    ssize_t n;

    while ((n = read(from, bytes, sizeof bytes)) != 0) {
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0 && !file_write(to, bytes, (size_t)n))
            return false;
    }
    return true;
}

static bool copy_into(int from, int to, const struct stat *at)
{
    struct timespec times[2] = {at->st_atim, at->st_mtim};

    return copy_bytes(from, to) && fchmod(to, at->st_mode & 0777) == 0 &&
           futimens(to, times) == 0 && fsync(to) == 0;
}

/* A durable copy under the hidden name `growing`, or none. */
static bool copy_file(const char *path, char *growing, const struct stat *at)
{
    const char *why_not;
    int from = file_open(path, O_RDONLY | O_NOFOLLOW, &why_not);
    int to = from < 0 ? -1 : mkostemp(growing, O_CLOEXEC);
    bool ok = to >= 0 && copy_into(from, to, at);
    int why = errno;

    if (to >= 0)
        close(to);
    if (to >= 0 && !ok)
        unlink(growing);
    if (from >= 0)
        close(from);
    errno = why;
    return ok;
}

static char *move_copy(
    const char *path, const char *folder, char *growing, const struct stat *at)
{
    if (!copy_file(path, growing, at))
        return NULL;
    char *to = rename_free(growing, folder, file_path_name(path));
    int why = errno;
    if (!to)
        unlink(growing);
    errno = why;
    if (to && make_durable(folder) && unlink(path) == 0)
        return to;
    why = errno;
    if (to)
        unlink(to); // so that it is not there twice
    mem_free(to);
    errno = why;
    return NULL;
}

/* Across file systems: see the header. */
static char *copy_over(
    const char *path, const char *folder, const struct stat *at)
{
    char *growing = nth_path(folder, ".moving.XXXXXX", 1);

    if (!growing)
        return NULL;
    char *to = move_copy(path, folder, growing, at);
    mem_free(growing);
    return to;
}

/* Whether `path` is the file that `at` is. */
static bool is_same(const char *path, const struct stat *at)
{
    struct stat there;

    return lstat(path, &there) == 0 && there.st_dev == at->st_dev &&
           there.st_ino == at->st_ino;
}

/* What is in the folder already keeps its name. False: go on. */
static bool is_there(
    const char *path, const char *folder, const struct stat *at, char **to)
{
    *to = nth_path(folder, file_path_name(path), 1);
    if (*to && is_same(*to, at))
        return true;
    mem_free(*to);
    *to = NULL;
    return false;
}

bool move_file(
    const char *path, const char *folder, char **to, struct error *err)
{
    struct stat at;

    *to = NULL;
    if (!check(path, folder, &at, err))
        return false;
    if (is_there(path, folder, &at, to))
        return true;
    errno = ENOMEM;
    *to = rename_free(path, folder, file_path_name(path));
    if (!*to && errno == EXDEV)
        *to = copy_over(path, folder, &at);
    return *to || system_error(err, path, folder);
}

static bool is_free(const char *path)
{
    struct stat there;

    return lstat(path, &there) < 0 && errno == ENOENT && !protected_path(path);
}

bool move_would(
    const char *path, const char *folder, char **to, struct error *err)
{
    struct stat at;

    *to = NULL;
    if (!check(path, folder, &at, err))
        return false;
    if (is_there(path, folder, &at, to))
        return true;
    for (int n = 1; n <= NAMES_MAX; n++) {
        *to = nth_path(folder, file_path_name(path), n);
        if (!*to)
            return error_memory(err);
        if (is_free(*to))
            return true;
        mem_free(*to);
    }
    *to = NULL;
    errno = EEXIST;
    return system_error(err, path, folder);
}
