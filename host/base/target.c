#include "base/target.h"

#include "base/beside.h"
#include "base/trust.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The system's own links to what this process has open. */
static bool is_descriptor(const char *path)
{
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};

    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        size_t len = strlen(folders[i]);
        if (strncmp(path, folders[i], len) == 0)
            return path[len + strspn(path + len, "0123456789")] == '\0';
    }
    return strcmp(path, "/dev/stdout") == 0 || strcmp(path, "/dev/stderr") == 0;
}

static bool leads_to_stream(const char *path, const struct stat *link)
{
    char to[64] = "";
    struct stat st;

    if (!trust_owner(link->st_uid))
        return false;
    if (readlink(path, to, sizeof to - 1) > 0 && is_descriptor(to))
        return true;
    return stat(path, &st) == 0 &&
           (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode) ||
               S_ISSOCK(st.st_mode));
}

bool target_check(
    const char *option, const char *path, int *flags, struct error *err)
{
    struct stat st;

    *flags = is_descriptor(path) ? 0 : O_NOFOLLOW;
    if (*flags == 0 || lstat(path, &st) != 0 || !S_ISLNK(st.st_mode))
        return true;
    *flags = 0;
    return leads_to_stream(path, &st) ||
           error_set(err, ERROR_USAGE, "%s %s is a link: name the file itself",
               option, path);
}

bool target_single(
    const char *option, const char *path, int fd, struct error *err)
{
    struct stat st;

    return is_descriptor(path) || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
           st.st_nlink <= 1 ||
           error_set(err, ERROR_USAGE,
               "%s %s has a second name (a hard link), under which it would "
               "change, too: name another file",
               option, path);
}

/* By its first bytes: every SQLite database begins with them. */
static bool is_database(const char *path)
{
    static const char magic[] = "SQLite format 3";
    char head[sizeof magic];
    struct stat st;

    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return false;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    bool is = fd >= 0 && read(fd, head, sizeof head) == sizeof head &&
              memcmp(head, magic, sizeof head) == 0;
    if (fd >= 0)
        close(fd);
    return is;
}

static bool is_beside_database(const char *path)
{
    size_t len = strlen(path);
    char name[PATH_MAX];

    for (size_t i = 1; i < BESIDE_ENDS; i++) {
        size_t end = strlen(beside_ends[i]);
        if (len <= end || strcmp(path + len - end, beside_ends[i]) != 0)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)(len - end), path);
        return is_database(name);
    }
    return false;
}

bool target_spares(const char *option, const char *path, struct error *err)
{
    if (!is_database(path) && !is_beside_database(path))
        return true;
    return error_set(err, ERROR_USAGE,
        "%s %s is a journal, or belongs to one: name another file", option,
        path);
}

bool target_differs(
    const char *option, const char *path, const char *own, struct error *err)
{
    struct stat a, b;

    if (!own || stat(path, &a) != 0 || stat(own, &b) != 0 ||
        a.st_dev != b.st_dev || a.st_ino != b.st_ino)
        return true;
    return error_set(err, ERROR_USAGE,
        "%s %s would be written over %s: name another file", option, path, own);
}
