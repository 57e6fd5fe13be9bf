/* limiter.h: servers that count requests, in virtual time: what is allowed, and
 * what is said to who is over the limit. Times in seconds. */
#ifndef LIMITS_LIMITER_H
#define LIMITS_LIMITER_H

#include <stdbool.h>
#include <stdint.h>

/* A draw at random, the same for the same seed. */
struct dice {
    uint64_t state;
};

double dice_share(struct dice *dice);             // from 0 to below 1
double dice_wait(struct dice *dice, double mean); // of a Poisson process

enum limiter_kind {
    LIMITER_LOG,      // a log of the accepted: Django REST framework
    LIMITER_WINDOW,   // so many in each window, which begin at fixed times
    LIMITER_WEIGHED,  // two windows, the one before counted in part
    LIMITER_BUCKET,   // tokens; GCRA is the same
    LIMITER_NGINX,    // limit_req: the leaky bucket
    LIMITER_PENALTY,  // a log, and shut for a while when it is full
    LIMITER_IN_FLIGHT // so many at once
};

/* Whether who is over the limit is told when to come again. */
enum limiter_header { LIMITER_SILENT, LIMITER_SECONDS, LIMITER_EXACT };

enum { LIMITER_LOG_MOST = 2048 };

struct limiter_log {
    double at[LIMITER_LOG_MOST];
    int first, len;
};

struct limiter {
    const char *name;
    enum limiter_kind kind;
    enum limiter_header header;
    double per_second;         // of a bucket
    double number, window_s;   // of a log or window; the burst of a bucket
    double number2, window2_s; // a second log, that of an hour; 0: none
    double shut_s;             // the penalty
    double lost_s; // of two requests so close one is not written down
    double delays; // nginx without nodelay: they wait for their turn
    double others; // requests of somebody else a second
    double change_s, changed; // from then on another per_second; 0: never
    /* State. */
    struct limiter_log log, log2;
    double phase, begun, count, before; // of windows
    double tokens, last_s;              // of buckets
    double until_s;                     // of the penalty
    int in_flight;
};

/* As it is before anything was asked, at time 0. */
void limiter_begin(struct limiter *l, struct dice *dice);

/* Whether a request that comes in now is let through. `*after_s`: Retry-After,
 * 0: none; `*delay_s`: how much longer it takes. */
bool limiter_ask(
    struct limiter *l, double now_s, double *after_s, double *delay_s);

/* The answer to one that was let through has gone. */
void limiter_answered(struct limiter *l);

/* What it lets through in the long run, a second. */
double limiter_rate(const struct limiter *l, double latency_s);

/* The least time in which so many can be let through; how many can in a time.
 * As if nobody else were there. */
double limiter_least_s(const struct limiter *l, int requests, double latency_s);
int limiter_most(const struct limiter *l, double seconds, double latency_s);

#endif
