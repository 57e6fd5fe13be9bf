#include "ending/notice_over.h"

#include "ending/counts.h"

#include <inttypes.h>

/* What the host does again, after its name. */
static const char *const ends[] = {
    [STOP_TOKEN] = "takes the token again",
    [STOP_PASSWORD] = "takes the user name and the password again",
    [STOP_PREFIX] = "knows the API again",
    [STOP_FORBIDDEN] = "allows releases again",
    [STOP_NO_ANSWER] = "answers again",
    [STOP_UNKNOWN] = "answers again",
    [STOP_REJECTED] = "takes releases again",
    [STOP_REDIRECT] = "takes requests where the profile says it is again",
    [STOP_LEAVE] = NULL,
};

bool notice_over_put_span(struct buf *out, int64_t ms)
{
    int64_t s = ms < 0 ? 0 : ms / 1000, min = s / 60, h = min / 60;

    if (s < 60)
        return buf_printf(out, "%" PRId64 " s", s);
    if (h == 0)
        return buf_printf(out, "%" PRId64 " min", min);
    if (h < 48)
        return buf_printf(out, "%" PRId64 " h %02" PRId64 " min", h, min % 60);
    return buf_printf(out, "%" PRId64 " days %" PRId64 " h", h / 24, h % 24);
}

/* "480 kept releases were sent, all confirmed." What was kept is not told
 * from what this run brought, where that is not so simple. */
static bool put_kept(
    struct buf *out, int64_t kept, const struct ending_run *run)
{
    const int64_t *n = run->tally->by_verdict;
    bool all = !n[VERDICT_REJECTED] && !n[VERDICT_CONFLICT] &&
               !n[VERDICT_UNKNOWN] && !n[VERDICT_LOST];

    if (kept <= 0)
        return true;
    if (run->open_pending)
        return buf_printf(out, " %" PRId64 " %s kept, %" PRId64 " still %s.",
            kept, kept == 1 ? "release was" : "releases were",
            run->open_pending, run->open_pending == 1 ? "is" : "are");
    return buf_printf(out, " %" PRId64 " kept %s sent%s", kept,
               kept == 1 ? "release was" : "releases were",
               all ? kept == 1 ? ", and confirmed." : ", all confirmed."
                   : "; of this run: ") &&
           (all || (counts_put(run->rows, run->tally, false, out) &&
                       buf_putc(out, '.')));
}

static bool put_stop(
    struct buf *out, const struct notice *trouble, const struct ending_run *run)
{
    const char *says = trouble->about < sizeof ends / sizeof *ends
                           ? ends[trouble->about]
                           : NULL;

    if (!says)
        return true;
    return buf_printf(out, "%s: %s %s after ", run->label, run->host, says) &&
           notice_over_put_span(out, run->started_at - trouble->since) &&
           buf_putc(out, '.') && put_kept(out, trouble->count, run) &&
           buf_putc(out, '\n');
}

static bool put_after(struct buf *out, const struct notice *trouble,
    const struct ending_run *run, const char *says)
{
    return buf_printf(out, "%s: %s after ", run->label, says) &&
           notice_over_put_span(out, run->started_at - trouble->since) &&
           (!trouble->text[0] ||
               buf_printf(out, ". It was: %s", trouble->text)) &&
           buf_puts(out, trouble->text[0] ? "\n" : ".\n");
}

/* What was not said is not over. */
static bool put_host_away(
    struct buf *out, const struct notice *trouble, const struct ending_run *run)
{
    if (trouble->count <= run->quiet_runs)
        return true;
    return buf_printf(
               out, "%s: %s answers again after ", run->label, trouble->text) &&
           notice_over_put_span(out, run->started_at - trouble->since) &&
           buf_puts(out, ".\n");
}

static bool put_no_more(
    struct buf *out, const struct ending_run *run, const char *what)
{
    return buf_printf(out, "%s: no %s any more.\n", run->label, what);
}

bool notice_over_put(
    struct buf *out, const struct notice *trouble, const struct ending_run *run)
{
    static const char unknown[] = "release is unknown";

    switch (trouble->kind) {
    case NOTICE_STOP:
        return put_stop(out, trouble, run);
    case NOTICE_HELD:
        return buf_printf(out,
            "%s: the run that held the journal has ended, this one went on.\n",
            run->label);
    case NOTICE_DISK:
        return put_after(out, trouble, run, "the journal works again");
    case NOTICE_SETUP:
        return put_after(out, trouble, run, "runs begin again");
    case NOTICE_AWAY:
        return put_host_away(out, trouble, run);
    case NOTICE_FAULT:
        return buf_printf(
            out, "%s: %s comes to its end again.\n", run->label, run->script);
    case NOTICE_CROWD:
        return put_no_more(
            out, run, trouble->scope ? "line needs a person" : unknown);
    case NOTICE_ROW:
        return put_no_more(out, run, "line needs a person");
    case NOTICE_UNKNOWN:
        return put_no_more(out, run, unknown);
    case NOTICE_REFUSED:
        return put_no_more(out, run, "release is rejected or in conflict");
    case NOTICE_KEPT:
    case NOTICE_LOG:
    case NOTICE_OTHER:
    case NOTICE_KINDS:
        break;
    }
    return true;
}
