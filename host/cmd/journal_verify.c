/* omnitron journal verify: is it whole, and does it mean what it must? */
#include "history/verify.h"

#include "cli/show.h"
#include "inspect/journal_own.h"
#include "json/json.h"

#include <string.h>

static bool put_faults(const char *lines, struct buf *out)
{
    bool ok = json_put_name(out, "faults") && buf_putc(out, '[');

    while (ok && *lines) {
        size_t len = strcspn(lines, "\n");

        ok = json_put_comma(out) && json_put_string(out, lines, len);
        lines += len + (lines[len] != '\0');
    }
    return ok && buf_putc(out, ']');
}

static bool put_json(
    const char *path, const struct verify_report *report, struct buf *out)
{
    bool ok = buf_putc(out, '{') && json_put_member_text(out, "journal", path);

    for (int i = 0; ok && i < JOURNAL_STATES; i++)
        ok = json_put_member_int(out, journal_state_name((enum journal_state)i),
            report->by_state[i]);
    return ok && json_put_member_int(out, "stranded", report->stranded) &&
           json_put_member_int(out, "attempts", report->attempts) &&
           json_put_member_int(out, "runs", report->runs) &&
           json_put_member_int(out, "audit", report->audits) &&
           json_put_member_int(out, "conflicts", report->conflicts) &&
           put_faults(buf_text(&report->lines), out) && buf_puts(out, "}\n");
}

static bool say(const struct arguments *args, const char *path,
    const struct verify_report *report, struct error *err)
{
    struct buf record = {0}, out = {0};
    bool ok = put_json(path, report, &record) || error_memory(err);

    if (ok && arguments_given(args, "json"))
        ok = command_print_json(&record) || error_memory(err);
    else if (ok)
        ok = show_once("journal_verify", NULL, &record, &out, err);
    command_print(&out);
    buf_free(&record);
    if (!ok)
        return false;
    if (report->faults == 0)
        return true;
    return error_set(err, ERROR_DISK,
        "the journal %s is not as omnitron made it: %zu %s. Keep a copy of it "
        "and its -wal, and find the last good one.",
        path, report->faults, report->faults == 1 ? "fault" : "faults");
}

bool journal_word_verify(
    const struct arguments *args, int count, char **words, struct error *err)
{
    struct journal_place place;
    struct verify_report report = {0};

    if (count > 1)
        return error_set(err, ERROR_USAGE, "verify takes one folder");
    if (!journal_place_find(args, count ? words[0] : NULL, &place, err))
        return false;
    bool ok =
        verify(place.path, &report, err) && say(args, place.path, &report, err);
    verify_fini(&report);
    return ok;
}
