#include "ending/notice_audience.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/say.h"
#include "cli/command.h"
#include "journal/sidecar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char key[] = "troubles";

bool audience_by_cron(const struct arguments *args)
{
    return !getenv("TERM") && !isatty(STDIN_FILENO) && !isatty(STDOUT_FILENO) &&
           !isatty(STDERR_FILENO) && !arguments_given(args, "verbose");
}

uint32_t audience_scope(const struct arguments *args)
{
    uint64_t hash = 0;

    for (int i = 0; i < args->plain_count; i++) {
        const char *part[] = {args->plain[i], NULL};
        hash = hash * 31 + notice_about(FINGERPRINT_TO_THE_LETTER, part);
    }
    return (uint32_t)(hash ^ hash >> 32);
}

bool audience_read(const char *path, struct notices *t)
{
    struct sidecar *notes = sidecar_open(path);
    struct buf text = {0};

    if (!notes)
        return false;
    (void)sidecar_read(notes, key, &text);
    sidecar_close(notes);
    bool ok = notices_read(t, buf_text(&text));
    buf_free(&text);
    return ok;
}

static bool keep(struct sidecar *notes, const char *text)
{
    struct buf before = {0};

    (void)sidecar_read(notes, key, &before);
    bool same = strcmp(buf_text(&before), text) == 0;
    buf_free(&before);
    return same || sidecar_write(notes, key, text);
}

bool audience_keep(const char *path, const struct notices *t, int64_t now_ms)
{
    struct sidecar *notes = path ? sidecar_open(path) : NULL;
    struct buf text = {0};
    bool ok = notes && notices_write(t, now_ms, &text) &&
              keep(notes, buf_text(&text));

    buf_free(&text);
    sidecar_close(notes);
    return ok;
}

/* What a script logs in this run, the first lines of it. */
enum { LINES_MOST = 100 };

static struct {
    struct notices before;
    uint32_t scope;
    uint64_t lines[LINES_MOST];
    size_t len;
} logged;

/* Which order it is about may be in any of them. */
static uint64_t about_logged(enum log_level level, const char *text,
    const struct log_field *fields, size_t n)
{
    const char *parts[] = {level == LOG_ERROR ? "error" : "", text, NULL};
    uint64_t about = notice_about(FINGERPRINT_BUT_TIMES, parts);

    for (size_t i = 0; i < n; i++) {
        const char *field[] = {fields[i].key, fields[i].value, NULL};
        about = about * 31 + notice_about(FINGERPRINT_BUT_TIMES, field);
    }
    return about;
}

static bool on_line(enum log_level level, const char *text,
    const struct log_field *fields, size_t n)
{
    uint64_t about = about_logged(level, text, fields, n);

    if (logged.len < LINES_MOST)
        logged.lines[logged.len++] = about;
    return notices_see(&logged.before, NOTICE_LOG, logged.scope, about,
               clock_wall_ms(), NULL) != NOTICE_SILENT;
}

void audience_listen(const struct arguments *args, const char *path)
{
    if (!path || !audience_by_cron(args) ||
        !audience_read(path, &logged.before))
        return;
    logged.scope = audience_scope(args);
    log_listen(on_line);
}

void audience_logged(struct notices *t, int64_t now_ms)
{
    log_listen(NULL);
    for (size_t i = 0; i < logged.len; i++)
        (void)notices_see(
            t, NOTICE_LOG, logged.scope, logged.lines[i], now_ms, NULL);
    notices_end(t, NOTICE_LOG, logged.scope, now_ms, NULL, NULL);
    notices_fini(&logged.before);
    logged.len = 0;
}

uint64_t audience_about(const struct error *err)
{
    const char *parts[] = {err->text, NULL};

    return notice_about(FINGERPRINT_BUT_NUMBERS, parts);
}

/* Another run's lock and the disk are every script's. */
static uint32_t scope_of(const struct arguments *args, enum notice_kind kind)
{
    return kind == NOTICE_SETUP ? audience_scope(args) : 0;
}

static bool is_news(const struct arguments *args, const char *path,
    enum notice_kind kind, uint64_t about, const struct error *err)
{
    struct notices t = {0};
    struct notice *which;
    int64_t now = clock_wall_ms();
    bool news = true;

    if (audience_read(path, &t)) {
        news = notices_see(&t, kind, scope_of(args, kind), about, now,
                   &which) != NOTICE_SILENT;
        if (which)
            notice_name(which, err->text);
        notices_end(&t, kind, scope_of(args, kind), now, NULL, NULL);
        news = !audience_keep(path, &t, now) || news;
    }
    notices_fini(&t);
    return news;
}

void audience_fail(const struct arguments *args, const char *path,
    enum notice_kind kind, uint64_t about, const struct error *err)
{
    bool noted = path && audience_by_cron(args);

    if (noted && !is_news(args, path, kind, about, err)) {
        log_aside(LOG_ERROR, err->text, NULL, 0);
        return;
    }
    log_error("%s", err->text);
    if (noted && !log_is_json())
        say_format(stderr, "This is said again in 24 h at the earliest.\n");
}
