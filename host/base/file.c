#include "base/file.h"

#include "base/protected.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { TRIES = 100, PIECE = 65536 };

static const struct {
    mode_t type;
    int number;
    const char *why;
} others[] = {
    {S_IFDIR, EISDIR, "it is a folder, and a file is needed here"},
    {S_IFIFO, EINVAL,
        "it is a pipe, and a file is needed here: save it as one"},
    {S_IFSOCK, ENXIO, "it is a socket, and a file is needed here"},
    {S_IFCHR, EINVAL, "it is a device, and a file is needed here"},
    {S_IFBLK, EINVAL, "it is a device, and a file is needed here"},
    {S_IFLNK, ELOOP, "it is a link, and a file is needed here"},
};

/* Memory of processes, traces that never end: files by their type alone. */
static const uint32_t windows[] = {
    PROC_SUPER_MAGIC, SYSFS_MAGIC, DEBUGFS_MAGIC, TRACEFS_MAGIC};

static int refuse(const char **why, int number, const char *words)
{
    *why = words ? words : strerror(number);
    errno = number;
    return -1;
}

static bool is_window(int at)
{
    struct statfs fs;

    if (fstatfs(at, &fs) != 0)
        return false;
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++)
        if ((uint32_t)fs.f_type == windows[i])
            return true;
    return false;
}

/* 0: it may be opened. */
static int look(int at, int flags, struct stat *st, const char **why)
{
    if (fstat(at, st) != 0)
        return refuse(why, errno, NULL);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if ((st->st_mode & S_IFMT) == others[i].type)
            return refuse(why, others[i].number, others[i].why);
    if (!S_ISREG(st->st_mode))
        return refuse(why, EINVAL, "it is no file");
    if (is_window(at))
        return refuse(
            why, EACCES, "it is the kernel's, and a file is needed here");
    const char *protected = (flags & O_ACCMODE) == O_RDONLY
                                ? protected_file(st)
                                : protected_written(st);
    return protected ? refuse(why, EACCES, protected) : 0;
}

static int open_flags(int flags)
{
    return (flags & (O_ACCMODE | O_APPEND | O_TRUNC)) | O_CLOEXEC | O_NOCTTY |
           O_NONBLOCK;
}

/* Where there is no /proc. What came under that name meanwhile may be a
 * journal: then it stays open, see protected.h. */
static int open_again(
    const char *path, const struct stat *seen, int flags, const char **why)
{
    struct stat st;
    int fd = open(path, open_flags(flags) & ~O_TRUNC);

    if (fd < 0)
        return refuse(why, errno, NULL);
    bool known = fstat(fd, &st) == 0;
    if (known && st.st_dev == seen->st_dev && st.st_ino == seen->st_ino &&
        (!(flags & O_TRUNC) || ftruncate(fd, 0) == 0))
        return fd;
    if (known && !protected_file(&st))
        close(fd);
    return refuse(why, EAGAIN, "it was replaced while it was opened");
}

/* Takes the descriptor; `path` may be NULL. */
static int take(int at, const char *path, int flags, const char **why)
{
    char self[32];
    struct stat st;
    int fd = -1;

    if (look(at, flags, &st, why) == 0) {
        snprintf(self, sizeof self, "/proc/self/fd/%d", at);
        fd = open(self, open_flags(flags));
        if (fd < 0)
            refuse(why, errno, NULL);
        if (fd < 0 && errno == ENOENT && path)
            fd = open_again(path, &st, flags, why);
    }
    int number = errno;
    close(at);
    errno = number;
    return fd;
}

int file_take(int at, int flags, const char **why)
{
    return take(at, NULL, flags, why);
}

/* A name that leads nowhere would make the file that it leads to. */
static int make(const char *path, int flags, const char **why)
{
    const char *protected = protected_path(path);
    struct stat st;

    if (protected)
        return refuse(why, EACCES, protected);
    int fd = open(path, open_flags(flags) | O_CREAT | O_EXCL, 0666);
    if (fd >= 0)
        return fd;
    if (errno == EEXIST && lstat(path, &st) == 0 && S_ISLNK(st.st_mode) &&
        stat(path, &st) != 0)
        return refuse(why, ENOENT, "it is a link to what is not there");
    return refuse(why, errno, NULL);
}

int file_open(const char *path, int flags, const char **why)
{
    for (int i = 0; i < TRIES; i++) {
        int at = open(path, O_PATH | O_CLOEXEC | (flags & O_NOFOLLOW));
        if (at >= 0)
            return take(at, path, flags, why);
        if (errno != ENOENT || !(flags & O_CREAT))
            return refuse(why, errno, NULL);
        int fd = make(path, flags, why);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return refuse(why, EAGAIN, "it comes and goes");
}

int file_read_rest(int fd, size_t most, struct buf *out)
{
    size_t start = out->len;
    ssize_t n = 1;

    while (n != 0) {
        if (!buf_reserve(out, PIECE))
            return ENOMEM;
        n = read(fd, out->data + out->len, PIECE);
        if (n < 0 && errno != EINTR)
            return errno;
        out->len += n > 0 ? (size_t)n : 0;
        out->data[out->len] = '\0';
        if (out->len - start > most)
            return E2BIG;
    }
    return 0;
}

ssize_t file_read_into(int fd, char *out, size_t size)
{
    size_t len = 0;
    ssize_t n = 1;

    while (n != 0 && len < size) {
        n = read(fd, out + len, size - len);
        if (n < 0 && errno != EINTR)
            return -1;
        len += n > 0 ? (size_t)n : 0;
    }
    return (ssize_t)len;
}

bool file_read_fd(int fd, const char *path, size_t most, struct buf *out,
    enum error_kind kind, struct error *err)
{
    int number = file_read_rest(fd, most, out);

    close(fd);
    if (number == ENOMEM)
        return error_memory(err);
    if (number == E2BIG)
        return error_set(err, kind, "cannot read %s: it is larger than %zu MiB",
            path, most >> 20);
    return number == 0 ||
           error_set(err, kind, "cannot read %s: %s", path, strerror(number));
}

bool file_read(const char *path, size_t most, struct buf *out,
    enum error_kind kind, struct error *err)
{
    const char *why;
    int fd = file_open(path, O_RDONLY, &why);

    if (fd < 0)
        return error_set(err, kind, "cannot open %s: %s", path, why);
    return file_read_fd(fd, path, most, out, kind, err);
}

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

bool file_write(int fd, const char *bytes, size_t len)
{
    size_t done = write_some(fd, bytes, len);

    while (done < len && errno == EINTR)
        done += write_some(fd, bytes + done, len - done);
    return done == len;
}

bool file_say(int fd, const char *bytes, size_t len)
{
    return write_some(fd, bytes, len) == len;
}
