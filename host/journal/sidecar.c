#include "journal/sidecar.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/trust.h"
#include "journal/place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOTES_MAX = 256 << 10 }; // bytes; of a longer file the rest is lost

struct sidecar {
    char *path;       // of the file; NULL: in memory
    struct buf lines; // as they are in the file
    bool apart;       // the file could not be written: memory is all there is
};

static const char ending[] = ".notes";

/* Beside the file itself, where the lock is too, whatever name leads there. */
static char *path_of(const char *journal)
{
    struct buf path = {0};
    char real[PATH_MAX];

    if (!buf_printf(
            &path, "%s%s", realpath(journal, real) ? real : journal, ending))
        return NULL;
    return path.data;
}

struct sidecar *sidecar_open(const char *path)
{
    struct sidecar *notes = mem_calloc(1, sizeof *notes);

    if (!notes || !path)
        return notes;
    notes->path = path_of(path);
    if (notes->path)
        return notes;
    mem_free(notes);
    return NULL;
}

void sidecar_close(struct sidecar *notes)
{
    if (!notes)
        return;
    buf_free(&notes->lines);
    mem_free(notes->path);
    mem_free(notes);
}

/* Another process may have written since. Never waits: a pipe of that name is
 * no notes. */
static void load(struct sidecar *notes)
{
    struct stat st;
    int fd;

    if (!notes->path || notes->apart)
        return;
    fd = open(notes->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    buf_clear(&notes->lines);
    if (fd < 0)
        return;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && trust_owner(st.st_uid))
        (void)file_read_rest(fd, NOTES_MAX, &notes->lines);
    close(fd);
}

static const char *line_end(const char *line)
{
    return line + strcspn(line, "\n");
}

static const char *next_line(const char *line)
{
    const char *end = line_end(line);

    return *end ? end + 1 : end;
}

/* The value on this line if it is the key's, else NULL. */
static const char *value_of(const char *line, const char *key)
{
    size_t len = strlen(key);

    return strncmp(line, key, len) == 0 && line[len] == ' ' ? line + len + 1
                                                            : NULL;
}

bool sidecar_read(struct sidecar *notes, const char *key, struct buf *out)
{
    const char *line;

    load(notes);
    for (line = buf_text(&notes->lines); *line; line = next_line(line)) {
        const char *value = value_of(line, key);

        if (value)
            return buf_add(out, value, (size_t)(line_end(value) - value));
    }
    return false;
}

/* Who may read them is whom somebody let. */
static bool keep_mode(const struct sidecar *notes, int fd)
{
    struct stat old;

    return fchmod(fd, lstat(notes->path, &old) == 0 && S_ISREG(old.st_mode)
                          ? old.st_mode & 0664
                          : 0600) == 0;
}

static void hand_over(const struct sidecar *notes, int fd)
{
    char journal[PATH_MAX];

    snprintf(journal, sizeof journal, "%.*s",
        (int)(strlen(notes->path) - strlen(ending)), notes->path);
    place_hand_over(fd, journal);
}

static bool save_as(const char *path, const struct sidecar *notes)
{
    bool ok;
    int cause, fd;

    unlink(path); // of a process that died
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    hand_over(notes, fd);
    ok = keep_mode(notes, fd) &&
         file_write(fd, buf_text(&notes->lines), notes->lines.len);
    cause = errno;
    close(fd);
    errno = cause;
    if (ok && rename(path, notes->path) == 0)
        return true;
    cause = errno;
    unlink(path);
    errno = cause;
    return false;
}

static bool save(struct sidecar *notes)
{
    struct buf path = {0};
    bool ok;

    if (!notes->path)
        return true;
    ok = buf_printf(&path, "%s.new-%ld", notes->path, (long)getpid()) &&
         save_as(path.data, notes);
    notes->apart = !ok;
    buf_free(&path);
    return ok;
}

/* The lines of all other keys, then this one. */
static bool set(struct sidecar *notes, const char *key, const char *value)
{
    struct buf lines = {0};
    const char *line = buf_text(&notes->lines);
    bool ok = true;

    for (; ok && *line; line = next_line(line)) {
        if (!value_of(line, key))
            ok = buf_add(&lines, line, (size_t)(line_end(line) - line)) &&
                 buf_putc(&lines, '\n');
    }
    ok = ok && buf_printf(&lines, "%s %s\n", key, value);
    if (!ok) {
        buf_free(&lines);
        errno = ENOMEM;
        return false;
    }
    buf_free(&notes->lines);
    notes->lines = lines;
    return true;
}

bool sidecar_write(struct sidecar *notes, const char *key, const char *value)
{
    if (!key[0] || strpbrk(key, " \t\r\n") || strpbrk(value, "\r\n")) {
        errno = EINVAL;
        return false;
    }
    load(notes);
    return set(notes, key, value) && save(notes);
}
