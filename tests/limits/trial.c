#include "trial.h"

#include "delivery/pace.h"

#include <math.h>
#include <stddef.h>

enum { US_PER_S = 1000000, START_US = 1000, BEFORE_S = 60 };

struct request {
    double next_s; // when it comes in, or its answer back
    double started_s, after_s;
    bool used, answered, passed;
};

struct world {
    struct trial *trial;
    struct limiter *limiter;
    struct governor governor;
    struct pace pace;
    struct dice dice;
    struct request requests[GOVERNOR_MOST];
    int flying;
    double now_s, others_s; // when somebody else asks next
    struct trial_result result;
};

static int64_t micros(double seconds)
{
    return START_US + (int64_t)(seconds * US_PER_S);
}

static double way_s(struct world *w)
{
    return w->trial->latency_s * 0.2 + dice_wait(&w->dice, w->trial->jitter_s);
}

static struct request *next_request(struct world *w)
{
    struct request *next = NULL;

    for (int i = 0; i < GOVERNOR_MOST; i++) {
        struct request *r = &w->requests[i];
        if (r->used && (!next || r->next_s < next->next_s))
            next = r;
    }
    return next;
}

static struct request *free_request(struct world *w)
{
    struct request *r = w->requests;

    while (r->used)
        r++;
    return r;
}

static void start(struct world *w)
{
    double next_s = w->now_s + way_s(w);

    *free_request(w) =
        (struct request){.used = true, .started_s = w->now_s, .next_s = next_s};
    w->flying++;
    pace_started(&w->pace, micros(w->now_s));
}

static void come_in(struct world *w, struct request *r)
{
    double delay_s, share;

    r->passed = limiter_ask(w->limiter, w->now_s, &r->after_s, &delay_s);
    share = r->passed ? 0.6 : 0.1; // what is refused takes less
    r->answered = true;
    r->next_s = w->now_s + w->trial->latency_s * share + delay_s + way_s(w);
}

static void come_back(struct world *w, struct request *r)
{
    struct governor_seen seen = {r->passed ? GOVERNOR_GOOD : GOVERNOR_THROTTLED,
        micros(r->started_s), micros(w->now_s),
        micros(w->now_s) - micros(r->started_s),
        (int64_t)(r->after_s * US_PER_S), --w->flying};

    r->used = false;
    w->result.passed += r->passed;
    w->result.refused += !r->passed;
    if (r->passed)
        limiter_answered(w->limiter);
    governor_ended(&w->governor, &seen);
    pace_space(&w->pace, governor_gap_us(&w->governor));
    pace_hold(&w->pace, governor_from_us(&w->governor));
}

static void others_ask(struct world *w)
{
    double after_s, delay_s;

    limiter_ask(w->limiter, w->now_s, &after_s, &delay_s);
    w->others_s = w->now_s + dice_wait(&w->dice, 1 / w->limiter->others);
}

static double next_start_s(const struct world *w)
{
    double at_s = (double)(w->pace.next_us - START_US) / US_PER_S;

    if (w->flying >= governor_most(&w->governor))
        return INFINITY;
    return fmax(w->now_s, at_s);
}

static void step(struct world *w)
{
    struct request *r = next_request(w);
    double start_s = next_start_s(w), come_s = r ? r->next_s : INFINITY;

    w->now_s = fmin(fmin(start_s, come_s), w->others_s);
    if (w->now_s == come_s && !r->answered)
        come_in(w, r);
    else if (w->now_s == come_s)
        come_back(w, r);
    else if (w->now_s == start_s)
        start(w);
    else
        others_ask(w);
}

/* The others have been there before. */
static void begin(struct world *w)
{
    struct limiter *l = w->limiter;
    double after_s, delay_s;

    limiter_begin(l, &w->dice);
    w->others_s = INFINITY;
    if (l->others <= 0)
        return;
    for (double at_s = -BEFORE_S; at_s < 0;
         at_s += dice_wait(&w->dice, 1 / l->others))
        limiter_ask(l, at_s, &after_s, &delay_s);
    w->others_s = dice_wait(&w->dice, 1 / l->others);
}

struct trial_result trial_run(struct trial *trial)
{
    struct world w = {.trial = trial,
        .limiter = &trial->limiter,
        .dice = {UINT64_C(88172645463325252) + 977 * trial->seed}};

    begin(&w);
    governor_init(&w.governor, 0, &trial->learned);
    pace_init(&w.pace, 0);
    pace_space(&w.pace, governor_gap_us(&w.governor));
    while ((!trial->rows || w.result.passed < trial->rows) &&
           (trial->seconds <= 0 || w.now_s < trial->seconds))
        step(&w);
    limiter_end(w.limiter);
    governor_tell(&w.governor, &trial->learned);
    w.result.took_s = w.now_s;
    return w.result;
}
