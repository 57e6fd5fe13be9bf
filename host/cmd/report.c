/* omnitron report: what happened in the last days. */
#include "base/clock.h"
#include "base/escape.h"
#include "base/file_replace.h"
#include "base/secret.h"
#include "base/version.h"
#include "cli/command.h"
#include "cli/show.h"
#include "history/tally_json.h"
#include "inspect/journal_own.h"
#include "lua/embedded.h"
#include "terminal/terminal.h"
#include "json/json.h"

#include <string.h>
#include <unistd.h>

enum { PATH_SHOWN = 400 }; // bytes of the journal's name, at the page's end

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

/* What scripts/cmd/report.lua and report_page.lua know besides the record. */
static bool put_view(const struct journal_place *place, struct buf *view)
{
    const struct embedded *style = embedded_find("report.css");
    struct buf path = {0};
    bool ok =
        escape_put(&path, place->path, PATH_SHOWN) && buf_putc(view, '{') &&
        json_put_member_int(view, "columns", terminal_columns(STDOUT_FILENO)) &&
        json_put_member_bool(view, "blocks", terminal_is_utf8()) &&
        json_put_member_text(view, "path", buf_text(&path)) &&
        json_put_member_text(view, "named", place->named) &&
        json_put_member_text(view, "version", OMNITRON_VERSION) &&
        json_put_name(view, "style") &&
        json_put_string(view, (const char *)style->bytes, style->len) &&
        buf_putc(view, '}');

    buf_free(&path);
    return ok;
}

/* Makes the text, or the page, out of the record. */
static bool show(const struct arguments *args,
    const struct journal_place *place, const struct buf *record,
    struct buf *out, struct error *err)
{
    const char *name = arguments_given(args, "html") ? "report_page" : "report";
    struct buf view = {0};
    bool ok = (put_view(place, &view) || error_memory(err)) &&
              show_once(name, &view, record, out, err);

    buf_free(&view);
    return ok;
}

static bool put_json(struct buf *record, struct error *err)
{
    return (buf_putc(record, '\n') && command_print_json(record)) ||
           error_memory(err);
}

static bool put_file(const char *path, struct buf *page, struct error *err)
{
    secret_mask(page->data, &page->len);
    return file_replace_check("--html", path, err) &&
           file_replace_write("--html", path, FILE_REPLACE_MODE_KEPT,
               page->data, page->len, err);
}

static bool put(const struct arguments *args, const struct journal_place *place,
    struct buf *record, struct error *err)
{
    const char *html = arguments_text(args, "html");
    struct buf out = {0};

    if (arguments_given(args, "json"))
        return put_json(record, err);
    bool ok = show(args, place, record, &out, err);
    if (ok && html && strcmp(html, "-") != 0)
        ok = put_file(html, &out, err);
    else if (ok)
        command_print(&out);
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
    struct buf host = {0}, record = {0};
    bool ok = (journal_put_host(tally->host, &host) &&
                  tally_json_put(tally, buf_text(&host), &record)) ||
              error_memory(err);

    ok = ok && put(args, place, &record, err);
    buf_free(&host);
    buf_free(&record);
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
