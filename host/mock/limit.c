#include "mock/limit.h"

bool limit_take(struct limit *limit, unsigned per_second, int64_t now_us)
{
    double most = per_second > 10 ? per_second / 10.0 : 1;

    limit->used -= (double)(now_us - limit->at_us) * per_second / 1e6;
    limit->at_us = now_us;
    if (limit->used < 0)
        limit->used = 0;
    if (per_second > 0 && limit->used > most - 1)
        return false;
    limit->used++;
    return true;
}
