#include "profile/profile.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/trust.h"
#include "profile/profile_own.h"

#include <errno.h>
#include <fcntl.h>
#include <lua.h>
#include <stdalign.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_BYTES = 1 << 20 }; // of profile.lua

struct profile_block {
    struct profile_block *next;
    size_t size; // of the bytes
    alignas(max_align_t) char bytes[];
};

void *profile_alloc(struct profile *p, size_t size)
{
    struct profile_block *block = mem_calloc(1, sizeof *block + size);

    if (!block)
        return NULL;
    block->size = size;
    block->next = p->own->blocks;
    p->own->blocks = block;
    return block->bytes;
}

const char *profile_keep(struct profile *p, const char *text, size_t len)
{
    char *copy = profile_alloc(p, len + 1);

    if (copy)
        memcpy(copy, text, len);
    return copy;
}

const char *profile_join(struct profile *p, const char *path)
{
    size_t folder = strlen(p->folder), len = strlen(path);

    if (path[0] == '/' || strcmp(p->folder, ".") == 0)
        return profile_keep(p, path, len);
    char *joined = profile_alloc(p, folder + 1 + len + 1);
    if (!joined)
        return NULL;
    memcpy(joined, p->folder, folder);
    if (p->folder[folder - 1] != '/')
        joined[folder++] = '/';
    memcpy(joined + folder, path, len);
    return joined;
}

static bool holds_secret(const struct profile *p, const char *text)
{
    const struct profile_secret *s = p->own ? p->own->secrets : NULL;

    for (; s; s = s->next)
        if (s->secret && strstr(text, secret_text(s->secret)))
            return true;
    return false;
}

const char *profile_show(
    const struct profile *p, const char *text, char out[PROFILE_SHOWN])
{
    size_t len = 0;

    if (holds_secret(p, text))
        return "a secret";
    out[len++] = '"';
    for (; *text && len < PROFILE_SHOWN - 5; text++)
        out[len++] = (unsigned char)*text < 0x20 || *text == 0x7F ? '?' : *text;
    memcpy(out + len, *text ? "...\"" : "\"", *text ? 5 : 2);
    return out;
}

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
        .keep_rows = true,
    };
    profile_url_from_environment(out);
}

static void free_secrets(struct profile_secret *s)
{
    for (; s; s = s->next)
        secret_free(s->secret);
}

static void free_blocks(struct profile_block *block)
{
    while (block) {
        struct profile_block *next = block->next;
        explicit_bzero(block, sizeof *block + block->size);
        mem_free(block);
        block = next;
    }
}

void profile_free(struct profile *p)
{
    struct profile_own *own = p->own;

    if (own) {
        if (own->state)
            lua_close(own->state);
        free_secrets(own->secrets); // they lie in the blocks
        free_blocks(own->blocks);
        mem_free(own);
    }
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
    ssize_t n = 1;

    if (!buf_reserve(text, size))
        return error_memory(err);
    while (n != 0 && text->len < size) {
        n = read(fd, text->data + text->len, size - text->len);
        if (n < 0 && errno != EINTR)
            return unreadable(path, err);
        text->len += n > 0 ? (size_t)n : 0;
    }
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
    const char *slash = strrchr(path, '/');

    if (!slash)
        return ".";
    return profile_keep(p, path, slash == path ? 1 : (size_t)(slash - path));
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
        const char *slash = strrchr(named, '/');
        len = slash ? (size_t)(slash - named) + 1 : 0;
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
