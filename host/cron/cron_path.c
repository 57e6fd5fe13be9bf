#include "base/file_path.h"
#include "cron/cron_own.h"

#include "base/escape.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Neither cron nor systemd has words for a line end in a name; and what a
 * backslash is depends on the cron. */
bool cron_check_name(const char *path, struct error *err)
{
    size_t len = strlen(path);

    if (utf8_valid(path, len) < len)
        return error_set(err, ERROR_USAGE,
            "a name is not UTF-8, of which systemd reads nothing else");
    for (size_t i = 0, n; i < len; i += n) {
        uint32_t point = 0;
        n = utf8_read(path + i, len - i, &point);
        if (escape_is_odd(point) || point == '\\')
            return error_set(err, ERROR_USAGE,
                "a name has a backslash or a control character in it, or what "
                "cannot be seen, which not every cron understands");
    }
    return true;
}

bool cron_absolute(const char *path, char *out, struct error *err)
{
    if (file_path_real(path, out))
        return cron_check_name(out, err);
    if (errno == ENAMETOOLONG)
        return error_set(err, ERROR_USAGE, "the name is too long: %s", path);
    return error_set(
        err, ERROR_USAGE, "cannot find %s: %s", path, strerror(errno));
}

static bool is_this_program(const char *path)
{
    struct stat own, other;

    return stat("/proc/self/exe", &own) == 0 && stat(path, &other) == 0 &&
           own.st_dev == other.st_dev && own.st_ino == other.st_ino;
}

static bool find_on_path(char *out)
{
    const char *path = getenv("PATH");

    for (const char *p = path; p && *p; p += *p == ':') {
        size_t len = strcspn(p, ":");
        int n = snprintf(
            out, PATH_MAX, "%.*s/%s", (int)len, p, program_invocation_name);
        if (*p == '/' && n > 0 && n < PATH_MAX && is_this_program(out))
            return true;
        p += len;
    }
    return false;
}

static bool find_program(char *out, struct error *err)
{
    const char *name = program_invocation_name;
    char found[PATH_MAX];

    if (strchr(name, '/') && is_this_program(name))
        return cron_absolute(name, out, err);
    if (!strchr(name, '/') && find_on_path(found))
        return cron_absolute(found, out, err);
    return (realpath("/proc/self/exe", out) && cron_check_name(out, err)) ||
           error_set(err, ERROR_USAGE, "cannot find this program: %s",
               strerror(errno));
}

/* systemd.service(5) does not say so; it calls them "special characters". */
bool cron_program(char *out, struct error *err)
{
    if (!find_program(out, err))
        return false;
    return !strpbrk(out, "'\"") ||
           error_set(err, ERROR_USAGE,
               "systemd takes no quote in the name of a program: %s", out);
}
