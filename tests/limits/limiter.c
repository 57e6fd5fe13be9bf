#include "limiter.h"

#include <math.h>
#include <stddef.h>

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

static void forget(struct limiter_log *log, double until_s)
{
    while (log->len && log->at[log->first] <= until_s) {
        log->first = (log->first + 1) % LIMITER_LOG_MOST;
        log->len--;
    }
}

static void write_down(struct limiter_log *log, double now_s)
{
    log->at[(log->first + log->len++) % LIMITER_LOG_MOST] = now_s;
}

void limiter_begin(struct limiter *l, struct dice *dice)
{
    l->log.len = l->log2.len = 0;
    l->phase = dice ? dice_share(dice) * l->window_s : 0;
    l->begun = -INFINITY;
    l->count = l->before = 0;
    l->tokens = l->number;
    l->last_s = l->kind == LIMITER_NGINX ? -INFINITY : 0;
    l->until_s = 0;
    l->in_flight = 0;
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

static bool is_full(struct limiter_log *log, double number, double window_s,
    double now_s, double *wait_s)
{
    forget(log, now_s - window_s);
    if (number <= 0 || log->len < number)
        return false;
    *wait_s = fmax(*wait_s, window_s - (now_s - log->at[log->first]));
    return true;
}

static bool ask_log(struct limiter *l, double now_s, double *after_s)
{
    double wait_s = 0;
    bool full = is_full(&l->log, l->number, l->window_s, now_s, &wait_s);

    full |= is_full(&l->log2, l->number2, l->window2_s, now_s, &wait_s);
    if (full)
        return refuse(l, wait_s, after_s);
    int last = (l->log.first + l->log.len - 1) % LIMITER_LOG_MOST;
    if (l->log.len && now_s - l->log.at[last] < l->lost_s)
        l->log.at[last] = now_s;
    else
        write_down(&l->log, now_s);
    if (l->number2 > 0)
        write_down(&l->log2, now_s);
    return true;
}

static double begin_of(const struct limiter *l, double now_s)
{
    return floor((now_s + l->phase) / l->window_s) * l->window_s - l->phase;
}

static bool ask_window(struct limiter *l, double now_s, double *after_s)
{
    double begun = begin_of(l, now_s);
    double share = 1 - (now_s - begun) / l->window_s;

    if (begun > l->begun) {
        l->before = begun - l->begun < l->window_s * 1.5 ? l->count : 0;
        l->begun = begun;
        l->count = 0;
    }
    if (l->kind == LIMITER_WINDOW)
        share = 0;
    if (l->before * share + l->count >= l->number)
        return refuse(l, begun + l->window_s - now_s, after_s);
    l->count++;
    return true;
}

static bool ask_bucket(struct limiter *l, double now_s, double *after_s)
{
    bool changed = l->change_s > 0 && now_s >= l->change_s;
    double rate = changed ? l->changed : l->per_second;

    l->tokens = fmin(l->number, l->tokens + (now_s - l->last_s) * rate);
    l->last_s = now_s;
    if (l->tokens < 1)
        return refuse(l, (1 - l->tokens) / rate, after_s);
    l->tokens--;
    return true;
}

/* Its module counts the excess. */
static bool ask_nginx(
    struct limiter *l, double now_s, double *after_s, double *delay_s)
{
    double excess = 0;

    if (isfinite(l->last_s))
        excess = fmax(0, l->count - (now_s - l->last_s) * l->per_second + 1);
    if (excess > l->number + 1e-9)
        return refuse(l, 1, after_s);
    *delay_s = l->delays * excess / l->per_second;
    l->count = excess;
    l->last_s = now_s;
    return true;
}

static bool ask_penalty(struct limiter *l, double now_s, double *after_s)
{
    double wait_s = 0;

    if (now_s < l->until_s)
        return refuse(l, l->until_s - now_s, after_s);
    if (!is_full(&l->log, l->number, l->window_s, now_s, &wait_s)) {
        write_down(&l->log, now_s);
        return true;
    }
    l->until_s = now_s + l->shut_s;
    l->log.len = 0;
    return refuse(l, l->shut_s, after_s);
}

bool limiter_ask(
    struct limiter *l, double now_s, double *after_s, double *delay_s)
{
    *after_s = *delay_s = 0;
    switch (l->kind) {
    case LIMITER_LOG:
        return ask_log(l, now_s, after_s);
    case LIMITER_WINDOW:
    case LIMITER_WEIGHED:
        return ask_window(l, now_s, after_s);
    case LIMITER_BUCKET:
        return ask_bucket(l, now_s, after_s);
    case LIMITER_NGINX:
        return ask_nginx(l, now_s, after_s, delay_s);
    case LIMITER_PENALTY:
        return ask_penalty(l, now_s, after_s);
    case LIMITER_IN_FLIGHT:
        break;
    }
    if (l->in_flight >= l->number)
        return false;
    l->in_flight++;
    return true;
}

void limiter_answered(struct limiter *l)
{
    if (l->kind == LIMITER_IN_FLIGHT)
        l->in_flight--;
}

double limiter_rate(const struct limiter *l, double latency_s)
{
    switch (l->kind) {
    case LIMITER_BUCKET:
    case LIMITER_NGINX:
        return l->per_second;
    case LIMITER_IN_FLIGHT:
        return l->number / latency_s;
    case LIMITER_LOG:
    case LIMITER_WINDOW:
    case LIMITER_WEIGHED:
    case LIMITER_PENALTY:
        break;
    }
    double rate = l->number / l->window_s;
    double rate2 = l->number2 > 0 ? l->number2 / l->window2_s : rate;
    return fmin(rate, rate2) - l->others;
}

/* Who knows the limiter sends whenever it lets one through; where one too many
 * shuts it, it is the log that he knows. */
static int greedy(const struct limiter *l, int requests, double seconds,
    double latency_s, double *took_s)
{
    struct limiter copy = *l;
    double step_s = 0.02 / limiter_rate(l, latency_s), after_s, delay_s;
    int n = 0;

    if (copy.kind == LIMITER_PENALTY)
        copy.kind = LIMITER_LOG;
    copy.lost_s = 0;
    limiter_begin(&copy, NULL);
    *took_s = 0;
    while (n < requests && *took_s <= seconds) {
        if (limiter_ask(&copy, *took_s, &after_s, &delay_s))
            n++;
        else
            *took_s += step_s;
    }
    return n;
}

double limiter_least_s(const struct limiter *l, int requests, double latency_s)
{
    double took_s;

    if (l->kind == LIMITER_IN_FLIGHT)
        return requests / limiter_rate(l, latency_s);
    if (l->others > 0)
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
