/* governor.h: how many releases may be in flight, and how fast they may
 * follow each other, when the profile leaves it to the program. Pure; times
 * in µs, monotonic.
 *
 * The window is for a host that has too much to do. It begins at 1 and doubles
 * with every round of answers until the first sign of
 * back-pressure, then grows by one a round; each sign halves it. Signs: a reply
 * that says "not now", a time-out, two rounds in a row whose mean reply time is
 * above the usual mean by more than the usual spread. Requests that started
 * before a sign say nothing about what was done since.
 *
 * The pace is for a host that counts requests, and is over its limit with one
 * in flight: quota.h finds it from what it refuses. */
#ifndef DELIVERY_GOVERNOR_H
#define DELIVERY_GOVERNOR_H

#include "delivery/quota.h"

#include <stdbool.h>
#include <stdint.h>

enum { GOVERNOR_MOST = 64 };

enum governor_sign {
    GOVERNOR_NOTHING,   // says nothing about the server's load
    GOVERNOR_GOOD,      // a definite answer
    GOVERNOR_THROTTLED, // 429
    GOVERNOR_BUSY,      // another "not now", or no reply in time
};

/* What one run knows at its end and the next may start from; all 0: nothing. */
struct governor_learned {
    int window;
    struct quota_learned quota;
};

struct governor_seen {
    enum governor_sign sign;
    int64_t started_us, now_us;
    int64_t reply_us; // from the request to the reply; 0: not known
    int64_t after_us; // Retry-After, 0: none
    int others;       // requests still in flight
};

struct governor {
    bool fixed; // the profile says how many
    double window;
    bool doubling;
    int64_t cut_us; // the latest sign; what started earlier is not judged
    /* Reply times. */
    double usual_us, spread_us; // 0: not known
    double sum_us, square_sum;  // of this round
    int answers, slow_rounds;
    struct quota quota;
    int64_t judged; // good answers of the run
};

/* `at_once` 0: it finds out, from half of the window and the pace of
 * *learned (all 0: nothing); else that many, always. */
void governor_init(
    struct governor *g, int at_once, const struct governor_learned *learned);

/* Requests that may be in flight: 0 to GOVERNOR_MOST. */
int governor_most(const struct governor *g);

/* Between two starts at least; 0: nothing. */
int64_t governor_gap_us(const struct governor *g);

/* Nothing starts before; 0: nothing is held back. */
int64_t governor_from_us(const struct governor *g);

/* Whether it knows when what was refused may come again, so that it need not
 * wait for a time of its own. */
bool governor_times(const struct governor *g);

/* A request has ended. */
void governor_ended(struct governor *g, const struct governor_seen *seen);

/* False: too little was answered to know anything. */
bool governor_tell(const struct governor *g, struct governor_learned *learned);

#endif
