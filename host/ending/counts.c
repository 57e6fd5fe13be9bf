#include "ending/counts.h"

#include <string.h>

const struct counts_end counts_ends[COUNTS_ENDS] = {
    [VERDICT_CONFIRMED] = {"released", "released", COLOUR_GREEN},
    [VERDICT_ALREADY] = {"already released", "already", COLOUR_NONE},
    [VERDICT_REJECTED] = {"rejected", "rejected", COLOUR_RED},
    [VERDICT_CONFLICT] = {"in conflict", "in conflict", COLOUR_RED},
    [VERDICT_UNKNOWN] = {"unknown", "unknown", COLOUR_RED},
    [VERDICT_PENDING] = {"kept for the next run", "kept", COLOUR_YELLOW},
    [VERDICT_LOST] = {"lost from sight", "lost", COLOUR_RED},
    [COUNTS_SKIPPED] = {"skipped", "skipped", COLOUR_NONE},
    [COUNTS_LATER] = {"waiting", "wait", COLOUR_YELLOW},
    [COUNTS_FAILED] = {"failed", "failed", COLOUR_RED},
    [COUNTS_INVALID] = {"invalid", "invalid", COLOUR_RED},
};

static enum input_end of_row(int end)
{
    static const enum input_end of_rows[COUNTS_ENDS - VERDICTS] = {
        INPUT_SKIPPED, INPUT_LATER, INPUT_FAILED, INPUT_INVALID};

    return of_rows[end - VERDICTS];
}

bool counts_needs_person(int end)
{
    if (end < VERDICTS)
        return end == VERDICT_REJECTED || end == VERDICT_CONFLICT;
    return input_end_needs_person(of_row(end));
}

int counts_read(const char *name)
{
    for (int end = 0; end < COUNTS_ENDS; end++) {
        const char *its = end < VERDICTS ? verdict_name((enum verdict)end)
                                         : input_end_name(of_row(end));
        if (strcmp(its, name) == 0)
            return end;
    }
    return -1;
}

int64_t counts_of(
    int end, const struct script_rows *rows, const int64_t *verdicts)
{
    return end < VERDICTS ? verdicts[end] : rows->by_end[of_row(end)];
}

/* The first is said when there is none, too. */
static bool put(const struct script_rows *rows, const int64_t *verdicts,
    bool colour, struct buf *out)
{
    static const int order[COUNTS_ENDS] = {VERDICT_CONFIRMED, VERDICT_ALREADY,
        VERDICT_REJECTED, VERDICT_CONFLICT, VERDICT_UNKNOWN, VERDICT_PENDING,
        VERDICT_LOST, COUNTS_LATER, COUNTS_SKIPPED, COUNTS_FAILED,
        COUNTS_INVALID};
    bool ok = true;

    for (int i = 0; ok && i < COUNTS_ENDS; i++) {
        const struct counts_end *end = &counts_ends[order[i]];
        int64_t n = counts_of(order[i], rows, verdicts);
        if (n || i == 0)
            ok = buf_printf(out, "%s%lld ", i ? ", " : "", (long long)n) &&
                 colour_put(
                     out, colour && n ? end->colour : COLOUR_NONE, end->words);
    }
    return ok;
}

bool counts_put(const struct script_rows *rows,
    const struct delivery_tally *tally, bool colour, struct buf *out)
{
    return put(rows, tally->by_verdict, colour, out);
}

/* What came of this run's own releases; whether there were any. */
static bool own_verdicts(const struct delivery_tally *tally, int64_t *own)
{
    int64_t sum = 0;

    for (int i = 0; i < VERDICTS; i++) {
        own[i] = tally->by_verdict[i] - tally->carried_by_verdict[i];
        sum += own[i];
    }
    return sum > 0;
}

bool counts_put_totals(const struct script_rows *rows,
    const struct delivery_tally *tally, bool colour, struct buf *out)
{
    static const struct script_rows none;
    long long n = (long long)rows->rows, kept = (long long)tally->carried;
    int64_t own[VERDICTS];
    bool any = own_verdicts(tally, own);
    bool ok = buf_printf(out, "%lld %s", n, n == 1 ? "line" : "lines");

    if (ok && (n || any || !kept))
        ok = buf_puts(out, ": ") && put(rows, own, colour, out);
    return ok &&
           (!kept ||
               (buf_printf(out, ". Of %lld kept by earlier runs: ", kept) &&
                   put(&none, tally->carried_by_verdict, colour, out)));
}
