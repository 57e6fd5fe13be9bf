/* omnitron status: many customers, one line each. */
#include "history/glance.h"

#include "base/clock.h"
#include "base/exit_code.h"
#include "base/file_path.h"
#include "base/json_put.h"
#include "base/mem.h"
#include "cli/command.h"
#include "cli/show.h"
#include "ending/notice_audience.h"
#include "inspect/journal_own.h"
#include "terminal/terminal.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    DEPTH_MAX = 3, // folders below the one that is looked through
    CUSTOMERS_MAX = 1000,
    HOUR_MS = 3600 * 1000,
    DAY_MS = 24 * HOUR_MS
};

/* One line. */
struct customer {
    char *folder; // owns
    struct glance glance;
    struct error error;  // why it could not be read; its text may be ""
    char lasting[300];   // the first trouble that lasts and is no row, or ""
    enum exit_code code; // what has to be done, as an exit code says it
    bool overdue;        // no run for longer than usual
};

struct status {
    struct customer *list; // owns
    size_t len;
    bool cut; // there are more
    int64_t now_ms, midnight_ms;
};

/* --- which */

static bool add(struct status *s, const char *folder, struct error *err)
{
    if (s->len == CUSTOMERS_MAX) {
        s->cut = true;
        return true;
    }
    struct customer *list =
        mem_realloc(s->list, (s->len + 1) * sizeof *s->list);
    if (!list)
        return error_memory(err);
    s->list = list;
    list[s->len] =
        (struct customer){.folder = mem_strdup(folder), .glance.exit = -1};
    return list[s->len++].folder != NULL || error_memory(err);
}

static bool has_profile(const char *folder)
{
    struct buf path = {0};
    bool is = file_path_join(&path, folder, "profile.lua") &&
              access(buf_text(&path), F_OK) == 0;

    buf_free(&path);
    return is;
}

static bool look_below(
    struct status *s, const char *folder, int depth, struct error *err);

static bool look_at(struct status *s, const char *folder,
    const struct dirent *entry, int depth, struct error *err)
{
    struct buf path = {0};
    bool ok = true;

    if (entry->d_name[0] == '.' || entry->d_type != DT_DIR)
        return true;
    if (!file_path_join(
            &path, strcmp(folder, ".") == 0 ? "" : folder, entry->d_name))
        ok = error_memory(err);
    else if (has_profile(buf_text(&path)))
        ok = add(s, buf_text(&path), err);
    else if (depth < DEPTH_MAX)
        ok = look_below(s, buf_text(&path), depth + 1, err);
    buf_free(&path);
    return ok;
}

/* Links are not followed; what cannot be read is nobody's. */
static bool look_below(
    struct status *s, const char *folder, int depth, struct error *err)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    bool ok = true;

    while (dir && ok && (entry = readdir(dir)))
        ok = look_at(s, folder, entry, depth, err);
    if (dir)
        closedir(dir);
    return ok;
}

static bool find_all(
    struct status *s, const struct arguments *args, struct error *err)
{
    bool ok = true;

    for (int i = 0; ok && i < args->plain_count; i++)
        ok = add(s, args->plain[i], err);
    if (ok && args->plain_count == 0)
        ok = has_profile(".") ? add(s, ".", err) : look_below(s, ".", 1, err);
    return ok && (s->len > 0 ||
                     error_set(err, ERROR_USAGE,
                         "no folder below this one has a profile.lua: name "
                         "the customers' folders"));
}

/* --- what each comes to */

static void take_lasting(struct customer *c, const struct notice *trouble)
{
    static const enum exit_code codes[NOTICE_KINDS] = {
        [NOTICE_STOP] = EXIT_STOPPED,
        [NOTICE_DISK] = EXIT_DISK,
        [NOTICE_SETUP] = EXIT_SETUP,
        [NOTICE_AWAY] = EXIT_PENDING,
        [NOTICE_FAULT] = EXIT_SCRIPT,
    };

    if (!codes[trouble->kind] || trouble->gone)
        return;
    if (!c->lasting[0])
        snprintf(c->lasting, sizeof c->lasting, "%s", trouble->text);
    c->code = exit_first(c->code, codes[trouble->kind]);
}

static bool read_lasting(
    struct customer *c, const char *journal, struct error *err)
{
    struct notices t = {0};
    bool ok = audience_read(journal, &t) || error_memory(err);

    for (size_t i = 0; ok && i < t.len; i++)
        take_lasting(c, &t.list[i]);
    notices_fini(&t);
    return ok;
}

static void judge(const struct status *s, struct customer *c)
{
    const struct glance *g = &c->glance;
    int64_t since = s->now_ms - g->started_at;

    if (g->open[JOURNAL_UNKNOWN] || (g->open[JOURNAL_SENDING] && g->ended_at))
        c->code = exit_first(c->code, EXIT_UNKNOWN);
    if (g->open[JOURNAL_REJECTED] || g->conflicts)
        c->code = exit_first(c->code, EXIT_ROWS);
    if (g->open[JOURNAL_PENDING] &&
        s->now_ms - g->oldest[JOURNAL_PENDING] > DAY_MS)
        c->code = exit_first(c->code, EXIT_PENDING);
    c->overdue = g->usual_ms > 0 && since > HOUR_MS && since > 2 * g->usual_ms;
    if (c->overdue)
        c->code = exit_first(c->code, EXIT_SETUP);
}

static bool read_customer(
    const struct status *s, const struct arguments *args, struct customer *c)
{
    struct journal_place place;
    struct error *err = &c->error;
    bool ok = journal_place_find(args, c->folder, &place, err) &&
              glance(place.path, s->midnight_ms, &c->glance, err) &&
              read_lasting(c, place.path, err);

    if (ok) {
        err->text[0] = '\0';
        judge(s, c);
        return true;
    }
    c->code = exit_of_error(err);
    return err->kind != ERROR_MEMORY;
}

/* --- and what is said */

static bool put_open(struct buf *out, const struct glance *g)
{
    static const enum journal_state shown[] = {
        JOURNAL_UNKNOWN, JOURNAL_SENDING, JOURNAL_REJECTED, JOURNAL_PENDING};
    int64_t oldest = g->oldest_conflict;
    bool ok = true;

    for (size_t i = 0; ok && i < sizeof shown / sizeof *shown; i++) {
        int64_t at = g->oldest[shown[i]];
        ok = json_put_member_int(
            out, journal_state_name(shown[i]), g->open[shown[i]]);
        oldest = at && (!oldest || at < oldest) ? at : oldest;
    }
    return ok && json_put_member_int(out, "conflict", g->conflicts) &&
           (oldest ? journal_put_time(out, "oldest", oldest)
                   : json_put_member_null(out, "oldest"));
}

static bool put_time_or_null(struct buf *out, const char *name, int64_t ms)
{
    return ms ? journal_put_time(out, name, ms)
              : json_put_member_null(out, name);
}

static bool put_customer(const struct customer *c, struct buf *out)
{
    const struct glance *g = &c->glance;

    return buf_putc(out, '{') &&
           json_put_member_text(out, "customer", c->folder) &&
           json_put_member_int(out, "code", c->code) &&
           journal_put_or_null(out, "run", g->run > 0, g->run) &&
           put_time_or_null(out, "started_at", g->started_at) &&
           put_time_or_null(out, "ended_at", g->ended_at) &&
           journal_put_or_null(out, "exit", g->exit >= 0, g->exit) &&
           json_put_member_text(out, "script", g->script) &&
           json_put_member_int(out, "released", g->released) &&
           put_open(out, g) &&
           json_put_member_bool(out, "overdue", c->overdue) &&
           json_put_member_text(out, "lasting", c->lasting) &&
           json_put_member_int(out, "bytes", g->bytes) &&
           json_put_member_text(out, "error", c->error.text) &&
           buf_putc(out, '}');
}

/* Who needs a person most comes first; then by name. */
static int by_need(const void *left, const void *right)
{
    const struct customer *a = left, *b = right;

    if (a->code != b->code)
        return exit_first(a->code, b->code) == a->code ? -1 : 1;
    return strcmp(a->folder, b->folder);
}

static bool show_json(const struct status *s, struct error *err)
{
    struct buf out = {0};
    bool ok = true;

    for (size_t i = 0; ok && i < s->len; i++)
        ok = put_customer(&s->list[i], &out) && buf_putc(&out, '\n');
    if (ok && command_print_json(&out))
        return true;
    buf_free(&out);
    return error_memory(err);
}

static bool show_text(const struct status *s, struct error *err)
{
    struct buf view = {0}, record = {0}, out = {0};
    bool ok = (buf_putc(&view, '{') &&
                  json_put_member_int(
                      &view, "columns", terminal_columns(STDOUT_FILENO)) &&
                  json_put_member_bool(&view, "cut", s->cut) &&
                  buf_putc(&view, '}')) ||
              error_memory(err);
    struct show *show = ok ? show_open("status", &view, &out, err) : NULL;

    ok = show != NULL;
    for (size_t i = 0; ok && i < s->len; i++) {
        buf_clear(&record);
        ok = (put_customer(&s->list[i], &record) || error_memory(err)) &&
             show_record(show, &record, err);
    }
    ok = ok && show_end(show, err);
    show_close(show);
    command_print(&out);
    buf_free(&view);
    buf_free(&record);
    return ok;
}

static int64_t midnight(int64_t now_ms)
{
    time_t now = (time_t)(now_ms / 1000);
    struct tm tm;

    localtime_r(&now, &tm);
    tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
    tm.tm_isdst = -1;
    return (int64_t)mktime(&tm) * 1000;
}

static bool status(struct status *s, const struct arguments *args,
    enum exit_code *code, struct error *err)
{
    s->now_ms = clock_wall_ms();
    s->midnight_ms = midnight(s->now_ms);
    if (!journal_init(err) || !find_all(s, args, err))
        return false;
    for (size_t i = 0; i < s->len; i++) {
        if (!read_customer(s, args, &s->list[i]))
            return error_memory(err);
        *code = exit_first(*code, s->list[i].code);
    }
    qsort(s->list, s->len, sizeof *s->list, by_need);
    return arguments_given(args, "json") ? show_json(s, err)
                                         : show_text(s, err);
}

static int run(const struct arguments *args)
{
    struct status s = {.len = 0};
    enum exit_code code = EXIT_DONE;
    struct error err;
    bool ok = status(&s, args, &code, &err);

    for (size_t i = 0; i < s.len; i++)
        mem_free(s.list[i].folder);
    mem_free(s.list);
    return ok ? (int)code : command_fail(&err);
}

static const struct option_row options[] = {
    {"json", 0, NULL, false, true, "an object for each customer"},
    {0},
};

const struct command command_status = {
    .name = "status",
    .usage = "status [FOLDER...] [OPTION...]",
    .summary = "many customers, one line each",
    .details =
        "Each folder is a customer's; without one, all below this one that\n"
        "have a profile.lua, three folders deep. Who needs a person comes\n"
        "first. The exit code is the first of what they come to: 4 something\n"
        "is unknown, 3 rejected or in conflict, 6 sending was stopped, 2 "
        "there\n"
        "was no run for longer than usual or a journal cannot be read, 5 what\n"
        "is pending is older than a day.\n",
    .options = options,
    .run = run,
};
