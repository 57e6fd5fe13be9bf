/* omnitron report: what happened in the last days. */
#include "report/report.h"
#include "base/clock.h"
#include "base/file_replace.h"
#include "base/secret.h"
#include "cli/command.h"
#include "history/tally.h"
#include "inspect/journal_own.h"
#include "terminal/terminal.h"

#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const int64_t day_ms = 24 * 60 * 60 * 1000;

static bool find_since(const struct arguments *args, int64_t now,
    int64_t *since, struct error *err)
{
    if (!arguments_since(args, now, now - 7 * day_ms, since, err))
        return false;
    return now - *since <= CALENDAR_DAYS_MAX * day_ms ||
           error_set(err, ERROR_USAGE, "--since goes back %d days at most",
               (int)CALENDAR_DAYS_MAX);
}

static bool make(
    const struct arguments *args, const struct overview *o, struct buf *out)
{
    if (arguments_given(args, "html"))
        return report_page(o, out);
    if (arguments_given(args, "json"))
        return report_json(o, out);
    return report_text(o, terminal_columns(STDOUT_FILENO),
        strcmp(nl_langinfo(CODESET), "UTF-8") == 0, out);
}

static bool put(
    const struct arguments *args, const struct overview *o, struct error *err)
{
    const char *html = arguments_text(args, "html");
    struct buf out = {0};
    bool ok = make(args, o, &out) || error_memory(err);

    if (ok && html && strcmp(html, "-") != 0) {
        secret_mask(out.data, &out.len);
        ok = file_replace_check("--html", html, err) &&
             file_replace_write("--html", html, FILE_REPLACE_MODE_KEPT,
                 out.data, out.len, err);
    } else if (ok && arguments_given(args, "json")) {
        ok = command_print_json(&out) || error_memory(err);
    } else if (ok) {
        command_print(&out);
    }
    buf_free(&out);
    return ok;
}

static bool check(const struct arguments *args, struct error *err)
{
    if (args->plain_count > 0)
        return error_set(err, ERROR_USAGE,
            "report takes no words: it is about the current folder; --profile "
            "FILE names another customer, --journal FILE a journal");
    if (arguments_given(args, "html") && arguments_given(args, "json"))
        return error_set(err, ERROR_USAGE, "--html or --json, not both");
    return true;
}

static bool tell(const struct arguments *args, const struct tally *tally,
    const struct journal_place *place, struct error *err)
{
    struct buf host = {0};
    bool ok = journal_put_host(tally->host, &host) || error_memory(err);

    const struct overview o = {.tally = tally,
        .host = buf_text(&host),
        .journal = place->path,
        .profile = place->named};
    ok = ok && put(args, &o, err);
    buf_free(&host);
    return ok;
}

static bool report(const struct arguments *args, struct error *err)
{
    struct journal_place place;
    struct tally tally;
    int64_t now = clock_wall_ms(), since = 0;

    if (!check(args, err) || !find_since(args, now, &since, err) ||
        !journal_init(err) || !journal_place_find(args, NULL, &place, err) ||
        !tally_take(&tally, place.path, since, now, err))
        return false;
    bool ok = tell(args, &tally, &place, err);
    tally_fini(&tally);
    return ok;
}

static int run(const struct arguments *args)
{
    struct error err;

    return report(args, &err) ? 0 : command_fail(&err);
}

static const struct option_row options[] = {
    {"since", 0, "TIME", false, false,
        "how far back: 24h, 7d (as without it), 2025-11-22"},
    {"html", 0, "FILE", false, false,
        "a page for a browser instead; - is stdout"},
    {"json", 0, NULL, false, false, "for a machine"},
    {"profile", 0, "FILE", false, false, "the profile whose journal it is"},
    {"journal", 0, "FILE", false, false, "another journal than the profile's"},
    {0},
};

const struct command command_report = {
    .name = "report",
    .usage = "report [OPTION...]",
    .summary = "what happened in the last days",
    .details =
        "Reads the journal of the current folder, also beside a run, and\n"
        "changes nothing: what is open now and what to say then; the runs by\n"
        "exit code; when sending was stopped; releases day by day; what was\n"
        "refused, in the host's words; which rows came to no release; the\n"
        "slowest answers; what people decided. A release counts on the day on\n"
        "which its row was written last.\n"
        "\n"
        "--since goes back to the beginning of that day; up to 2d, of that\n"
        "hour. Beyond 31d the report goes by weeks, beyond 400d by months.\n"
        "\n"
        "--html FILE is one page that loads nothing: no script, no fonts, no\n"
        "pictures from elsewhere. It is written whole or not at all.\n",
    .options = options,
    .run = run,
};
