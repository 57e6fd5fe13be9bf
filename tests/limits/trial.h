/* trial.h: one run of releases against a limiter, in virtual time: the
 * program's own governor and pace are what is tried. */
#ifndef LIMITS_TRIAL_H
#define LIMITS_TRIAL_H

#include "delivery/governor.h"
#include "limiter.h"

struct trial {
    struct limiter limiter;
    double latency_s;
    double jitter_s; // mean
    uint64_t seed;
    int rows;                        // it ends when so many were let through,
    double seconds;                  // or when this is over; 0: none
    struct governor_learned learned; // before, and afterwards
};

struct trial_result {
    int passed, refused;
    double took_s;
};

struct trial_result trial_run(struct trial *trial);

#endif
