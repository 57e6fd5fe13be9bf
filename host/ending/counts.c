#include "ending/counts.h"

#include "terminal/colour.h"

static bool put(const struct script_rows *rows, const int64_t *verdicts,
    bool colour, struct buf *out)
{
    const struct {
        const char *word;
        int64_t n;
        enum colour colour;
    } parts[] = {
        {"released", verdicts[VERDICT_CONFIRMED], COLOUR_GREEN},
        {"already released", verdicts[VERDICT_ALREADY], COLOUR_NONE},
        {"rejected", verdicts[VERDICT_REJECTED], COLOUR_RED},
        {"in conflict", verdicts[VERDICT_CONFLICT], COLOUR_RED},
        {"unknown", verdicts[VERDICT_UNKNOWN], COLOUR_RED},
        {"kept for the next run", verdicts[VERDICT_PENDING], COLOUR_YELLOW},
        {"lost from sight", verdicts[VERDICT_LOST], COLOUR_RED},
        {"waiting", rows->later, COLOUR_YELLOW},
        {"skipped", rows->skipped, COLOUR_NONE},
        {"failed", rows->failed, COLOUR_RED},
        {"invalid", rows->invalid, COLOUR_RED},
    };
    bool ok = true;

    for (size_t i = 0; ok && i < sizeof parts / sizeof *parts; i++)
        if (parts[i].n || i == 0) {
            ok = buf_printf(
                     out, "%s%lld ", i ? ", " : "", (long long)parts[i].n) &&
                 colour_put(out,
                     colour && parts[i].n ? parts[i].colour : COLOUR_NONE,
                     parts[i].word);
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
