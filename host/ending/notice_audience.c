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

bool heard_by_cron(const struct arguments *args)
{
    return !getenv("TERM") && !isatty(STDIN_FILENO) && !isatty(STDOUT_FILENO) &&
           !isatty(STDERR_FILENO) && !arguments_given(args, "verbose");
}

uint32_t heard_scope(const struct arguments *args)
{
    uint64_t hash = 0;

    for (int i = 0; i < args->plain_count; i++) {
        const char *part[] = {args->plain[i], NULL};
        hash = hash * 31 + trouble_about(TROUBLE_TO_THE_LETTER, part);
    }
    return (uint32_t)(hash ^ hash >> 32);
}

bool heard_read(const char *path, struct troubles *t)
{
    struct notes *notes = notes_open(path);
    struct buf text = {0};

    if (!notes)
        return false;
    (void)notes_read(notes, key, &text);
    notes_close(notes);
    bool ok = troubles_read(t, buf_text(&text));
    buf_free(&text);
    return ok;
}

static bool keep(struct notes *notes, const char *text)
{
    struct buf before = {0};

    (void)notes_read(notes, key, &before);
    bool same = strcmp(buf_text(&before), text) == 0;
    buf_free(&before);
    return same || notes_write(notes, key, text);
}

bool heard_keep(const char *path, const struct troubles *t, int64_t now_ms)
{
    struct notes *notes = path ? notes_open(path) : NULL;
    struct buf text = {0};
    bool ok = notes && troubles_write(t, now_ms, &text) &&
              keep(notes, buf_text(&text));

    buf_free(&text);
    notes_close(notes);
    return ok;
}

/* What a script logs in this run, the first lines of it. */
enum { LINES_MOST = 100 };

static struct {
    struct troubles before;
    uint32_t scope;
    uint64_t lines[LINES_MOST];
    size_t len;
} logged;

/* Which order it is about may be in any of them. */
static uint64_t about_logged(enum log_level level, const char *text,
    const struct log_field *fields, size_t n)
{
    const char *parts[] = {level == LOG_ERROR ? "error" : "", text, NULL};
    uint64_t about = trouble_about(TROUBLE_BUT_TIMES, parts);

    for (size_t i = 0; i < n; i++) {
        const char *field[] = {fields[i].key, fields[i].value, NULL};
        about = about * 31 + trouble_about(TROUBLE_BUT_TIMES, field);
    }
    return about;
}

static bool on_line(enum log_level level, const char *text,
    const struct log_field *fields, size_t n)
{
    uint64_t about = about_logged(level, text, fields, n);

    if (logged.len < LINES_MOST)
        logged.lines[logged.len++] = about;
    return troubles_see(&logged.before, TROUBLE_LOG, logged.scope, about,
               clock_wall_ms(), NULL) != TROUBLE_SILENT;
}

void heard_listen(const struct arguments *args, const char *path)
{
    if (!path || !heard_by_cron(args) || !heard_read(path, &logged.before))
        return;
    logged.scope = heard_scope(args);
    log_listen(on_line);
}

void heard_logged(struct troubles *t, int64_t now_ms)
{
    log_listen(NULL);
    for (size_t i = 0; i < logged.len; i++)
        (void)troubles_see(
            t, TROUBLE_LOG, logged.scope, logged.lines[i], now_ms, NULL);
    troubles_end(t, TROUBLE_LOG, logged.scope, now_ms, NULL, NULL);
    troubles_fini(&logged.before);
    logged.len = 0;
}

uint64_t heard_about(const struct error *err)
{
    const char *parts[] = {err->text, NULL};

    return trouble_about(TROUBLE_BUT_NUMBERS, parts);
}

/* Another run's lock and the disk are every script's. */
static uint32_t scope_of(const struct arguments *args, enum trouble_kind kind)
{
    return kind == TROUBLE_SETUP ? heard_scope(args) : 0;
}

static bool is_news(const struct arguments *args, const char *path,
    enum trouble_kind kind, uint64_t about, const struct error *err)
{
    struct troubles t = {0};
    struct trouble *which;
    int64_t now = clock_wall_ms();
    bool news = true;

    if (heard_read(path, &t)) {
        news = troubles_see(&t, kind, scope_of(args, kind), about, now,
                   &which) != TROUBLE_SILENT;
        if (which)
            trouble_name(which, err->text);
        troubles_end(&t, kind, scope_of(args, kind), now, NULL, NULL);
        news = !heard_keep(path, &t, now) || news;
    }
    troubles_fini(&t);
    return news;
}

void heard_fail(const struct arguments *args, const char *path,
    enum trouble_kind kind, uint64_t about, const struct error *err)
{
    bool noted = path && heard_by_cron(args);

    if (noted && !is_news(args, path, kind, about, err)) {
        log_aside(LOG_ERROR, err->text, NULL, 0);
        return;
    }
    log_error("%s", err->text);
    if (noted && !log_is_json())
        say_format(stderr, "This is said again in 24 h at the earliest.\n");
}
