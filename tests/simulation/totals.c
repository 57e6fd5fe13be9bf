#include "totals.h"

#include <stdio.h>

static struct {
    int64_t runs, requests, odd_rows, stops[STOP_LEAVE + 1], verdicts[VERDICTS];
} totals;

void totals_add(const struct world *w)
{
    const struct delivery_tally *tally = delivery_tally(w->delivery);

    totals.runs++;
    totals.requests += w->started;
    totals.odd_rows += w->odd_rows;
    totals.stops[delivery_stopped(w->delivery)->why]++;
    for (int i = 0; i < VERDICTS; i++)
        totals.verdicts[i] += tally->by_verdict[i];
}

bool totals_show(void)
{
    bool all = totals.odd_rows > 0;

    printf("# %lld runs to their end, %lld requests, %lld looks after refusals;"
           " verdicts:",
        (long long)totals.runs, (long long)totals.requests,
        (long long)totals.odd_rows);
    for (int i = 0; i < VERDICTS; i++) {
        printf(" %s %lld", verdict_name((enum verdict)i),
            (long long)totals.verdicts[i]);
        all &= totals.verdicts[i] > 0;
    }
    printf("\n# stops:");
    for (int i = 0; i <= STOP_LEAVE; i++) {
        printf(" %s %lld", stop_reason_name((enum stop_reason)i),
            (long long)totals.stops[i]);
        all &= totals.stops[i] > 0;
    }
    printf("\n");
    return all;
}
