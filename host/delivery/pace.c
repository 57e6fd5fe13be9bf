#include "delivery/pace.h"

enum { US_PER_S = 1000000 };

void pace_init(struct pace *pace, double per_second)
{
    *pace = (struct pace){0};
    if (per_second > 0)
        pace->least_gap_us = (int64_t)(US_PER_S / per_second);
    pace->gap_us = pace->least_gap_us;
}

void pace_space(struct pace *pace, int64_t gap_us)
{
    pace->gap_us = gap_us > pace->least_gap_us ? gap_us : pace->least_gap_us;
}

bool pace_may_start(const struct pace *pace, int64_t now_us)
{
    return now_us >= pace->next_us;
}

/* A little late, the schedule stands. */
void pace_started(struct pace *pace, int64_t now_us)
{
    int64_t late_us = now_us - pace->next_us;
    bool stands = late_us >= 0 && late_us <= PACE_LATE_US;

    pace_hold(pace, (stands ? pace->next_us : now_us) + pace->gap_us);
}

void pace_hold(struct pace *pace, int64_t until_us)
{
    if (pace->next_us < until_us)
        pace->next_us = until_us;
}
