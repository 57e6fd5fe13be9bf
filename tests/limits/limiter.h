/* limiter.h: servers that count requests, in virtual time: what is let through,
 * and what is said to who is over the limit. Those of the mock, and some that
 * it has not. Times in seconds. */
#ifndef LIMITS_LIMITER_H
#define LIMITS_LIMITER_H

#include "mock/limit.h"

/* A draw at random, the same for the same seed. */
struct dice {
    uint64_t state;
};

double dice_share(struct dice *dice);             // from 0 to below 1
double dice_wait(struct dice *dice, double mean); // of a Poisson process

enum limiter_kind {
    LIMITER_MOCK,
    LIMITER_WEIGHED,  // two windows, the one before counted in part
    LIMITER_PENALTY,  // shut for a while when the mock's would refuse one
    LIMITER_IN_FLIGHT // `number` at once
};

/* Whether who is over the limit is told when to come again. */
enum limiter_header { LIMITER_SILENT, LIMITER_SECONDS, LIMITER_EXACT };

struct limiter {
    const char *name;
    enum limiter_kind kind;
    enum limiter_header header;
    struct limit_options options;
    double number, window_s;  // of what is not the mock's
    double shut_s;            // the penalty
    bool delays;              // nginx without nodelay: each waits for its turn
    double others;            // requests of somebody else a second
    double change_s;          // from then on another limit; 0: never
    struct limit_rule change; // which
    /* State. */
    struct limit *limit;                // owns
    double phase, begun, count, before; // of windows
    double until_s;                     // of the penalty
    bool changed;
    int in_flight;
};

/* As it is before anything was asked, at time 0, which lies anywhere in its
 * windows; without dice at the begin of one. limiter_end is due. */
void limiter_begin(struct limiter *l, struct dice *dice);
void limiter_end(struct limiter *l);

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
