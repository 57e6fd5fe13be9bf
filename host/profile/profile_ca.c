/* The file of the authorities that a profile trusts: looked at before anything
 * is sent. Later it would be as a host that does not answer, which the next
 * run cures, and no run cures this. */
#include "base/buf.h"
#include "base/file.h"
#include "profile/profile_own.h"

#include <fcntl.h>
#include <string.h>

enum { FILE_MAX = 4 << 20 };

static bool refuse(const struct profile *p, const char *why, struct error *err)
{
    return error_set(err, ERROR_USAGE, "%s: ca_file %s cannot be read: %s",
        p->path, p->route.ca_file, why);
}

bool profile_ca_ready(const struct profile *p, struct error *err)
{
    const char *path = p->route.ca_file, *why;
    struct buf text = {0};

    if (!path)
        return true;
    int fd = file_open(path, O_RDONLY, &why);
    if (fd < 0)
        return refuse(p, why, err);
    bool ok = file_read_fd(fd, path, FILE_MAX, &text, ERROR_USAGE, err);
    if (ok && !strstr(buf_text(&text), "-----BEGIN "))
        ok = refuse(p,
            "it has no certificate in PEM form (-----BEGIN CERTIFICATE-----)",
            err);
    buf_free(&text);
    return ok;
}
