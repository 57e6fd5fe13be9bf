#include "ending/summary.h"

#include "base/clock.h"
#include "base/escape.h"
#include "base/version.h"
#include "json/json.h"

#include <string.h>

static bool put_stopped(const struct run_result *result, struct buf *out)
{
    const char *name = stop_reason_name(result->stop.why);

    return name[0] ? json_put_member_text(out, "stopped", name)
                   : json_put_member_null(out, "stopped");
}

/* A list of the hosts that cost something, where there are any. */
static bool put_away(const struct away *away, struct buf *out)
{
    const char *between = "";
    bool ok = !away->any || (json_put_name(out, "away") && buf_putc(out, '['));

    for (size_t i = 0; ok && i < away->n; i++)
        if (away_counts(&away->list[i])) {
            ok = buf_puts(out, between) &&
                 json_put_string(
                     out, away->list[i].name, strlen(away->list[i].name));
            between = ",";
        }
    return ok && (!away->any || buf_putc(out, ']'));
}

static bool put_head(const char *host, const char *script,
    const struct run_result *result, struct buf *out)
{
    char start[CLOCK_TEXT_MAX], end[CLOCK_TEXT_MAX];
    int64_t ms = result->ended_at - result->started_at;

    return buf_putc(out, '{') &&
           json_put_member_text(out, "version", OMNITRON_VERSION) &&
           json_put_member_int(out, "run", result->run) &&
           json_put_member_text(
               out, "started_at", clock_rfc3339(result->started_at, start)) &&
           json_put_member_text(
               out, "ended_at", clock_rfc3339(result->ended_at, end)) &&
           json_put_name(out, "seconds") &&
           buf_printf(out, "%lld.%03lld", (long long)ms / 1000,
               (long long)ms % 1000) &&
           json_put_member_text(out, "host", host) &&
           json_put_member_text(out, "script", script) &&
           json_put_member_int(out, "exit", result->exit) &&
           put_stopped(result, out) &&
           (!result->held[0] ||
               json_put_member_text(out, "held", result->held)) &&
           put_away(&result->away, out);
}

/* Each row is one of these, and each release that was not lost. */
static bool put_rows(const struct script_rows *rows, struct buf *out)
{
    bool ok = json_put_member_int(out, "rows", rows->rows);

    for (int i = 0; ok && i < INPUT_ENDS; i++)
        ok = json_put_member_int(
            out, input_end_name((enum input_end)i), rows->by_end[i]);
    return ok;
}

static bool put_releases(const struct delivery_tally *tally, struct buf *out)
{
    bool ok = json_put_member_int(out, "releases", tally->releases) &&
              json_put_member_int(out, "carried", tally->carried);

    for (int v = 0; ok && v < VERDICT_LOST; v++)
        ok = json_put_member_int(
            out, verdict_name((enum verdict)v), tally->by_verdict[v]);
    return ok && json_put_member_int(out, "attempts", tally->attempts);
}

bool summary_write(
    const char *host, const char *script, struct run_result *result)
{
    const struct journal_counts *counts = &result->counts;
    struct buf *out = &result->summary;

    return put_head(host, script, result, out) &&
           put_rows(&result->rows, out) && put_releases(&result->tally, out) &&
           json_put_member_int(out, "repeated_codes", counts->repeated_codes) &&
           json_put_member_int(out, "doubtful_codes", result->tally.doubts.n) &&
           json_put_member_int(
               out, "open_unknown", counts->by_state[JOURNAL_UNKNOWN]) &&
           json_put_member_int(
               out, "open_rejected", counts->by_state[JOURNAL_REJECTED]) &&
           json_put_member_int(out, "open_conflicts", counts->conflicts) &&
           buf_puts(out, "}\n") && escape_json(out, 0);
}

bool summary_adds_up(const struct run_result *result, struct error *err)
{
    const struct script_rows *rows = &result->rows;
    int64_t ends = 0, verdicts = 0;

    for (int i = 0; i < INPUT_ENDS; i++)
        ends += rows->by_end[i];
    for (int i = 0; i < VERDICTS; i++)
        verdicts += result->tally.by_verdict[i];
    if (rows->rows != ends)
        return error_set(err, ERROR_OTHER, "the rows do not add up");
    if (result->tally.releases + result->tally.carried != verdicts)
        return error_set(err, ERROR_OTHER, "the releases do not add up");
    return true;
}
