#include "base/trust.h"

#include "base/buf.h"
#include "base/escape.h"
#include "base/file_path.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPERATOR_MAX = 80, PATH_SHOWN = 200 };

/* Who called sudo, which sets it; false: nobody did. */
static bool is_caller(uid_t uid)
{
    const char *text = getenv("SUDO_UID");
    char *end;

    if (geteuid() != 0 || !text || text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    unsigned long long caller = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0' && caller == (unsigned long long)uid;
}

bool trust_owner(uid_t uid)
{
    return uid == 0 || uid == geteuid() || is_caller(uid);
}

/* "acme (uid 1000)", "uid 1000"; false: no name is known. */
static bool who(uid_t uid, char out[OPERATOR_MAX])
{
    const struct passwd *user = getpwuid(uid);
    char name[OPERATOR_MAX / 2];

    if (user)
        snprintf(out, OPERATOR_MAX, "%s (uid %u)",
            escape_copy(user->pw_name, name, sizeof name), (unsigned)uid);
    else
        snprintf(out, OPERATOR_MAX, "uid %u", (unsigned)uid);
    return user != NULL;
}

/* "sudo -u acme omnitron …"; where no such user is known, this is most likely
 * a container. */
static bool put_way(struct buf *out, uid_t uid)
{
    const struct passwd *user = getpwuid(uid);

    if (user)
        return buf_puts(out, "sudo -u ") &&
               escape_put_word(out, user->pw_name) &&
               buf_puts(out, " omnitron …");
    return buf_printf(out,
        "sudo -u '#%u' omnitron …; of a container: docker run --user %u",
        (unsigned)uid, (unsigned)uid);
}

static bool put_shown(struct buf *out, const struct stat *st, const char *path)
{
    return buf_puts(out, S_ISDIR(st->st_mode) ? "the folder " : "") &&
           escape_put(out, path, PATH_SHOWN);
}

static bool put_owner(struct buf *out, const struct stat *st, const char *path)
{
    char owner[OPERATOR_MAX], own[OPERATOR_MAX];

    who(st->st_uid, owner);
    who(geteuid(), own);
    return put_shown(out, st, path) &&
           buf_printf(out,
               " belongs to another user, %s, and this is %s: "
               "it is not believed. Run as its owner (",
               owner, own) &&
           put_way(out, st->st_uid) &&
           buf_printf(
               out, "), or take it over: chown %u ", (unsigned)geteuid()) &&
           escape_put_word(out, path);
}

static bool put_mode(struct buf *out, const struct stat *st, const char *path)
{
    return put_shown(out, st, path) &&
           buf_printf(out,
               " has mode %04o, so every user can write %s: "
               "it is not believed. chmod o-w ",
               (unsigned)st->st_mode & 07777,
               S_ISDIR(st->st_mode) ? "into it" : "it") &&
           escape_put_word(out, path);
}

static bool refuse(
    bool (*put)(struct buf *out, const struct stat *st, const char *path),
    const struct stat *st, const char *path, struct error *err)
{
    struct buf text = {0};

    if (put(&text, st, path))
        error_set(err, ERROR_USAGE, "%s", text.data);
    else
        error_memory(err);
    buf_free(&text);
    return false;
}

/* A link's mode says nothing; and devices (/dev/stdin, /dev/null) are for all
 * to write. */
static bool is_open_to_all(const struct stat *st)
{
    if (S_ISDIR(st->st_mode))
        return (st->st_mode & S_IWOTH) && !(st->st_mode & S_ISVTX);
    return S_ISREG(st->st_mode) && (st->st_mode & S_IWOTH);
}

static bool trust_stat(
    const struct stat *st, const char *path, struct error *err)
{
    if (!trust_owner(st->st_uid))
        return refuse(put_owner, st, path, err);
    return !is_open_to_all(st) || refuse(put_mode, st, path, err);
}

/* A disk that fails is not a matter of rights. */
static bool cannot_look(const char *path, struct error *err)
{
    enum error_kind kind = errno == EIO ? ERROR_DISK : ERROR_USAGE;

    return error_set(
        err, kind, "cannot look at who owns %s: %s", path, strerror(errno));
}

bool trust_folder_of(const char *path, struct error *err)
{
    char folder[PATH_MAX];
    struct stat st;

    (void)file_path_folder(path, folder);
    return stat(folder, &st) == 0 ? trust_stat(&st, folder, err)
                                  : cannot_look(folder, err);
}

/* What is at the name itself: in a folder for all a link is as good as who
 * made it. */
static bool trust_name(const char *path, struct error *err)
{
    struct stat st;

    return lstat(path, &st) != 0 || !S_ISLNK(st.st_mode) ||
           trust_stat(&st, path, err);
}

bool trust_open(int fd, const char *path, struct error *err)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return cannot_look(path, err);
    return trust_stat(&st, path, err) && trust_name(path, err) &&
           trust_folder_of(path, err);
}

bool trust_path(const char *path, struct error *err)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return errno == ENOENT || errno == ENOTDIR || cannot_look(path, err);
    return trust_stat(&st, path, err) && trust_name(path, err) &&
           trust_folder_of(path, err);
}
