#include "ending/metrics.h"

#include "base/escape.h"
#include "base/utf8.h"

#include <string.h>

/* A family under way: its name, and the labels that all of them share. */
struct family {
    const char *name;
    const struct buf *labels;
    struct buf *out;
};

/* The format knows of \n, \" and \\; what else cannot be shown is written as
 * escape.h does, the backslash as the format wants it. */
static bool put_odd(struct buf *out, const char *text, size_t n)
{
    return buf_putc(out, '\\') && escape_add(out, text, n, SIZE_MAX);
}

static bool put_escaped(struct buf *out, const char *text)
{
    size_t left = strlen(text);
    bool ok = true;

    while (ok && left) {
        uint32_t point = 0;
        size_t n = utf8_read(text, left, &point);
        if (n == 0)
            ok = buf_puts(out, "\xEF\xBF\xBD");
        else if (*text == '\n')
            ok = buf_puts(out, "\\n");
        else if (*text == '"' || *text == '\\')
            ok = buf_printf(out, "\\%c", *text);
        else if (escape_is_odd(point))
            ok = put_odd(out, text, n);
        else
            ok = buf_add(out, text, n);
        text += n ? n : 1;
        left -= n ? n : 1;
    }
    return ok;
}

static bool put_label(struct buf *out, const char *key, const char *value)
{
    return buf_printf(out, "%s%s=\"", out->len ? "," : "", key) &&
           put_escaped(out, value) && buf_putc(out, '"');
}

static bool put_labels(const struct metrics *m, struct buf *labels)
{
    return put_label(labels, "customer", m->customer) &&
           put_label(labels, "script", m->script) &&
           (!m->host[0] || put_label(labels, "host", m->host));
}

static bool begin(struct family *f, const char *name, const char *help)
{
    f->name = name;
    return buf_printf(
        f->out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* As far as the number; without a key there is no label of its own. */
static bool put_name(const struct family *f, const char *key, const char *value)
{
    return buf_printf(f->out, "%s{%s", f->name, buf_text(f->labels)) &&
           (!key || buf_printf(f->out, ",%s=\"%s\"", key, value)) &&
           buf_puts(f->out, "} ");
}

static bool put_count(
    const struct family *f, const char *key, const char *value, int64_t n)
{
    return put_name(f, key, value) &&
           buf_printf(f->out, "%lld\n", (long long)n);
}

/* A clock that was set back makes nothing negative. */
static bool put_seconds(const struct family *f, int64_t ms)
{
    ms = ms < 0 ? 0 : ms;
    return put_name(f, NULL, NULL) &&
           buf_printf(f->out, "%lld.%03lld\n", (long long)ms / 1000,
               (long long)ms % 1000);
}

static bool put_end(struct family *f, const struct metrics *m)
{
    return begin(f, "omnitron_run_exit_code",
               "Exit code of the last run, 0 when all is well.") &&
           put_count(f, NULL, NULL, m->exit_code) &&
           begin(f, "omnitron_run_end_timestamp_seconds",
               "When the last run ended.") &&
           put_seconds(f, m->ended_at) &&
           begin(f, "omnitron_run_duration_seconds",
               "How long the last run took.") &&
           put_seconds(f, m->ended_at - m->started_at);
}

static bool put_rows(struct family *f, const struct script_rows *rows)
{
    bool ok = begin(
        f, "omnitron_rows", "Input rows of the last run, each counted once.");

    for (int i = 0; ok && i < INPUT_ENDS; i++)
        ok = put_count(
            f, "outcome", input_end_name((enum input_end)i), rows->by_end[i]);
    return ok;
}

static bool put_releases(struct family *f, const struct delivery_tally *tally)
{
    bool ok = begin(f, "omnitron_releases",
        "Releases of the last run, and those of earlier ones that it took up.");

    for (int v = 0; ok && v < VERDICT_LOST; v++)
        ok = put_count(
            f, "outcome", verdict_name((enum verdict)v), tally->by_verdict[v]);
    return ok;
}

static bool put_open(struct family *f, const struct journal_counts *counts)
{
    static const enum journal_state open[] = {
        JOURNAL_REJECTED, JOURNAL_UNKNOWN, JOURNAL_PENDING};
    bool ok = begin(f, "omnitron_open_releases",
        "Releases in the journal that are not settled, of whichever run.");

    for (size_t i = 0; ok && i < sizeof open / sizeof *open; i++)
        ok = put_count(
            f, "state", journal_state_name(open[i]), counts->by_state[open[i]]);
    return ok && put_count(f, "state", "conflict", counts->conflicts);
}

/* Nobody who asks has to know the hosts: how many it were. */
static bool put_away(struct family *f, const struct away *away)
{
    int64_t n = 0;

    for (size_t i = 0; i < away->n; i++)
        n += away_counts(&away->list[i]);
    return begin(f, "omnitron_hosts_away",
               "Hosts that scripts asked and for which rows of the last run "
               "wait.") &&
           put_count(f, NULL, NULL, n);
}

static bool put_counts(struct family *f, const struct run_result *r)
{
    return put_rows(f, &r->rows) && put_releases(f, &r->tally) &&
           put_open(f, &r->counts) &&
           begin(f, "omnitron_carried_releases",
               "Releases of earlier runs that the last one took up.") &&
           put_count(f, NULL, NULL, r->tally.carried) &&
           begin(f, "omnitron_attempts",
               "Requests for a release that the last run started.") &&
           put_count(f, NULL, NULL, r->tally.attempts) &&
           begin(f, "omnitron_repeated_codes",
               "Codes that stand for more than one item, in the last run.") &&
           put_count(f, NULL, NULL, r->counts.repeated_codes) &&
           begin(f, "omnitron_doubtful_codes",
               "Codes such as NULL/10 that the last run released.") &&
           put_count(f, NULL, NULL, r->tally.doubts.n) && put_away(f, &r->away);
}

bool metrics_put(const struct metrics *metrics, struct buf *out)
{
    struct buf labels = {0};
    struct family f = {.labels = &labels, .out = out};
    bool ok = put_labels(metrics, &labels) && put_end(&f, metrics) &&
              (!metrics->result || put_counts(&f, metrics->result));

    buf_free(&labels);
    return ok;
}
