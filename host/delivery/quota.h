/* quota.h: how fast a host lets requests through that counts them, found from
 * its answers alone. Pure; times in µs, monotonic.
 *
 * Until something is refused nothing is known and nothing is held back. What
 * passed between the end of one refusal and the end of the next, divided by
 * that time, is the limiter's rate whatever its kind: a window has given out
 * its number, a bucket was empty at both ends. So after the first refusal all
 * requests come back, one alone finds its end (at the time that the host
 * named, else at distances that double), and from then on they follow each
 * other evenly a little below that rate. The pace grows again by answers, not
 * by time: some hundred of them pay for one refusal, more where one costs
 * more. */
#ifndef DELIVERY_QUOTA_H
#define DELIVERY_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

enum quota_stage {
    QUOTA_FREE,  // nothing was refused yet
    QUOTA_DRAIN, // nothing starts until all are back
    QUOTA_PROBE, // one alone
    QUOTA_PACED
};

/* What one run knows at its end and the next may start from; all 0: nothing. */
struct quota_learned {
    double per_second; // 0: no limit was met
    double silence_s;  // that a refusal costs
    int64_t calm;      // passed since the latest one
    bool carries;      // see struct quota
};

struct quota_seen {
    bool passed; // false: refused, because there were too many
    int64_t started_us, now_us;
    int64_t reply_us; // from the request to the reply; 0: not known
    int64_t after_us; // Retry-After, 0: none
    int others;       // requests still in flight
};

struct quota {
    enum quota_stage stage;
    double per_second; // 0: not known
    double silence_s;  // mean
    int64_t from_us;   // nothing starts before
    int64_t cut_us;    // what started earlier is not judged
    double reply_s;    // mean; 0: not known
    int64_t all;       // passed in the run
    int64_t calm;      // passed since the latest refusal
    /* This cycle, and those that were too short to say much, added up. */
    bool begun;
    int64_t cycle_us; // its begin
    int64_t passed;
    double short_s;
    int64_t short_passed;
    int64_t evidence; // passed in what the pace was found from
    bool ramp;        // that was while the window was still growing
    double first_s;   // the first one, until another has said as much; 0: none
    int64_t first_passed;
    /* The refusal under way. */
    int64_t refused_us; // start of the first that met it
    int64_t drained_us;
    int64_t shut_us; // how long it certainly lasted; 0: not known
    int64_t gap_us;  // before the next probe
    bool told;       // the host said how long
    int drained, drained_passed;
    bool in_passing; // the refusal before was taken without a probe
    /* A pace on trial: a refusal that follows soon brings back the one that was
     * `before`; 0: none. */
    double before;
    int64_t trial_all; // passed when it began
    /* How quick the latest answers were: when some of them came. */
    int64_t mark_us[2], mark_passed;
    bool carries; // what was not used is saved up, as in a bucket: the latest
                  // answers were quicker than the limit
    /* What passed at once before the first refusal comes back when its window
     * ends, however long that is. */
    int64_t burst, burst_us;
    int echo; // the next length of a window at which it may
};

/* From *learned. */
void quota_init(struct quota *q, const struct quota_learned *learned);

/* Requests that may be in flight, of `window` that the load allows. */
int quota_most(const struct quota *q, int window);

/* Between two starts at least; 0: nothing. */
int64_t quota_gap_us(const struct quota *q);

/* A request has ended. */
void quota_ended(struct quota *q, const struct quota_seen *seen);

/* One has ended that says nothing of a limit. */
void quota_left(struct quota *q, int64_t now_us, int others);

void quota_tell(const struct quota *q, struct quota_learned *learned);

#endif
