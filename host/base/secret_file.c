#include "base/secret_file.h"

#include "base/file.h"
#include "base/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file that holds one. */
struct source {
    const char *what;
    const char *path;
    enum secret_file_owner owner;
};

static bool cannot_open(
    const struct source *from, int number, struct error *err)
{
    if (number == ENOENT && from->owner == SECRET_FILE_OWN)
        return error_set(err, ERROR_USAGE,
            "%s is missing: put %s into it, then chmod 600 %s", from->path,
            from->what, from->path);
    if (number == ENXIO) // a socket
        return error_set(err, ERROR_USAGE,
            "%s is not a regular file: put %s into one", from->path,
            from->what);
    return error_set(
        err, ERROR_USAGE, "cannot read %s: %s", from->path, strerror(number));
}

/* Another name would be another's way to it, with rights of its own folder. */
static bool check_names(
    const struct source *from, const struct stat *st, struct error *err)
{
    return st->st_nlink == 1 ||
           error_set(err, ERROR_USAGE,
               "%s has a second name (a hard link), by which it may be read "
               "elsewhere: remove that, or write it anew",
               from->path);
}

static bool check_own(
    const struct source *from, int fd, const struct stat *st, struct error *err)
{
    unsigned mode = st->st_mode & 07777;

    if (trust_owner(st->st_uid) && mode & 077)
        return error_set(err, ERROR_USAGE,
            "%s has mode %04o, so others can use it: chmod 600 %s", from->path,
            mode, from->path);
    return trust_open(fd, from->path, err);
}

/* systemd.exec(5), "Credentials": owned by root or the service's user, and
 * readable through an ACL, which fstat shows as group rights. */
static bool check_credential(
    const struct source *from, const struct stat *st, struct error *err)
{
    if (!trust_owner(st->st_uid))
        return error_set(err, ERROR_USAGE,
            "the credential %s belongs to another user (uid %u)", from->path,
            (unsigned)st->st_uid);
    if (st->st_mode & 027)
        return error_set(err, ERROR_USAGE,
            "the credential %s has mode %04o, so others can use it: "
            "systemd makes it 0400 or 0440",
            from->path, (unsigned)st->st_mode & 07777);
    return true;
}

static bool check_file(const struct source *from, int fd, struct error *err)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return cannot_open(from, errno, err);
    if (S_ISDIR(st.st_mode))
        return error_set(err, ERROR_USAGE,
            "%s is a folder: put %s into a file of its own", from->path,
            from->what);
    if (!S_ISREG(st.st_mode))
        return error_set(err, ERROR_USAGE,
            "%s is not a regular file: put %s into one", from->path,
            from->what);
    return (from->owner == SECRET_FILE_OWN
                   ? check_own(from, fd, &st, err)
                   : check_credential(from, &st, err)) &&
           check_names(from, &st, err);
}

static size_t without_line_end(const char *text, size_t len)
{
    if (!len || text[len - 1] != '\n')
        return len;
    len--;
    return len && text[len - 1] == '\r' ? len - 1 : len;
}

static struct secret *read_from(
    const struct source *from, int fd, struct error *err)
{
    char text[SECRET_MAX + 3]; // a line end, and one byte too many
    ssize_t n = file_read_into(fd, text, sizeof text);
    struct secret *s = NULL;

    if (n < 0) {
        cannot_open(from, errno, err);
        return NULL;
    }
    size_t len = without_line_end(text, (size_t)n);
    if (len)
        s = secret_new(from->path, text, len, err);
    else
        error_set(err, ERROR_USAGE, "%s is empty: put %s into %s", from->path,
            from->what, from->path);
    explicit_bzero(text, sizeof text);
    return s;
}

struct secret *secret_file_read_as(const char *what, const char *path,
    enum secret_file_owner owner, struct error *err)
{
    const struct source from = {what, path, owner};
    struct secret *s = NULL;

    // Opening a FIFO must not wait for somebody to write to it.
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        cannot_open(&from, errno, err);
        return NULL;
    }
    if (check_file(&from, fd, err))
        s = read_from(&from, fd, err);
    close(fd);
    return s;
}

struct secret *secret_file_read(
    const char *path, enum secret_file_owner owner, struct error *err)
{
    return secret_file_read_as("the secret", path, owner, err);
}
