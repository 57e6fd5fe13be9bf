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

bool summary_write(
    const char *host, const char *script, struct run_result *result)
{
    const int64_t *verdicts = result->tally.by_verdict;
    const struct {
        const char *key;
        int64_t n;
    } numbers[] = {
        {"rows", result->rows.rows},
        {"released", result->rows.released},
        {"skipped", result->rows.skipped},
        {"later", result->rows.later},
        {"failed", result->rows.failed},
        {"invalid", result->rows.invalid},
        {"releases", result->tally.releases},
        {"carried", result->tally.carried},
        {"confirmed", verdicts[VERDICT_CONFIRMED]},
        {"already", verdicts[VERDICT_ALREADY]},
        {"rejected", verdicts[VERDICT_REJECTED]},
        {"conflict", verdicts[VERDICT_CONFLICT]},
        {"unknown", verdicts[VERDICT_UNKNOWN]},
        {"pending", verdicts[VERDICT_PENDING]},
        {"attempts", result->tally.attempts},
        {"repeated_codes", result->counts.repeated_codes},
        {"doubtful_codes", result->tally.doubts.n},
        {"open_unknown", result->counts.by_state[JOURNAL_UNKNOWN]},
    };
    bool ok = put_head(host, script, result, &result->summary);

    for (size_t i = 0; ok && i < sizeof numbers / sizeof *numbers; i++)
        ok =
            json_put_member_int(&result->summary, numbers[i].key, numbers[i].n);
    return ok && buf_puts(&result->summary, "}\n") &&
           escape_json(&result->summary, 0);
}

bool summary_adds_up(const struct run_result *result, struct error *err)
{
    const struct script_rows *rows = &result->rows;
    int64_t verdicts = 0;

    for (int i = 0; i < VERDICTS; i++)
        verdicts += result->tally.by_verdict[i];
    if (rows->rows != rows->released + rows->skipped + rows->later +
                          rows->failed + rows->invalid)
        return error_set(err, ERROR_OTHER, "the rows do not add up");
    if (result->tally.releases + result->tally.carried != verdicts)
        return error_set(err, ERROR_OTHER, "the releases do not add up");
    return true;
}
