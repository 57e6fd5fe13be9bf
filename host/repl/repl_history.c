#include "repl/repl_history.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/trust.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_MAX = 1 << 20 }; // of a longer file the end

struct repl_history {
    int fd;
};

static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value && value[0] == '/' ? value : NULL;
}

static bool put_path(struct buf *path)
{
    const char *state = variable("XDG_STATE_HOME"), *home = variable("HOME");

    if (state)
        return buf_printf(path, "%s/omnitron/history", state);
    return home && buf_printf(path, "%s/.local/state/omnitron/history", home);
}

/* Those of the folders that are missing. */
static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
}

/* What is typed must not be another's to read, nor end up in another file. */
static bool is_own(int fd, const char *path)
{
    struct stat about;
    struct error ignored;

    return fstat(fd, &about) == 0 && S_ISREG(about.st_mode) &&
           about.st_nlink == 1 && trust_open(fd, path, &ignored);
}

static int open_file(void)
{
    struct buf path = {0};
    int fd = -1;

    if (put_path(&path)) {
        make_folders(path.data);
        fd = open(path.data,
            O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK |
                O_NOCTTY,
            0600);
    }
    if (fd >= 0 && (!is_own(fd, path.data) || fchmod(fd, 0600) != 0)) {
        close(fd);
        fd = -1;
    }
    buf_free(&path);
    return fd;
}

/* The end of the file, from the start of a line. */
static bool read_end(int fd, struct buf *text)
{
    off_t size = lseek(fd, 0, SEEK_END);
    off_t from = size > READ_MAX ? size - READ_MAX : 0;

    if (size <= 0 || !buf_reserve(text, (size_t)(size - from) + 1))
        return false;
    ssize_t n = pread(fd, text->data, (size_t)(size - from), from);
    text->len = n > 0 ? (size_t)n : 0;
    text->data[text->len] = '\0';
    return text->len > 0;
}

/* Where the last REPL_HISTORY_LINES of it begin. */
static char *first_line(const struct buf *text)
{
    char *at = text->data + text->len;

    for (int lines = 0; at > text->data; at--)
        if (at[-1] == '\n' && lines++ == REPL_HISTORY_LINES)
            break;
    return at;
}

static void tell(const struct buf *text,
    void (*each)(void *arg, const char *line), void *arg)
{
    char *line = first_line(text), *end;

    for (; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        if (line[0])
            each(arg, line);
    }
}

/* What has grown to twice of what is read loses what is not read. */
static void shorten(int fd, const struct buf *text)
{
    size_t keep = text->len - (size_t)(first_line(text) - text->data);

    if (text->len < READ_MAX / 2 || ftruncate(fd, 0) != 0)
        return;
    if (write(fd, first_line(text), keep) < 0)
        return; // it is lost, and only a history
}

struct repl_history *repl_history_open(
    void (*each)(void *arg, const char *line), void *arg)
{
    struct repl_history *history = mem_calloc(1, sizeof *history);
    struct buf text = {0};

    if (!history)
        return NULL;
    history->fd = open_file();
    if (history->fd < 0) {
        mem_free(history);
        return NULL;
    }
    if (read_end(history->fd, &text)) {
        shorten(history->fd, &text);
        tell(&text, each, arg);
    }
    buf_free(&text);
    return history;
}

void repl_history_add(struct repl_history *history, const char *line)
{
    struct buf text = {0};

    if (!history)
        return;
    if (buf_printf(&text, "%s\n", line) &&
        write(history->fd, text.data, text.len) < 0)
        text.len = 0; // a full disk costs a line
    buf_free(&text);
}

void repl_history_close(struct repl_history *history)
{
    if (!history)
        return;
    close(history->fd);
    mem_free(history);
}
