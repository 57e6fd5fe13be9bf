/* omnitron cron: a line of a crontab, and a service with its timer, for a
 * script. It prints them; to install them is another's decision. */
#include "cli/command.h"
#include "cron/cron_own.h"

#include <stdio.h>
#include <string.h>

enum { COMMAND_MAX = 998 }; // bytes of a crontab's command that cron reads

static bool put_command(const struct cron_job *job, struct buf *out)
{
    bool ok = true;

    for (const char *const *word = job->words; ok && *word; word++)
        ok = (word == job->words || buf_putc(out, ' ')) &&
             cron_put_shell(out, *word);
    return ok;
}

static bool put_crontab(const struct cron_job *job, struct buf *out)
{
    bool ok = job->is_root
                  ? buf_puts(out, "# For /etc/crontab, which has a user "
                                  "behind the times.\n") &&
                        cron_put_root(job, out)
                  : buf_printf(out, "# For the crontab of %s: crontab -e\n",
                        job->user);

    ok = ok && buf_puts(out, "# A good run prints nothing; what there is to "
                             "say is mailed to MAILTO.\n");

    if (ok && job->lacks_token)
        ok = buf_puts(out, "# cron has no token for it: name a token_file in "
                           "the profile first.\n");
    return ok &&
           buf_printf(out, "%s %s", job->times.crontab,
               job->is_root ? CRON_NO_USER " " : "") &&
           put_command(job, out) && buf_putc(out, '\n');
}

static const struct piece {
    const char *name;
    const char *before; // when all are printed
    bool (*put)(const struct cron_job *job, struct buf *out);
} pieces[] = {
    {"crontab", "# By cron, or by systemd below; not by both.\n", put_crontab},
    {"service", "\n", cron_put_service},
    {"timer", "\n", cron_put_timer},
};

static bool check_piece(const char *name, struct error *err)
{
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        if (!name || strcmp(pieces[i].name, name) == 0)
            return true;
    return error_set(err, ERROR_USAGE,
        "--print is crontab, service or timer, not \"%s\"", name);
}

/* Cron cuts a longer one without a word. */
static bool check_length(const struct cron_job *job, struct error *err)
{
    struct buf command = {0};
    bool made = put_command(job, &command);
    size_t len = command.len;

    buf_free(&command);
    if (!made)
        return error_memory(err);
    return len <= COMMAND_MAX || error_set(err, ERROR_USAGE,
                                     "the command is longer than the %d bytes "
                                     "that cron reads: shorten its paths",
                                     COMMAND_MAX);
}

static bool put_pieces(
    const struct cron_job *job, const char *name, struct buf *out)
{
    bool ok = true;

    for (size_t i = 0; ok && i < sizeof pieces / sizeof *pieces; i++)
        if (!name || strcmp(pieces[i].name, name) == 0)
            ok = (name || buf_puts(out, pieces[i].before)) &&
                 pieces[i].put(job, out);
    return ok;
}

static int run(const struct arguments *args)
{
    const char *piece = arguments_text(args, "print");
    struct cron_job job = {0};
    struct buf out = {0};
    struct error err;

    bool ok = check_piece(piece, &err) && cron_job_find(&job, args, &err) &&
              check_length(&job, &err) &&
              (put_pieces(&job, piece, &out) || error_memory(&err));
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
