/* Limiters as they are, at three latencies, from nothing and with what a run
 * has learned: how much of what each allows is used, and how much is refused.
 * `limits_test --table` shows it for people. */
#include "trial.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 2000, SEEDS = 3 };

#define RULES(kind_, ...) .options = {.kind = kind_, .rules = {__VA_ARGS__}
#define S(n)              ((int64_t)(n)*1000000)
#define DRF(n, s)                                                              \
    RULES(LIMIT_DRF, {n, S(s)}), .count = 1                                    \
    }
#define WINDOW(n, s)                                                           \
    RULES(LIMIT_WINDOW, {n, S(s)}), .count = 1                                 \
    }
#define BUCKET(r, b)                                                           \
    RULES(LIMIT_BUCKET, {r, S(1)}), .count = 1, .burst = b                     \
    }
#define NGINX(r, b)                                                            \
    RULES(LIMIT_NGINX, {r, S(1)}), .count = 1, .burst = b                      \
    }
#define TOLD .header = LIMITER_SECONDS

static const struct limiter
    limiters[] = {{"100/min, log, Retry-After", DRF(100, 60), TOLD},
        {"100/min, log", DRF(100, 60)},
        {"1000/h, log, Retry-After", DRF(1000, 3600), TOLD},
        {"10/s, log, Retry-After", DRF(10, 1), TOLD},
        {"100/s, log", DRF(100, 1)},
        {"1000/min, log, 40 % others", DRF(1000, 60), TOLD,
            .others = 400 / 60.0},
        {"60/min and 1000/h, log",
            RULES(LIMIT_DRF, {60, S(60)}, {1000, S(3600)}), .count = 2},
        TOLD},
    {"60 in 10 s, log, Retry-After", DRF(60, 10), TOLD},
    {"60 in 10 s, log", DRF(60, 10)},
    {"100/min, window, Retry-After", WINDOW(100, 60), TOLD},
    {"1000/min, window", WINDOW(1000, 60)}, {"100/s, window", WINDOW(100, 1)},
    {"20 in 10 s, window", WINDOW(20, 10)},
    {"600/min, weighed windows", .kind = LIMITER_WEIGHED, .number = 600,
        .window_s = 60},
    {"100/s, bucket of 200", BUCKET(100, 200)},
    {"10/s, bucket of 10", BUCKET(10, 10)},
    {"2/s, bucket of 40, Retry-After", BUCKET(2, 40), TOLD},
    {"1/s, GCRA of 15, Retry-After", BUCKET(1, 15), .header = LIMITER_EXACT},
    {"100, then 50/s, bucket", BUCKET(100, 100), .change_s = 150,
        .change = {50, S(1)}},
    {"50, then 200/s, bucket", BUCKET(50, 50), .change_s = 150,
        .change = {200, S(1)}},
    {"100/s, nginx burst=20 nodelay", NGINX(100, 20)},
    {"100/s, nginx burst=20", NGINX(100, 20), .delays = true},
    {"10/s, nginx", NGINX(10, 0)},
    {"100 in 10 s, shut for 60 s", DRF(100, 10), TOLD, .kind = LIMITER_PENALTY,
        .shut_s = 60},
    {"8 at once", .kind = LIMITER_IN_FLIGHT, .number = 8},
}
;
enum { KINDS = sizeof limiters / sizeof *limiters };

static const double latencies[] = {0.005, 0.05, 0.3};

/* Of the best possible, and of the answers. */
struct score {
    double used, refused;
    bool met; // the limit, in the run before
};

static double span_s(const struct limiter *l)
{
    double window_s = l->window_s;

    for (size_t i = 0; i < l->options.count; i++)
        window_s = fmax(window_s, (double)l->options.rules[i].span_us / S(1));
    return l->change_s > 0 ? 2 * l->change_s : fmax(600, 5 * window_s);
}

static struct trial trial_of(
    const struct limiter *l, double latency_s, uint64_t seed)
{
    return (struct trial){
        .limiter = *l, .latency_s = latency_s, .jitter_s = 0.001, .seed = seed};
}

static struct score nothing_known(const struct limiter *l, double latency_s)
{
    struct score score = {0, 0, false};

    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct trial trial = trial_of(l, latency_s, seed);
        trial.rows = ROWS;
        struct trial_result r = trial_run(&trial);
        double least_s = limiter_least_s(l, ROWS, latency_s) + latency_s;
        score.used += least_s / r.took_s / SEEDS;
        score.refused += (double)r.refused / (r.refused + r.passed) / SEEDS;
    }
    return score;
}

/* After a run of 100 rows, and 100 more for each request that the limiter lets
 * be in flight. */
static struct score learned(const struct limiter *l, double latency_s)
{
    struct score score = {0, 0, false};
    double in_flight = limiter_rate(l, latency_s) * latency_s;

    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct trial trial = trial_of(l, latency_s, seed);
        trial.rows = (int)(100 * (1 + in_flight));
        trial_run(&trial);
        score.met |= trial.learned.quota.per_second > 0;
        trial.rows = 0;
        trial.seconds = span_s(l);
        struct trial_result r = trial_run(&trial);
        score.used += r.passed /
                      (double)limiter_most(l, trial.seconds, latency_s) / SEEDS;
        score.refused += (double)r.refused / (r.refused + r.passed) / SEEDS;
    }
    return score;
}

/* Everything is tried once, for all tests. */
static struct score learned_at[3][KINDS], from_nothing_at[3][KINDS];
enum { MS_5, MS_50, MS_300 };

static void try_all(void)
{
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < KINDS; k++) {
            learned_at[i][k] = learned(&limiters[k], latencies[i]);
            from_nothing_at[i][k] = nothing_known(&limiters[k], latencies[i]);
        }
}

static void print_scores(const struct score *a, const struct score *b)
{
    printf("  %5.3f %5.2f %%   %5.3f %5.2f %%", a->used, 100 * a->refused,
        b->used, 100 * b->refused);
}

static int table(void)
{
    printf("%-31s", "");
    for (int i = 0; i < 3; i++)
        printf("  %3.0f ms: learned   from nothing", latencies[i] * 1000);
    putchar('\n');
    for (int k = 0; k < KINDS; k++) {
        printf("%-31s", limiters[k].name);
        for (int i = 0; i < 3; i++)
            print_scores(&learned_at[i][k], &from_nothing_at[i][k]);
        putchar('\n');
    }
    return 0;
}

static int count(const struct score *scores, double used, double refused)
{
    int n = 0;

    for (int k = 0; k < KINDS; k++)
        n += scores[k].used >= used && scores[k].refused <= refused;
    return n;
}

/* What others take of a quota cannot be known before they do; and a limit that
 * was not met yet is met with a full window, since without one a host that has
 * none would be waited for. */
static void test_learned(void **state)
{
    (void)state;
    assert_true(count(learned_at[MS_50], 0.95, 1) >= 21);
    for (int k = 0; k < KINDS; k++)
        if (learned_at[MS_50][k].refused > 0.01 && learned_at[MS_50][k].met &&
            limiters[k].others <= 0)
            fail_msg("%s: %.2f %% refused", limiters[k].name,
                100 * learned_at[MS_50][k].refused);
}

static void test_from_nothing(void **state)
{
    (void)state;
    assert_true(count(from_nothing_at[MS_50], 0.9, 0.02) >= 15);
}

static void test_far_away(void **state)
{
    (void)state;
    assert_true(count(learned_at[MS_300], 0.85, 1) >= 22);
}

/* A limiter that nobody thought of is used, and not run over. */
static void test_each(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < KINDS; k++) {
            const struct score *s = &learned_at[i][k];
            double least = limiters[k].kind == LIMITER_PENALTY ? 0.15 : 0.6;
            if (s->used < least || s->refused > 0.06)
                fail_msg("%s, %.0f ms: %.3f, %.2f %% refused", limiters[k].name,
                    latencies[i] * 1000, s->used, 100 * s->refused);
        }
}

/* Where a refusal is dear, none is risked again. */
static void test_penalty(void **state)
{
    (void)state;
    for (int k = 0; k < KINDS; k++)
        if (limiters[k].kind == LIMITER_PENALTY)
            for (int i = 0; i < 3; i++)
                assert_true(learned_at[i][k].refused == 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_learned),
        cmocka_unit_test(test_from_nothing),
        cmocka_unit_test(test_far_away),
        cmocka_unit_test(test_each),
        cmocka_unit_test(test_penalty),
    };

    try_all();
    if (argc > 1 && strcmp(argv[1], "--table") == 0)
        return table();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
