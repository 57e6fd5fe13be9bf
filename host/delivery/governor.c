#include "delivery/governor.h"

#include <math.h>

enum {
    LEAST_ROUND = 8,       // answers that a mean is taken of
    SLOW_LEAST_US = 10000, // a rise by less is never a sign
    SLOW_ROUNDS = 2,
    ENOUGH = 64 // answers from which something was learned
};

static double between(double low, double value, double high)
{
    return value < low ? low : value > high ? high : value;
}

void governor_init(
    struct governor *g, int at_once, const struct governor_learned *learned)
{
    *g = (struct governor){.fixed = at_once > 0, .window = at_once};
    if (g->fixed)
        return;
    g->doubling = true;
    g->window = between(1, learned->window / 2, GOVERNOR_MOST);
    quota_init(&g->quota, &learned->quota);
}

int governor_most(const struct governor *g)
{
    return quota_most(&g->quota, (int)g->window);
}

int64_t governor_gap_us(const struct governor *g)
{
    return quota_gap_us(&g->quota);
}

int64_t governor_from_us(const struct governor *g)
{
    return g->quota.from_us;
}

bool governor_times(const struct governor *g)
{
    return g->quota.stage == QUOTA_PACED || g->quota.told;
}

static void new_round(struct governor *g)
{
    g->sum_us = g->square_sum = 0;
    g->answers = 0;
}

static void halve(struct governor *g, int64_t now_us)
{
    g->window = between(1, g->window / 2, GOVERNOR_MOST);
    g->doubling = false;
    g->cut_us = now_us;
    g->slow_rounds = 0;
    new_round(g);
}

/* A low mean is believed at once, a high one by and by: otherwise a server
 * that is overrun would soon be the usual one. */
static void learn_usual(struct governor *g, double mean, double spread)
{
    if (g->usual_us <= 0) {
        g->usual_us = mean;
        g->spread_us = spread;
        return;
    }
    g->usual_us += (mean - g->usual_us) / (mean < g->usual_us ? 2 : 64);
    g->spread_us += (spread - g->spread_us) / (spread < g->spread_us ? 2 : 64);
}

static bool is_slow(const struct governor *g, double mean)
{
    double rise = fmax(g->usual_us / 2, 2 * g->spread_us);

    return g->usual_us > 0 && mean > g->usual_us + fmax(rise, SLOW_LEAST_US);
}

static void end_round(struct governor *g, int64_t now_us)
{
    double mean = g->sum_us / g->answers;
    double spread = sqrt(fmax(g->square_sum / g->answers - mean * mean, 0));

    g->slow_rounds = is_slow(g, mean) ? g->slow_rounds + 1 : 0;
    if (g->slow_rounds >= SLOW_ROUNDS)
        halve(g, now_us);
    else if (g->slow_rounds == 0)
        learn_usual(g, mean, spread);
    new_round(g);
}

static void measure(struct governor *g, const struct governor_seen *seen)
{
    double us = (double)seen->reply_us;

    if (seen->reply_us <= 0)
        return;
    g->sum_us += us;
    g->square_sum += us * us;
    g->answers++;
    if (g->answers >= LEAST_ROUND && g->answers >= (int)g->window)
        end_round(g, seen->now_us);
}

/* Only a window that is used can be known to be too small. */
static void widen(struct governor *g, int others)
{
    if (2.0 * (others + 1) < g->window)
        return;
    g->window += g->doubling ? 1 : 1 / g->window;
    g->window = between(1, g->window, GOVERNOR_MOST);
}

static void good(struct governor *g, const struct governor_seen *seen)
{
    g->judged++;
    if (seen->started_us < g->cut_us || g->quota.stage == QUOTA_DRAIN)
        return;
    widen(g, seen->others);
    measure(g, seen);
}

static void tell_quota(struct governor *g, const struct governor_seen *seen)
{
    struct quota_seen told = {seen->sign == GOVERNOR_GOOD, seen->started_us,
        seen->now_us, seen->reply_us, seen->after_us, seen->others};

    if (seen->sign == GOVERNOR_GOOD || seen->sign == GOVERNOR_THROTTLED)
        quota_ended(&g->quota, &told);
    else
        quota_left(&g->quota, seen->now_us, seen->others);
}

void governor_ended(struct governor *g, const struct governor_seen *seen)
{
    if (g->fixed)
        return;
    if (seen->sign == GOVERNOR_GOOD)
        good(g, seen);
    else if (seen->sign == GOVERNOR_BUSY && seen->started_us >= g->cut_us)
        halve(g, seen->now_us);
    tell_quota(g, seen);
}

bool governor_tell(const struct governor *g, struct governor_learned *learned)
{
    if (g->fixed || g->judged < ENOUGH)
        return false;
    learned->window = (int)g->window;
    quota_tell(&g->quota, &learned->quota);
    return true;
}
