/* The lines of doctor. */
#include "base/escape.h"
#include "base/log.h"
#include "doctor/doctor_own.h"
#include "terminal/wrap.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { HEAD_MAX = 64, TEXT_MAX = 1600 };

void doctor_lost(struct doctor *d)
{
    log_error("out of memory: not everything was looked at");
    d->bads++;
    d->exit = exit_first(d->exit, EXIT_FAULT);
}

/* A line, its further lines indented as far as its text. */
__attribute__((format(printf, 4, 0))) static void put(struct doctor *d,
    const char *verdict, const char *name, const char *fmt, va_list args)
{
    char head[HEAD_MAX], text[TEXT_MAX];
    struct buf out = {0};

    snprintf(head, sizeof head, "%-5s %-14s ", verdict, name);
    vsnprintf(text, sizeof text, fmt, args);
    if (!wrap_put(&out, head, text, strlen(text)))
        doctor_lost(d);
    command_print(&out);
}

void doctor_ok(struct doctor *d, const char *name, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    put(d, "ok", name, fmt, args);
    va_end(args);
}

void doctor_look(struct doctor *d, const char *name, const char *fmt, ...)
{
    va_list args;

    d->looks++;
    va_start(args, fmt);
    put(d, "look", name, fmt, args);
    va_end(args);
}

void doctor_bad(struct doctor *d, enum exit_code code, const char *name,
    const char *fmt, ...)
{
    va_list args;

    d->bads++;
    d->exit = exit_first(d->exit, code);
    va_start(args, fmt);
    put(d, "bad", name, fmt, args);
    va_end(args);
}

void doctor_way(struct doctor *d, const char *fmt, ...)
{
    struct buf out = {0};
    char text[TEXT_MAX];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (!buf_printf(&out, "%23s%s\n", "", text))
        doctor_lost(d);
    command_print(&out);
}

void doctor_more(struct doctor *d, const char *text)
{
    struct buf out = {0};
    char head[HEAD_MAX];

    snprintf(head, sizeof head, "%21s", "");
    if (!wrap_put(&out, head, text, strlen(text)))
        doctor_lost(d);
    command_print(&out);
}

static char place[PATH_MAX + 16]; // of the two that follow

static const char *put_place(const char *option, const char *word)
{
    struct buf text = {0};
    bool ok = word && buf_printf(&text, " %s", option) &&
              escape_put_word(&text, word) && text.len < sizeof place;

    snprintf(place, sizeof place, "%s", ok ? text.data : "");
    buf_free(&text);
    return place;
}

const char *doctor_place(const struct doctor *d)
{
    const char *named = arguments_text(d->args, "profile");

    return put_place(named ? "--profile " : "", named ? named : d->folder);
}

const char *doctor_profile_option(const struct doctor *d)
{
    bool here = !d->folder && !arguments_given(d->args, "profile");

    return put_place("--profile ", here ? NULL : d->profile_path);
}
