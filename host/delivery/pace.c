#include "delivery/pace.h"

enum { US_PER_S = 1000000 };

void pace_init(struct pace *pace, double per_second)
{
    *pace = (struct pace){0};
    if (per_second > 0)
        pace->gap_us = (int64_t)(US_PER_S / per_second);
}

bool pace_may_start(const struct pace *pace, int64_t now_us)
{
    return now_us >= pace->next_us;
}

void pace_started(struct pace *pace, int64_t now_us)
{
    pace_hold(pace, now_us + pace->gap_us);
}

void pace_hold(struct pace *pace, int64_t until_us)
{
    if (pace->next_us < until_us)
        pace->next_us = until_us;
}
