#include "base/buf.h"
#include "base/mem.h"
#include "base/protected.h"
#include "http/http_own.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool name_it(struct http_file *file, const char *path)
{
    struct buf growing = {0};

    file->path = mem_strdup(path);
    if (!file->path || !buf_printf(&growing, "%s.XXXXXX", path)) {
        buf_free(&growing);
        return false;
    }
    file->growing = growing.data;
    return true;
}

static void forget_names(struct http_file *file)
{
    mem_free(file->path);
    mem_free(file->growing);
    *file = (struct http_file){.fd = -1};
}

/* Why a reply cannot take the place of what is there; NULL: it can. */
static const char *flaw(const char *path)
{
    const char *why = protected_path(path);
    struct stat st;

    if (!why && lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
        why = "what is there is no regular file";
    return why;
}

bool http_file_open(struct http_file *file, const char *path, struct error *err)
{
    const char *why = flaw(path);

    *file = (struct http_file){.fd = -1};
    if (why)
        return error_set(err, ERROR_OTHER, "cannot make %s: %s", path, why);
    if (!name_it(file, path)) {
        forget_names(file);
        return error_memory(err);
    }
    file->fd = mkostemp(file->growing, O_CLOEXEC);
    if (file->fd >= 0)
        return true;
    error_set(err, ERROR_OTHER, "cannot make %s: %s", path, strerror(errno));
    forget_names(file);
    return false;
}

/* No fsync: it could hold up the loop, and with it the releases in flight,
 * for longer than their time-out. */
bool http_file_keep(struct http_file *file, struct error *err)
{
    const char *why = flaw(file->path);
    bool ok = close(file->fd) == 0;

    file->fd = -1;
    if (ok && !why && rename(file->growing, file->path) == 0) {
        forget_names(file);
        return true;
    }
    error_set(err, ERROR_OTHER, "cannot write %s: %s", file->path,
        why ? why : strerror(errno));
    http_file_drop(file);
    return false;
}

void http_file_drop(struct http_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    if (file->growing)
        unlink(file->growing);
    forget_names(file);
}
