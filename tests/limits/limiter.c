#include "limiter.h"

#include <math.h>
#include <stddef.h>

enum { US_PER_S = 1000000, START_S = 1000000 };

double dice_share(struct dice *dice)
{
    dice->state ^= dice->state << 13;
    dice->state ^= dice->state >> 7;
    dice->state ^= dice->state << 17;
    return (double)(dice->state >> 11) / 9007199254740992.0;
}

double dice_wait(struct dice *dice, double mean)
{
    return -mean * log(1 - dice_share(dice));
}

/* The longest window. */
static double span_s(const struct limiter *l)
{
    double span = l->window_s;

    for (size_t i = 0; i < l->options.count; i++)
        span = fmax(span, (double)l->options.rules[i].span_us / US_PER_S);
    return span;
}

void limiter_begin(struct limiter *l, struct dice *dice)
{
    l->limit = limit_new(&l->options);
    l->phase = dice ? dice_share(dice) * span_s(l) : 0;
    l->begun = -INFINITY;
    l->count = l->before = 0;
    l->until_s = 0;
    l->changed = false;
    l->in_flight = 0;
}

void limiter_end(struct limiter *l)
{
    limit_free(l->limit);
    l->limit = NULL;
}

static bool refuse(const struct limiter *l, double wait_s, double *after_s)
{
    switch (l->header) {
    case LIMITER_SECONDS:
        *after_s = ceil(wait_s);
        break;
    case LIMITER_EXACT:
        *after_s = wait_s;
        break;
    case LIMITER_SILENT:
        break;
    }
    return false;
}

/* Not before time 0, where the windows of its clock may begin anywhere. */
static int64_t micros(const struct limiter *l, double now_s)
{
    double span = span_s(l), start_s = ceil(START_S / span) * span;

    return (int64_t)((start_s + l->phase + now_s) * US_PER_S);
}

static void change(struct limiter *l)
{
    struct limit_options options = l->options;

    options.rules[0] = l->change;
    limit_free(l->limit);
    l->limit = limit_new(&options);
    l->changed = true;
}

static bool ask_mock(struct limiter *l, double now_s, double *wait_s)
{
    int64_t wait_us;

    if (l->change_s > 0 && now_s >= l->change_s && !l->changed)
        change(l);
    bool taken = limit_take(l->limit, micros(l, now_s), &wait_us);
    *wait_s = (double)wait_us / US_PER_S;
    return taken;
}

static bool ask_weighed(struct limiter *l, double now_s, double *wait_s)
{
    double begun =
        floor((now_s + l->phase) / l->window_s) * l->window_s - l->phase;
    double share = 1 - (now_s - begun) / l->window_s;

    if (begun > l->begun) {
        l->before = begun - l->begun < l->window_s * 1.5 ? l->count : 0;
        l->begun = begun;
        l->count = 0;
    }
    *wait_s = begun + l->window_s - now_s;
    if (l->before * share + l->count >= l->number)
        return false;
    l->count++;
    return true;
}

static bool ask_penalty(struct limiter *l, double now_s, double *wait_s)
{
    *wait_s = l->until_s - now_s;
    if (*wait_s > 0)
        return false;
    if (ask_mock(l, now_s, wait_s))
        return true;
    limiter_end(l);
    l->limit = limit_new(&l->options);
    l->until_s = now_s + l->shut_s;
    *wait_s = l->shut_s;
    return false;
}

static bool ask_in_flight(struct limiter *l)
{
    if (l->in_flight >= l->number)
        return false;
    l->in_flight++;
    return true;
}

static bool ask(struct limiter *l, double now_s, double *wait_s)
{
    switch (l->kind) {
    case LIMITER_WEIGHED:
        return ask_weighed(l, now_s, wait_s);
    case LIMITER_PENALTY:
        return ask_penalty(l, now_s, wait_s);
    case LIMITER_IN_FLIGHT:
        return ask_in_flight(l);
    case LIMITER_MOCK:
        break;
    }
    return ask_mock(l, now_s, wait_s);
}

bool limiter_ask(
    struct limiter *l, double now_s, double *after_s, double *delay_s)
{
    double wait_s = 0;

    *after_s = *delay_s = 0;
    if (!ask(l, now_s, &wait_s))
        return refuse(l, wait_s, after_s);
    if (l->delays)
        *delay_s = limit_ahead(l->limit) / limiter_rate(l, 0);
    return true;
}

void limiter_answered(struct limiter *l)
{
    if (l->kind == LIMITER_IN_FLIGHT)
        l->in_flight--;
}

double limiter_rate(const struct limiter *l, double latency_s)
{
    double rate = INFINITY;

    if (l->kind == LIMITER_IN_FLIGHT)
        return l->number / latency_s;
    if (l->kind == LIMITER_WEIGHED)
        return l->number / l->window_s;
    for (size_t i = 0; i < l->options.count; i++)
        rate = fmin(rate, (double)l->options.rules[i].number * US_PER_S /
                              (double)l->options.rules[i].span_us);
    return rate - l->others;
}

/* Who knows the limiter sends whenever it lets one through; where one too many
 * shuts it, he knows which. */
static int greedy(const struct limiter *l, int requests, double seconds,
    double latency_s, double *took_s)
{
    struct limiter copy = *l;
    double step_s = 0.02 / limiter_rate(l, latency_s), after_s, delay_s;
    int n = 0;

    if (copy.kind == LIMITER_PENALTY)
        copy.kind = LIMITER_MOCK;
    limiter_begin(&copy, NULL);
    *took_s = 0;
    while (n < requests && *took_s <= seconds) {
        if (limiter_ask(&copy, *took_s, &after_s, &delay_s))
            n++;
        else
            *took_s += step_s;
    }
    limiter_end(&copy);
    return n;
}

double limiter_least_s(const struct limiter *l, int requests, double latency_s)
{
    double took_s;

    if (l->kind == LIMITER_IN_FLIGHT || l->others > 0)
        return requests / limiter_rate(l, latency_s);
    greedy(l, requests, INFINITY, latency_s, &took_s);
    return took_s;
}

int limiter_most(const struct limiter *l, double seconds, double latency_s)
{
    double took_s;

    if (l->kind == LIMITER_IN_FLIGHT || l->others > 0)
        return (int)(limiter_rate(l, latency_s) * seconds);
    return greedy(l, INT32_MAX, seconds, latency_s, &took_s);
}
