#include "profile/profile.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/file_path.h"
#include "base/mem.h"
#include "base/trust.h"
#include "profile/profile_own.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_BYTES = 1 << 20 }; // of profile.lua

void profile_defaults(struct profile *out)
{
    *out = (struct profile){
        .folder = ".",
        .prefix = "i1",
        .route = {30 * 1000, 10 * 1000, NULL, NULL},
        .tries = 5,
        .retry_rejected_ms = 24 * 60 * 60 * 1000,
        .when_unknown = PROFILE_HOLD,
        .first_look = "/api/i1/orders/?limit=1",
        .journal = "journal.db",
        .memory = 256u << 20,
        .run_away_ms = 10 * 1000,
        .quiet_runs = 1,
        .keep_rows = true,
    };
    profile_url_from_environment(out);
}

void profile_free(struct profile *p)
{
    profile_own_free(p->own);
    explicit_bzero(p, sizeof *p);
}

static bool unreadable(const char *path, struct error *err)
{
    if (errno == ENOENT)
        return error_set(err, ERROR_USAGE,
            "there is no profile at %s: omnitron init makes one, "
            "--profile FILE names another",
            path);
    return error_set(
        err, ERROR_USAGE, "cannot read %s: %s", path, strerror(errno));
}

static bool check_file(
    int fd, const char *path, size_t *size, struct error *err)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return unreadable(path, err);
    if (S_ISDIR(st.st_mode))
        return error_set(err, ERROR_USAGE,
            "%s is a folder: name the profile.lua in it", path);
    if (!S_ISREG(st.st_mode))
        return error_set(err, ERROR_USAGE, "%s is not a regular file", path);
    if (st.st_size > FILE_BYTES)
        return error_set(err, ERROR_USAGE,
            "%s is larger than 1 MiB: is it a profile?", path);
    *size = (size_t)st.st_size;
    return true;
}

/* In one block that never moves, so that buf_wipe leaves nothing behind. */
static bool read_bytes(
    int fd, const char *path, size_t size, struct buf *text, struct error *err)
{
    if (!buf_reserve(text, size))
        return error_memory(err);
    ssize_t n = file_read_into(fd, text->data, size);
    if (n < 0)
        return unreadable(path, err);
    text->len = (size_t)n;
    text->data[text->len] = '\0';
    return true;
}

static bool read_file(const char *path, struct buf *text, struct error *err)
{
    size_t size = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0)
        return unreadable(path, err);
    bool ok = check_file(fd, path, &size, err) && trust_open(fd, path, err) &&
              read_bytes(fd, path, size, text, err);
    close(fd);
    return ok;
}

static const char *keep_folder(struct profile *p, const char *path)
{
    char folder[PATH_MAX];

    (void)file_path_folder(path, folder);
    return profile_keep(p, folder, strlen(folder));
}

static bool prepare(struct profile *p, const char *path, struct error *err)
{
    profile_defaults(p);
    p->own = mem_calloc(1, sizeof *p->own);
    if (!p->own)
        return error_memory(err);
    p->path = profile_keep(p, path, strlen(path));
    p->folder = keep_folder(p, path);
    if (!p->path || !p->folder)
        return error_memory(err);
    p->journal = profile_join(p, p->journal);
    return p->journal || error_memory(err);
}

bool profile_load(const char *path, struct profile *out, struct error *err)
{
    struct buf text = {0};
    bool ok = prepare(out, path, err) && read_file(path, &text, err) &&
              profile_evaluate(out, &text, err);

    buf_wipe(&text);
    if (!ok)
        profile_free(out);
    return ok;
}

char *profile_beside(const char *script_or_folder)
{
    const char *named = script_or_folder ? script_or_folder : ".";
    struct buf path = {0};
    struct stat st;
    size_t len = strlen(named);

    if (stat(named, &st) != 0 || !S_ISDIR(st.st_mode)) {
        len = file_path_head(named);
    } else if (strcmp(named, ".") == 0) {
        len = 0;
    }
    bool ok = buf_add(&path, named, len);
    if (ok && len && named[len - 1] != '/')
        ok = buf_putc(&path, '/');
    if (ok && buf_puts(&path, "profile.lua"))
        return path.data;
    buf_free(&path);
    return NULL;
}
