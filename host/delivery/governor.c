#include "delivery/governor.h"

#include <math.h>

enum {
    US_PER_S = 1000000,
    LEAST_ROUND = 8,       // answers that a mean is taken of
    SLOW_LEAST_US = 10000, // a rise by less is never a sign
    SLOW_ROUNDS = 2,
    ENOUGH = 64, // answers from which something was learned
    STREAK_MAX = 3,
    STEADY_S = 10, // without a 429, after which the pace rises faster
    DOUBLINGS_MAX = 6,
    PACE_MOST = 100000, // a second: more is no limit
};

static const double seek = 0.2;  // of the pace, what it rises in a second
static const double feel = 0.01; // the same, when the limit is known
static const double found = 0.9; // of the pace that met the limit, seeking
static const double cuts[STREAK_MAX + 1] = {0.95, 0.9, 0.8, 0.5};
static const double least_pace = 0.1; // a second

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
    if (learned->per_second > 0)
        g->per_second = between(least_pace, learned->per_second, PACE_MOST);
}

int governor_most(const struct governor *g)
{
    return g->draining ? 0 : (int)g->window;
}

int64_t governor_gap_us(const struct governor *g)
{
    return g->per_second > 0 ? (int64_t)(US_PER_S / g->per_second) : 0;
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

/* By a share in a second; the longer nothing is throttled, the faster. */
static void quicken(struct governor *g)
{
    if (g->per_second <= 0)
        return;
    double step = g->seeking ? seek : feel;

    g->calm_s += 1 / g->per_second;

    g->per_second +=
        ldexp(step, (int)between(0, g->calm_s / STEADY_S, DOUBLINGS_MAX));
    if (g->per_second > PACE_MOST)
        g->per_second = 0;
}

static void good(struct governor *g, const struct governor_seen *seen)
{
    g->judged++;
    if (seen->started_us < g->cut_us || g->draining)
        return;
    widen(g, seen->others);
    quicken(g);
    measure(g, seen);
}

static void begin_drain(struct governor *g, const struct governor_seen *seen)
{
    halve(g, seen->now_us);
    g->draining = true;
    g->from_us = seen->started_us;
    g->drained = g->passed = 0;
}

/* The first pace: what got through of those that started between the first
 * that was throttled and its reply; if they were few, it is at most half of
 * what they tried. */
static void end_drain(struct governor *g, int64_t now_us)
{
    double span_s = fmax((double)(g->cut_us - g->from_us), 1000) / US_PER_S;
    double tried = g->drained / span_s;
    double most = tried * (g->drained < LEAST_ROUND ? 0.5 : 0.9);

    g->per_second =
        between(least_pace, fmin((g->passed + 1.5) / span_s, most), PACE_MOST);
    g->draining = false;
    g->seeking = true;
    g->calm_s = 0;
    g->streak = 0;
    g->throttled_us = g->cut_us = now_us;
}

/* The window keeps what the pace needs. */
static void slow_down(struct governor *g, int64_t now_us)
{
    bool again = now_us - g->throttled_us < US_PER_S;
    double window = g->window;

    g->streak = !again                   ? 0
                : g->streak < STREAK_MAX ? g->streak + 1
                                         : STREAK_MAX;
    g->per_second *= g->seeking && !again ? found : cuts[g->streak];
    g->per_second = between(least_pace, g->per_second, PACE_MOST);
    g->seeking = g->seeking && again;
    g->calm_s = 0;
    g->throttled_us = now_us;
    halve(g, now_us);
    double need = 2 + 1.5 * g->per_second * g->usual_us / US_PER_S;
    g->window = fmin(window, fmax(g->window, need));
}

/* The first pace was too quick by far: enough are out to take another. */
static bool is_far_off(
    const struct governor *g, const struct governor_seen *seen)
{
    return g->seeking && seen->others >= LEAST_ROUND &&
           seen->now_us - g->throttled_us < US_PER_S;
}

static void throttled(struct governor *g, const struct governor_seen *seen)
{
    if (seen->started_us < g->cut_us || g->draining)
        return;
    if (g->per_second <= 0 || is_far_off(g, seen))
        begin_drain(g, seen);
    else
        slow_down(g, seen->now_us);
}

static void count_drained(struct governor *g, const struct governor_seen *seen)
{
    if (seen->started_us >= g->from_us) {
        g->drained++;
        g->passed += seen->sign == GOVERNOR_GOOD;
    }
    if (seen->others == 0)
        end_drain(g, seen->now_us);
}

void governor_ended(struct governor *g, const struct governor_seen *seen)
{
    if (g->fixed)
        return;
    if (seen->sign == GOVERNOR_GOOD)
        good(g, seen);
    else if (seen->sign == GOVERNOR_THROTTLED)
        throttled(g, seen);
    else if (seen->sign == GOVERNOR_BUSY && seen->started_us >= g->cut_us)
        halve(g, seen->now_us);
    if (g->draining)
        count_drained(g, seen);
}

bool governor_tell(const struct governor *g, struct governor_learned *learned)
{
    if (g->fixed || g->judged < ENOUGH)
        return false;
    learned->window = (int)g->window;
    learned->per_second = g->per_second;
    return true;
}
