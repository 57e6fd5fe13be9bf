#include "base/log.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/json_put.h"
#include "base/protected.h"
#include "base/secret.h"
#include "base/target.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes of a message, and of a field, that a line has. */
enum { TEXT_MOST = 4000, FIELD_MOST = 1000 };

static const char *const level_name[] = {"debug", "info", "warn", "error"};

static struct {
    enum log_level level;
    bool json;
    int file; // -1: none
    void (*before)(void);
    void (*after)(void);
    bool (*listener)(enum log_level level, const char *text,
        const struct log_field *fields, size_t n);
    pthread_mutex_t lock;
} state = {.level = LOG_WARN, .file = -1, .lock = PTHREAD_MUTEX_INITIALIZER};

static bool open_file(const char *path, struct error *err)
{
    static const char option[] = "--log-file";
    int flags, fd;

    if (!target_check(option, path, &flags, err) ||
        !target_spares(option, path, err))
        return false;
    fd = open(path,
        O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | flags, 0640);
    if (fd < 0)
        return error_set(err, ERROR_USAGE, "cannot open the log file %s: %s",
            path, strerror(errno));
    if (target_single(option, path, fd, err)) {
        state.file = fd;
        return true;
    }
    close(fd);
    return false;
}

bool log_open(const struct log_options *options, struct error *err)
{
    state.level = options->level;
    state.json = options->json;
    return !options->file || open_file(options->file, err);
}

void log_close(void)
{
    if (state.file >= 0)
        close(state.file);
    state.file = -1;
    state.before = state.after = NULL;
    state.listener = NULL;
}

bool log_check(struct error *err)
{
    struct stat st;
    const char *why = state.file >= 0 && fstat(state.file, &st) == 0
                          ? protected_file(&st)
                          : NULL;

    if (!why)
        return true;
    log_close();
    return error_set(
        err, ERROR_USAGE, "--log-file cannot be that file: %s", why);
}

bool log_is_json(void)
{
    return state.json;
}

void log_around(void (*before)(void), void (*after)(void))
{
    state.before = before;
    state.after = after;
}

static bool put_text(struct buf *line, enum log_level level, const char *text,
    const struct log_field *fields, size_t n)
{
    bool ok = level < LOG_WARN || buf_printf(line, "%s: ", level_name[level]);

    ok = ok && escape_put_masked(line, text, TEXT_MOST);
    for (size_t i = 0; ok && i < n; i++)
        ok = buf_puts(line, "  ") &&
             escape_put_masked(line, fields[i].key, FIELD_MOST) &&
             buf_putc(line, '=') &&
             escape_put_masked(line, fields[i].value, FIELD_MOST);
    return ok && buf_putc(line, '\n');
}

static bool put_stamped(struct buf *line, enum log_level level,
    const char *text, const struct log_field *fields, size_t n)
{
    char now[CLOCK_TEXT_MAX];

    return buf_printf(line, "%s ", clock_rfc3339(clock_wall_ms(), now)) &&
           put_text(line, level, text, fields, n);
}

static bool put_cut(struct buf *line, const char *text, size_t most)
{
    struct buf part = {0};
    bool ok = buf_puts(&part, text);

    if (ok)
        secret_mask(part.data, &part.len);
    if (ok && part.len > most) {
        (void)buf_cut(&part, utf8_cut(part.data, part.len, most));
        ok = buf_puts(&part, "…");
    }
    ok = ok && json_put_string(line, buf_text(&part), part.len);
    buf_wipe(&part);
    return ok;
}

/* ,"key": of which no line has two. A quote in a text is escaped, so that
 * what is found is a key. */
static bool put_key(struct buf *line, const char *key)
{
    struct buf name = {0};
    bool ok = put_cut(&name, key, FIELD_MOST) && buf_putc(&name, ':');

    while (ok && memmem(line->data, line->len, name.data, name.len)) {
        (void)buf_cut(&name, name.len - strlen("\":"));
        ok = buf_puts(&name, "_\":");
    }
    ok = ok && buf_putc(line, ',') && buf_add(line, name.data, name.len);
    buf_free(&name);
    return ok;
}

static bool put_json(struct buf *line, enum log_level level, const char *text,
    const struct log_field *fields, size_t n)
{
    char now[CLOCK_TEXT_MAX];
    bool ok = buf_printf(line, "{\"at\":\"%s\",\"level\":\"%s\",\"text\":",
                  clock_rfc3339(clock_wall_ms(), now), level_name[level]) &&
              put_cut(line, text, TEXT_MOST);

    for (size_t i = 0; ok && i < n; i++)
        ok = put_key(line, fields[i].key) &&
             (fields[i].bare ? buf_puts(line, fields[i].value)
                             : put_cut(line, fields[i].value, FIELD_MOST));
    return ok && buf_puts(line, "}\n") && escape_json(line, 0);
}

/* Without memory there is no line that could be masked, and still something
 * to say. What cannot be written has nowhere else to go. */
static void emit(int fd, bool whole, struct buf *line)
{
    static const char instead[] = "out of memory, also to say why\n";
    bool (*put)(int, const char *, size_t) =
        fd == STDERR_FILENO ? file_say : file_write;

    if (whole) {
        secret_mask(line->data, &line->len);
        (void)put(fd, line->data, line->len);
    } else {
        (void)put(fd, instead, sizeof instead - 1);
    }
}

static void to_file(enum log_level level, const char *text,
    const struct log_field *fields, size_t n)
{
    struct buf line = {0};

    bool whole = state.json ? put_json(&line, level, text, fields, n)
                            : put_stamped(&line, level, text, fields, n);
    emit(state.file, whole, &line);
    buf_free(&line);
}

static void to_stderr(enum log_level level, const char *text,
    const struct log_field *fields, size_t n)
{
    struct buf line = {0};

    bool whole = state.json ? put_json(&line, level, text, fields, n)
                            : put_text(&line, level, text, fields, n);
    if (state.before)
        state.before();
    emit(STDERR_FILENO, whole, &line);
    if (state.after)
        state.after();
    buf_free(&line);
}

void log_write(enum log_level level, const char *text,
    const struct log_field *fields, size_t n)
{
    pthread_mutex_lock(&state.lock);
    if (state.file >= 0 && level >= LOG_INFO)
        to_file(level, text, fields, n);
    if (level >= state.level)
        to_stderr(level, text, fields, n);
    pthread_mutex_unlock(&state.lock);
}

void log_aside(enum log_level level, const char *text,
    const struct log_field *fields, size_t n)
{
    pthread_mutex_lock(&state.lock);
    if (state.file >= 0 && level >= LOG_INFO)
        to_file(level, text, fields, n);
    pthread_mutex_unlock(&state.lock);
}

void log_listen(bool (*listener)(enum log_level level, const char *text,
    const struct log_field *fields, size_t n))
{
    state.listener = listener;
}

void log_script(enum log_level level, const char *text,
    const struct log_field *fields, size_t n)
{
    if (level < state.level || !state.listener ||
        state.listener(level, text, fields, n))
        log_write(level, text, fields, n);
    else
        log_aside(level, text, fields, n);
}

__attribute__((format(printf, 2, 0))) static void log_v(
    enum log_level level, const char *fmt, va_list args)
{
    char text[2048];

    vsnprintf(text, sizeof text, fmt, args);
    log_write(level, text, NULL, 0);
}

void log_debug(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    log_v(LOG_DEBUG, fmt, args);
    va_end(args);
}

void log_info(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    log_v(LOG_INFO, fmt, args);
    va_end(args);
}

void log_warn(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    log_v(LOG_WARN, fmt, args);
    va_end(args);
}

void log_error(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    log_v(LOG_ERROR, fmt, args);
    va_end(args);
}
