#include "delivery/quota.h"

#include <math.h>

enum {
    US_PER_S = 1000000,
    ENOUGH = 30,       // passed in a cycle that says something by itself
    ENOUGH_SHORT = 50, // in several that do not
    SURE = 10,         // passed after a refusal, and it was one by itself
    PAY = 200,         // answers that pay for a refusal,
    PAY_SILENCE = 50,  // or so many times what passes in its silence
    GROWTH_STEPS = 8,  // each doubles the growth
    BUCKET = 5,        // of so many one passed: it goes on giving
    NEXT_TO_NOTHING = 10,
    RAMP = 10,         // replies, in which the window is still growing
    LATEST = 30,       // answers between two marks
    WORTH = 20,        // a refusal may cost one part of so many
    PACE_MOST = 100000 // a second: more is no limit
};

static const double below = 0.99;        // of the rate that was found
static const double below_short = 0.95;  // the same, of short cycles
static const double growth = 0.004;      // by an answer, at most
static const double young = 0.5;         // the same, of a pace from nothing
static const double least_pace = 0.0005; // a second
static const double pause = 0.003;       // of a cycle, before the first probe
static const double late = 1.005;        // of a window, when it is looked for
static const double weight = 0.3;        // of the latest in a mean

/* Nobody makes windows of 53 s. */
static const double windows[] = {1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600,
    900, 1800, 3600, 7200, 21600, 43200, 86400};
enum { WINDOWS = sizeof windows / sizeof *windows };

static double seconds(int64_t us)
{
    return (double)us / US_PER_S;
}

static int64_t micros(double s)
{
    return (int64_t)(s * US_PER_S);
}

static void hold(struct quota *q, int64_t until_us)
{
    if (q->from_us < until_us)
        q->from_us = until_us;
}

void quota_init(struct quota *q, const struct quota_learned *learned)
{
    double pace = learned->per_second;

    *q = (struct quota){
        .per_second = pace > 0 ? fmin(fmax(pace, least_pace), PACE_MOST) : 0,
        .silence_s = learned->silence_s,
        .calm = learned->calm,
        .carries = learned->carries,
        .evidence = ENOUGH_SHORT,
        .echo = WINDOWS};
    if (q->per_second > 0)
        q->stage = QUOTA_PACED;
}

int quota_most(const struct quota *q, int window)
{
    double need = 2 + 1.5 * q->per_second * q->reply_s;

    switch (q->stage) {
    case QUOTA_DRAIN:
        return 0;
    case QUOTA_PROBE:
        return 1;
    case QUOTA_PACED:
        return need < window ? (int)need : window;
    case QUOTA_FREE:
        break;
    }
    return window;
}

int64_t quota_gap_us(const struct quota *q)
{
    return q->stage == QUOTA_PACED && q->per_second > 0
               ? micros(1 / q->per_second)
               : 0;
}

static void begin_cycle(struct quota *q, int64_t at_us, int64_t calm)
{
    q->cycle_us = q->cut_us = at_us;
    q->mark_us[0] = q->mark_us[1] = at_us;
    q->passed = q->mark_passed = 0;
    q->calm = calm;
}

static void mark(struct quota *q, int64_t now_us)
{
    if (q->passed - q->mark_passed < LATEST)
        return;
    q->mark_us[0] = q->mark_us[1];
    q->mark_us[1] = now_us;
    q->mark_passed = q->passed;
}

/* Of the latest answers, one or two times LATEST. */
static double latest_rate(const struct quota *q, int64_t now_us)
{
    int64_t before = q->mark_passed >= LATEST ? q->mark_passed - LATEST : 0;

    return (double)(q->passed - before) / seconds(now_us - q->mark_us[0]);
}

static void forget_short(struct quota *q)
{
    q->short_s = 0;
    q->short_passed = 0;
}

/* The length of a window that ended between two probes. */
static double likely(double least_s, double most_s)
{
    for (int i = 0; i < WINDOWS; i++)
        if (windows[i] >= least_s * 0.999 && windows[i] <= most_s * 1.01)
            return windows[i];
    return sqrt(least_s * most_s);
}

/* While the window is still growing more could have passed than was sent. */
static double first_rate(struct quota *q, double cycle_s)
{
    q->first_s = cycle_s;
    q->first_passed = q->passed;
    q->ramp = q->passed >= NEXT_TO_NOTHING && cycle_s < RAMP * q->reply_s;
    if (q->ramp)
        q->evidence = NEXT_TO_NOTHING - 1;
    else if (q->passed >= NEXT_TO_NOTHING)
        q->evidence = ENOUGH_SHORT;
    return (double)q->passed / cycle_s;
}

/* A first cycle that ended before its window did is followed by a longer
 * silence than it lasted: then both are one. */
static bool was_none(const struct quota *q, double quiet_s)
{
    return q->first_s > 0 && quiet_s > q->first_s;
}

/* One by itself may be what somebody else, or the run before, has left: a pace
 * that is well known stays. */
static double short_rate(struct quota *q, double cycle_s, bool known)
{
    bool alone = q->short_s <= 0;

    q->short_s += cycle_s;
    q->short_passed += q->passed;
    q->evidence = q->short_passed;
    double rate = below_short * fmax((double)q->evidence, 0.5) / q->short_s;
    if (alone && known)
        q->evidence = ENOUGH_SHORT;
    if (alone && known)
        return q->per_second;
    if (q->evidence >= ENOUGH_SHORT)
        forget_short(q);
    return rate;
}

static double rate_of(struct quota *q, double cycle_s, double quiet_s)
{
    bool enough = q->passed >= ENOUGH;
    bool known = q->evidence >= ENOUGH_SHORT;

    q->evidence = q->passed;
    q->ramp = false;
    if (q->per_second <= 0)
        return first_rate(q, cycle_s);
    if (!enough && !was_none(q, quiet_s))
        return short_rate(q, cycle_s, known);
    if (!enough) {
        q->evidence += q->first_passed;
        cycle_s += q->first_s;
    } else {
        q->evidence = ENOUGH_SHORT;
        forget_short(q);
    }
    double passed = (double)(enough ? q->passed : q->evidence);
    q->first_s = 0;
    return passed / cycle_s;
}

/* A pace on trial was too high when a refusal follows soon. */
static double end_trial(struct quota *q, double rate)
{
    if (q->before > 0 && q->all - q->trial_all < ENOUGH) {
        rate = q->before;
        q->carries = true;
        q->evidence = ENOUGH_SHORT;
        forget_short(q);
    }
    q->before = 0;
    return rate;
}

static void begin_trial(struct quota *q, double before)
{
    q->before = before;
    q->trial_all = q->all;
}

/* A pace that grew is slower in the mean than at the end, which is what a
 * window counts. */
static double try_latest(
    struct quota *q, double rate, double quiet_s, int64_t refused_us)
{
    double latest = fmin(latest_rate(q, refused_us), q->per_second);

    if (q->carries || q->passed < ENOUGH || latest <= rate ||
        quiet_s * q->per_second * WORTH > (double)q->passed)
        return rate;
    begin_trial(q, rate);
    return latest;
}

static void await_echo(struct quota *q, double cycle_s)
{
    q->burst = q->passed;
    q->burst_us = q->cycle_us;
    for (q->echo = 0; q->echo < WINDOWS && windows[q->echo] < cycle_s * 1.5;)
        q->echo++;
}

/* A refusal is over. */
static void resume(struct quota *q, int64_t at_us)
{
    double quiet_s = seconds(at_us - q->refused_us);
    double cycle_s = seconds(at_us - q->cycle_us);
    bool first = q->per_second <= 0;

    if (!q->told && q->shut_us > 0)
        cycle_s = likely(cycle_s - quiet_s + seconds(q->shut_us), cycle_s);
    if (first)
        await_echo(q, cycle_s);
    double rate = end_trial(q, rate_of(q, cycle_s, quiet_s));
    if (!first)
        rate = try_latest(q, rate, quiet_s, q->refused_us);
    q->per_second = fmin(fmax(below * rate, least_pace), PACE_MOST);
    if (first)
        q->silence_s = quiet_s < 2 ? 0 : quiet_s;
    else
        q->silence_s = q->silence_s > 0
                           ? (1 - weight) * q->silence_s + weight * quiet_s
                           : quiet_s;
    q->stage = QUOTA_PACED;
    begin_cycle(q, at_us, 0);
    hold(q, at_us + micros(1 / q->per_second));
}

/* Answers until the pace may grow. */
static double price(const struct quota *q)
{
    return fmax(PAY, PAY_SILENCE * q->silence_s * q->per_second);
}

/* Of a pace that was found from next to nothing, as from one refusal at the
 * very beginning, more is known as soon as more has passed. */
static double young_growth(const struct quota *q)
{
    if (q->evidence >= NEXT_TO_NOTHING || q->calm <= q->evidence)
        return growth;
    return young / (double)(q->evidence + 2);
}

static double growth_of(const struct quota *q)
{
    double free = price(q), over = (double)q->calm - free;

    if (q->evidence < ENOUGH_SHORT)
        return young_growth(q);
    if (over < 0)
        return 0;
    double steps = fmin(GROWTH_STEPS, 1 + floor(over / (free / 2)));
    return fmin(growth, ldexp((1 - below) / free, (int)steps));
}

/* The time has come at which a window of that length would give out again what
 * it gave at first: if that is more than the pace by far, it is believed. */
static void look_for_echo(struct quota *q, int64_t now_us)
{
    for (; q->echo < WINDOWS &&
           now_us > q->burst_us + micros(windows[q->echo] * 1.02);
         q->echo++) {
        double rate = (double)q->burst / windows[q->echo];
        if (windows[q->echo] < 10 || q->per_second >= rate / 2)
            continue;
        begin_trial(q, q->per_second / below);
        q->per_second = below * rate;
        forget_short(q);
        begin_cycle(q, now_us, 0);
        q->cycle_us = q->burst_us;
        q->passed = q->mark_passed = q->all;
    }
}

/* It must not run away from what has come back. */
static double bounded(const struct quota *q, double pace, int64_t now_us)
{
    double most = 2 * latest_rate(q, now_us);

    return q->ramp && pace > most ? fmax(q->per_second, most) : pace;
}

static void grow(struct quota *q, int64_t now_us)
{
    q->per_second = bounded(q, q->per_second * (1 + growth_of(q)), now_us);
    look_for_echo(q, now_us);
    if (q->per_second > PACE_MOST)
        *q = (struct quota){.all = q->all, .echo = WINDOWS};
}

static void note_reply(struct quota *q, int64_t reply_us)
{
    double s = seconds(reply_us);

    if (reply_us > 0)
        q->reply_s = q->reply_s > 0 ? q->reply_s * 0.9 + s * 0.1 : s;
}

static void passed(struct quota *q, const struct quota_seen *seen)
{
    q->all++;
    q->passed++;
    q->calm++;
    mark(q, seen->now_us);
    note_reply(q, seen->reply_us);
    if (q->stage == QUOTA_DRAIN && seen->started_us >= q->refused_us) {
        q->drained++;
        q->drained_passed++;
    }
    if (q->stage == QUOTA_PACED)
        grow(q, seen->now_us);
    if (q->stage == QUOTA_PROBE && seen->started_us >= q->drained_us)
        resume(q, seen->started_us);
    if (q->passed >= SURE)
        q->in_passing = false;
}

/* One refusal of many at a pace that is about right, by a host that does not
 * say how long: a step down, and on. If the next is refused as well, it was
 * more than that. */
static bool may_pass_on(const struct quota *q)
{
    return q->stage == QUOTA_PACED && q->passed >= ENOUGH && !q->in_passing &&
           !q->told && q->per_second * q->reply_s > 1;
}

/* Soon after another such step both cycles are one: then it was too small. */
static double step_down(struct quota *q, double cycle_s, int64_t now_us)
{
    bool soon = q->short_passed > 0 && q->passed < PAY;
    double pause_s = 2 / q->per_second;

    if (!soon)
        forget_short(q);
    q->short_s += cycle_s;
    q->short_passed += q->passed;
    double rate = fmin((double)q->short_passed / q->short_s, q->per_second);
    if (q->ramp)
        forget_short(q); // it was too slow for most of its time
    q->ramp = false;
    return soon ? below * rate : below * try_latest(q, rate, pause_s, now_us);
}

static void pass_on(struct quota *q, int64_t now_us)
{
    double cycle_s = seconds(now_us - q->cycle_us);
    double pause_s = 2 / q->per_second;

    q->before = 0;
    q->evidence = ENOUGH_SHORT;
    q->per_second = step_down(q, cycle_s, now_us);
    hold(q, now_us + micros(pause_s));
    q->in_passing = true;
    q->silence_s = (1 - weight) * q->silence_s + weight * pause_s;
    begin_cycle(q, now_us, 0);
}

static void begin_drain(struct quota *q, int64_t now_us)
{
    double gap_s = fmax(2 * q->reply_s, pause * seconds(now_us - q->cycle_us));

    if (q->per_second > 0)
        gap_s = fmax(gap_s, 1 / q->per_second);
    q->gap_us = micros(gap_s);
    q->stage = QUOTA_DRAIN;
    q->in_passing = false;
}

static void hold_after(struct quota *q, const struct quota_seen *seen)
{
    if (seen->after_us > 0)
        hold(q, seen->now_us + seen->after_us);
}

static void refuse(struct quota *q, const struct quota_seen *seen)
{
    q->told = seen->after_us > 0;
    q->shut_us = 0;
    q->refused_us = seen->started_us;
    q->drained = 1;
    q->drained_passed = 0;
    if (may_pass_on(q)) {
        pass_on(q, seen->now_us);
        return;
    }
    begin_drain(q, seen->now_us);
    hold_after(q, seen);
}

/* At distances that double, and when a window of a usual length ends that began
 * with the cycle. */
static int64_t next_probe_us(const struct quota *q, int64_t now_us)
{
    int64_t next_us = now_us + q->gap_us;

    for (int i = 0; i < WINDOWS; i++) {
        int64_t end_us = q->cycle_us + micros(windows[i] * late + q->reply_s);
        if (end_us > now_us && end_us < next_us)
            return end_us;
    }
    return next_us;
}

static void refuse_probe(struct quota *q, const struct quota_seen *seen)
{
    q->shut_us = seen->started_us - q->refused_us;
    q->told |= seen->after_us > 0;
    q->gap_us *= 2;
    if (seen->after_us > 0)
        hold(q, seen->now_us + seen->after_us);
    else
        hold(q, next_probe_us(q, seen->now_us));
}

static void refused(struct quota *q, const struct quota_seen *seen)
{
    switch (q->stage) {
    case QUOTA_DRAIN:
        q->drained++;
        q->told |= seen->after_us > 0;
        hold_after(q, seen);
        return;
    case QUOTA_PROBE:
        if (seen->started_us >= q->drained_us)
            refuse_probe(q, seen);
        return;
    case QUOTA_FREE:
    case QUOTA_PACED:
        break;
    }
    if (seen->started_us >= q->cut_us)
        refuse(q, seen);
}

static void end_drain(struct quota *q, int64_t now_us)
{
    if (!q->told && q->drained_passed * BUCKET >= q->drained) {
        resume(q, now_us);
        return;
    }
    q->stage = QUOTA_PROBE;
    q->drained_us = now_us;
    if (!q->told)
        hold(q, now_us + q->gap_us);
}

void quota_ended(struct quota *q, const struct quota_seen *seen)
{
    if (!q->begun)
        begin_cycle(q, seen->started_us, q->calm);
    q->begun = true;
    if (seen->passed)
        passed(q, seen);
    else
        refused(q, seen);
    quota_left(q, seen->now_us, seen->others);
}

void quota_left(struct quota *q, int64_t now_us, int others)
{
    if (q->stage == QUOTA_DRAIN && others == 0)
        end_drain(q, now_us);
}

void quota_tell(const struct quota *q, struct quota_learned *learned)
{
    *learned = (struct quota_learned){
        q->per_second, q->silence_s, q->calm, q->carries};
}
