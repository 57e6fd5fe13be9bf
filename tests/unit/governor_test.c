#include "delivery/governor.h"
#include "delivery/pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MS = 1000, SECOND = 1000000, TICK_US = 250 };

/* A server, and what it was asked. */
struct server {
    int reply_us;      // while it is not busy
    int room;          // requests that it works on at once; 0: any
    int jitter_us;     // up to so much more
    double per_second; // 429 above it; 0: never
    double burst;      // that it lets through besides
    int64_t silent_from_us, silent_to_us;
    double tokens;
    int64_t filled_us;
    uint64_t dice;
};

struct flight {
    int64_t started_us, due_us;
    enum governor_sign sign;
};

struct world {
    struct server server;
    struct governor governor;
    struct pace pace;
    struct flight flights[GOVERNOR_MOST];
    int flying, most;
    int64_t now_us, taken_us;
    long good, throttled, counted_good, counted_throttled;
};

static unsigned draw(struct server *s, int below)
{
    s->dice = s->dice * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return below > 0 ? (unsigned)(s->dice >> 33) % (unsigned)below : 0;
}

static bool is_over(struct server *s, int64_t now_us)
{
    if (s->per_second <= 0)
        return false;
    s->tokens += (double)(now_us - s->filled_us) * s->per_second / SECOND;
    s->filled_us = now_us;
    if (s->tokens > s->burst)
        s->tokens = s->burst;
    if (s->tokens < 1)
        return true;
    s->tokens--;
    return false;
}

/* The first use of the server fills its bucket. */
static void open_world(
    struct world *w, const struct server *server, struct governor_learned from)
{
    memset(w, 0, sizeof *w);
    w->server = *server;
    w->server.tokens = server->burst;
    w->server.dice = 7;
    governor_init(&w->governor, 0, &from);
    pace_init(&w->pace, 0);
    pace_space(&w->pace, governor_gap_us(&w->governor));
}

static void start(struct world *w)
{
    struct server *s = &w->server;
    struct flight *f = &w->flights[w->flying++];
    double load = s->room ? (double)w->flying / s->room : 0;
    double us = load > 1 ? s->reply_us * load : s->reply_us;
    bool silent = w->now_us >= s->silent_from_us && w->now_us < s->silent_to_us;

    f->started_us = w->now_us;
    f->sign = is_over(s, w->now_us) ? GOVERNOR_THROTTLED
              : silent              ? GOVERNOR_BUSY
                                    : GOVERNOR_GOOD;
    f->due_us = w->now_us + (int64_t)us + draw(s, s->jitter_us);
    pace_started(&w->pace, w->now_us);
    if (w->flying > w->most)
        w->most = w->flying;
}

static void end(struct world *w, int i)
{
    struct flight f = w->flights[i];
    struct governor_seen seen = {f.sign, f.started_us, w->now_us,
        w->now_us - f.started_us, 0, w->flying - 1};

    w->flights[i] = w->flights[--w->flying];
    w->good += f.sign == GOVERNOR_GOOD;
    w->throttled += f.sign == GOVERNOR_THROTTLED;
    governor_ended(&w->governor, &seen);
    pace_space(&w->pace, governor_gap_us(&w->governor));
    pace_hold(&w->pace, governor_from_us(&w->governor));
}

static void run_for(struct world *w, double seconds)
{
    int64_t until = w->now_us + (int64_t)(seconds * SECOND);
    long good = w->good, throttled = w->throttled;

    for (; w->now_us < until; w->now_us += TICK_US) {
        for (int i = w->flying; i-- > 0;)
            if (w->flights[i].due_us <= w->now_us)
                end(w, i);
        while (w->flying < governor_most(&w->governor) &&
               pace_may_start(&w->pace, w->now_us))
            start(w);
        assert_true(w->flying <= GOVERNOR_MOST);
    }
    w->counted_good = w->good - good;
    w->counted_throttled = w->throttled - throttled;
}

static struct world world;
static const struct governor_learned nothing;

static void answer(struct governor *g, enum governor_sign sign, int64_t now_us)
{
    struct governor_seen seen = {
        sign, now_us - 1, now_us, 50 * MS, 0, governor_most(g) - 1};

    governor_ended(g, &seen);
}

static void test_pinned(void **state)
{
    static const enum governor_sign signs[] = {
        GOVERNOR_GOOD, GOVERNOR_THROTTLED, GOVERNOR_BUSY, GOVERNOR_NOTHING};
    struct governor_learned learned = {64, {3, 0, 0, false}};
    struct governor g;

    (void)state;
    governor_init(&g, 12, &learned);
    for (int i = 0; i < 400; i++) {
        answer(&g, signs[i % 4], SECOND + i * SECOND);
        assert_int_equal(governor_most(&g), 12);
        assert_int_equal(governor_gap_us(&g), 0);
    }
    assert_false(governor_tell(&g, &learned));
}

/* 1, and then one more with each answer: a round doubles it. */
static void test_doubles(void **state)
{
    struct governor g;

    (void)state;
    governor_init(&g, 0, &nothing);
    assert_int_equal(governor_most(&g), 1);
    for (int i = 2; i < 100; i++) {
        answer(&g, GOVERNOR_GOOD, i * MS);
        assert_int_equal(governor_most(&g), i < 64 ? i : 64);
    }
    answer(&g, GOVERNOR_NOTHING, SECOND);
    assert_int_equal(governor_most(&g), 64);
}

/* Half, once a round; then one more a round. */
static void test_halves_then_adds(void **state)
{
    struct governor g;
    int answers = 0;

    (void)state;
    governor_init(&g, 0, &nothing);
    for (int i = 1; i < 40; i++)
        answer(&g, GOVERNOR_GOOD, i * MS);
    assert_int_equal(governor_most(&g), 40);
    answer(&g, GOVERNOR_BUSY, SECOND);
    assert_int_equal(governor_most(&g), 20);
    governor_ended(&g, &(struct governor_seen){.sign = GOVERNOR_BUSY,
                           .started_us = SECOND - 2,
                           .now_us = SECOND + 5,
                           .others = 19});
    assert_int_equal(governor_most(&g), 20); // it left before that
    while (governor_most(&g) == 20)
        answer(&g, GOVERNOR_GOOD, SECOND + ++answers * MS);
    assert_int_equal(governor_most(&g), 21);
    assert_in_range(answers, 20, 22);
    for (int i = 1; i < 20; i++)
        answer(&g, GOVERNOR_BUSY, (10 + i) * SECOND);
    assert_int_equal(governor_most(&g), 1);
}

/* Answers to a script that releases one by one say nothing of 64. */
static void test_unused_window_stays(void **state)
{
    struct governor g;

    (void)state;
    governor_init(&g, 0, &nothing);
    for (int i = 1; i < 1000; i++)
        governor_ended(&g, &(struct governor_seen){.sign = GOVERNOR_GOOD,
                               .started_us = i * MS,
                               .now_us = i * MS + 1,
                               .reply_us = 50 * MS});
    assert_in_range(governor_most(&g), 1, 4);
}

static void test_learned(void **state)
{
    static const struct {
        struct governor_learned from;
        int most;
        int64_t gap_us;
    } rows[] = {{{0, {0, 0, 0, false}}, 1, 0}, {{1, {0, 0, 0, false}}, 1, 0},
        {{40, {0, 0, 0, false}}, 20, 0}, {{64, {100, 1, 5, false}}, 2, 10000},
        {{1000, {1e12, 0, 0, false}}, 2, 10},
        {{-5, {1e-9, 0, 0, false}}, 1, (int64_t)2000 * SECOND}};
    struct governor_learned learned;
    struct governor g;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        governor_init(&g, 0, &rows[i].from);
        assert_int_equal(governor_most(&g), rows[i].most);
        assert_int_equal(governor_gap_us(&g), rows[i].gap_us);
        assert_false(governor_tell(&g, &learned));
    }
    governor_init(&g, 0, &nothing);
    for (int i = 1; i <= 64; i++) {
        assert_false(governor_tell(&g, &learned));
        answer(&g, GOVERNOR_GOOD, i * MS);
    }
    assert_true(governor_tell(&g, &learned));
    assert_int_equal(learned.window, 64);
    assert_true(learned.quota.per_second == 0);
}

/* Within a second it uses what there is. */
static void test_steady_server(void **state)
{
    static const struct server server = {
        .reply_us = 50 * MS, .jitter_us = 10 * MS};

    (void)state;
    open_world(&world, &server, nothing);
    run_for(&world, 1);
    assert_int_equal(governor_most(&world.governor), 64);
    run_for(&world, 30);
    assert_true((double)world.counted_good > 0.97 * 30 * 64 / 0.0553);
}

/* Above 20 in flight nothing is gained, and replies only take longer. */
static void test_latency_curve(void **state)
{
    static const struct server server = {
        .reply_us = 50 * MS, .jitter_us = 5 * MS, .room = 20};

    (void)state;
    open_world(&world, &server, nothing);
    run_for(&world, 5);
    world.most = 0;
    run_for(&world, 60);
    assert_in_range(world.most, 20, 48);
    assert_true((double)world.counted_good > 0.85 * 60 * 20 / 0.0525);
}

/* A server that does not answer for a second gets less, and then all again. */
static void test_silence(void **state)
{
    static const struct server server = {.reply_us = 20 * MS,
        .silent_from_us = 3 * SECOND,
        .silent_to_us = 4 * SECOND};

    (void)state;
    open_world(&world, &server, nothing);
    run_for(&world, 3);
    assert_int_equal(governor_most(&world.governor), 64);
    run_for(&world, 1);
    assert_in_range(governor_most(&world.governor), 1, 4);
    run_for(&world, 10);
    assert_int_equal(governor_most(&world.governor), 64);
}

/* After the ramp at least 95 % of what is allowed, at most 1 % of the answers
 * 429; of all, with a bucket of a tenth of a second, too. */
static void test_rate_limit(void **state)
{
    static const struct server rows[] = {
        {.reply_us = 1 * MS, .per_second = 100, .burst = 10},
        {.reply_us = 1 * MS, .per_second = 100, .burst = 100},
        {.reply_us = 50 * MS, .per_second = 100, .burst = 3},
        {.reply_us = 50 * MS, .per_second = 100, .burst = 10},
        {.reply_us = 50 * MS,
            .jitter_us = 50 * MS,
            .per_second = 100,
            .burst = 10},
        {.reply_us = 50 * MS, .per_second = 100, .burst = 100},
        {.reply_us = 300 * MS, .per_second = 100, .burst = 10},
        {.reply_us = 50 * MS, .per_second = 20, .burst = 2},
        {.reply_us = 50 * MS, .per_second = 600, .burst = 60},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double allowed = 60 * rows[i].per_second;
        open_world(&world, &rows[i], nothing);
        run_for(&world, 20);
        long ramp = world.throttled;
        assert_true((double)world.good >= 0.6 * 20 * rows[i].per_second);
        run_for(&world, 60);
        print_message(
            "# %d ms, %.0f a second, burst %.0f: ramp %.1f %%, %ld times "
            "429, then %.1f %%, 429: %.2f %%\n",
            rows[i].reply_us / MS, rows[i].per_second, rows[i].burst,
            5 * (double)(world.good - world.counted_good) / rows[i].per_second,
            ramp, 100 * (double)world.counted_good / allowed,
            100 * (double)world.counted_throttled /
                (double)(world.counted_good + world.counted_throttled));
        assert_true((double)world.counted_good >= 0.95 * allowed);
        assert_true(world.counted_throttled * 100 <=
                    world.counted_good + world.counted_throttled);
    }
}

/* The next run begins at the pace, without a ramp. */
static void test_second_run(void **state)
{
    static const struct server server = {
        .reply_us = 50 * MS, .per_second = 100, .burst = 10};
    struct governor_learned learned;

    (void)state;
    open_world(&world, &server, nothing);
    run_for(&world, 30);
    assert_true(governor_tell(&world.governor, &learned));
    assert_true(
        learned.quota.per_second > 85 && learned.quota.per_second < 115);
    open_world(&world, &server, learned);
    run_for(&world, 10);
    assert_true(world.counted_good >= 950);
    assert_true(world.counted_throttled <= 10);
}

/* A limit that was raised is found again. */
static void test_limit_goes(void **state)
{
    static const struct server server = {
        .reply_us = 50 * MS, .per_second = 50, .burst = 5};

    (void)state;
    open_world(&world, &server, nothing);
    run_for(&world, 20);
    world.server.per_second = 0;
    run_for(&world, 60);
    run_for(&world, 1);
    assert_true((double)world.counted_good > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pinned),
        cmocka_unit_test(test_doubles),
        cmocka_unit_test(test_halves_then_adds),
        cmocka_unit_test(test_unused_window_stays),
        cmocka_unit_test(test_learned),
        cmocka_unit_test(test_steady_server),
        cmocka_unit_test(test_latency_curve),
        cmocka_unit_test(test_silence),
        cmocka_unit_test(test_rate_limit),
        cmocka_unit_test(test_second_run),
        cmocka_unit_test(test_limit_goes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
