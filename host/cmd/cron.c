/* omnitron cron: a line of a crontab, and a service with its timer, for a
 * script, made by scripts/cmd/cron.lua. It prints them; to install them is
 * another's decision. */
#include "base/json_put.h"
#include "cli/command.h"
#include "cli/show.h"
#include "cron/cron_own.h"

#include <string.h>

enum { COMMAND_MAX = 998 }; // bytes of a crontab's command that cron reads

static const char *const pieces[] = {"crontab", "service", "timer"};

static bool check_piece(const char *name, struct error *err)
{
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        if (!name || strcmp(pieces[i], name) == 0)
            return true;
    return error_set(err, ERROR_USAGE,
        "--print is crontab, service or timer, not \"%s\"", name);
}

static bool put_words(const struct cron_job *job, struct buf *out)
{
    bool ok = json_put_name(out, "words") && buf_putc(out, '[');

    for (const char *const *word = job->words; ok && *word; word++)
        ok = json_put_comma(out) && json_put_string(out, *word, strlen(*word));
    return ok && buf_putc(out, ']');
}

static bool put_job(const struct cron_job *job, struct buf *out)
{
    return buf_putc(out, '{') && put_words(job, out) &&
           json_put_member_text(out, "crontab", job->times.crontab) &&
           json_put_member_text(out, "calendar", job->times.calendar) &&
           json_put_member_int(out, "delay_s", job->times.delay_s) &&
           json_put_member_int(
               out, "runtime_s", job->deadline_s + job->stop_s) &&
           json_put_member_int(out, "stop_s", job->stop_s) &&
           json_put_member_text(out, "name", job->name) &&
           json_put_member_text(out, "label", job->label) &&
           json_put_member_text(out, "user", job->user) &&
           json_put_member_text(out, "folder", job->folder) &&
           json_put_member_text(out, "journal_folder", job->journal_folder) &&
           json_put_member_text(out, "metrics_folder", job->metrics_folder) &&
           json_put_member_bool(out, "is_root", job->is_root) &&
           json_put_member_bool(out, "lacks_token", job->lacks_token) &&
           json_put_member_bool(out, "in_home", job->in_home) &&
           json_put_member_bool(out, "in_tmp", job->in_tmp) &&
           buf_putc(out, '}');
}

/* One piece into *out; NULL: all of them. */
static bool put_piece(const struct cron_job *job, const char *name,
    struct buf *out, struct error *err)
{
    struct buf view = {0}, record = {0};
    bool ok = put_job(job, &view) && buf_putc(&record, '{') &&
              (name ? json_put_member_text(&record, "piece", name)
                    : json_put_member_bool(&record, "all", true)) &&
              buf_putc(&record, '}');

    ok = (ok || error_memory(err)) &&
         show_once("cron", &view, &record, out, err);
    buf_free(&view);
    buf_free(&record);
    return ok;
}

/* Cron cuts a longer one without a word. */
static bool check_length(const struct cron_job *job, struct error *err)
{
    struct buf command = {0};
    bool made = put_piece(job, "command", &command, err);
    size_t len = command.len;

    buf_free(&command);
    return made &&
           (len <= COMMAND_MAX || error_set(err, ERROR_USAGE,
                                      "the command is longer than the %d bytes "
                                      "that cron reads: shorten its paths",
                                      COMMAND_MAX));
}

static int run(const struct arguments *args)
{
    const char *piece = arguments_text(args, "print");
    struct cron_job job = {0};
    struct buf out = {0};
    struct error err;

    bool ok = check_piece(piece, &err) && cron_job_find(&job, args, &err) &&
              check_length(&job, &err) && put_piece(&job, piece, &out, &err);
    if (ok)
        command_print(&out);
    buf_free(&out);
    cron_job_fini(&job);
    return ok ? 0 : command_fail(&err);
}

static const struct option_row options[] = {
    {"every", 0, "TIME", false, true,
        "how often: 5m, or another part of an hour or a day"},
    {"deadline", 0, "TIME", false, true, "a run ends in order after TIME: 50m"},
    {"print", 0, "PIECE", false, true, "this alone: crontab, service or timer"},
    {"profile", 0, "FILE", false, true,
        "another profile than the one beside the script"},
    {"metrics", 0, "FILE", false, true, "as of run"},
    {"ping", 0, "URL", false, true, "as of run"},
    {0},
};

const struct command command_cron = {
    .name = "cron",
    .usage = "cron [OPTION...] SCRIPT [ARG...]",
    .summary = "a crontab line and a systemd unit for a script",
    .details = "Prints a line for a crontab, or else a systemd service and "
               "its timer, that run\n"
               "SCRIPT unattended. Nothing is installed:\n"
               "  omnitron cron --print service SCRIPT >NAME.service\n"
               "and so the timer; where they belong stands in them.\n",
    .options = options,
    .run = run,
};
