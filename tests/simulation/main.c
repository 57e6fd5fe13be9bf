/* simulation_test [--seed FIRST] [--seeds HOW MANY]: delivery in a simulated
 * world, one seed after the other. The first that fails is shown with what
 * happened last. SEED and OMNITRON_SEEDS say the same; OMNITRON_SOAK: many. */
#include "../unit/seed.h"
#include "books.h"
#include "check.h"
#include "run.h"
#include "server.h"
#include "totals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SLOW
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(SLOW)
enum { SEEDS = 1000 };
#else
enum { SEEDS = 10000 };
#endif
enum {
    SOAK_SEEDS = 200000,
    ENOUGH = 10000,
    INTEGRITY_EVERY = 50,
    HEALED_RUNS = 2
};

static struct world world;

static void choose_rules(struct world *w)
{
    static const int at_once[] = {0, 1, 2, 4, 8, 64};
    static const double per_second[] = {0, 0, 0, 3, 50};
    struct delivery_rules *r = &w->rules;

    r->host = "acme.omnitron.net";
    r->at_once = at_once[dice_below(w, 6)];
    r->per_second = per_second[dice_below(w, 5)];
    r->tries = (int)dice_between(w, 1, 5);
    r->first_look = dice_chance(w, 75);
    r->logs_in = dice_chance(w, 40);
    r->resend = dice_chance(w, 40);
    r->unique_codes = dice_chance(w, 20);
    r->retry_rejected_ms = dice_chance(w, 30) ? 0 : 24 * 3600000;
    w->not_done[503] = dice_chance(w, 50);
    w->not_done[409] = dice_chance(w, 30);
    r->not_done = w->not_done;
    w->gap_us = r->per_second > 0 ? (int64_t)(SECOND / r->per_second) : 0;
}

static void choose_items(struct world *w)
{
    bool many = dice_below(w, 100) == 0;

    w->item_count = many ? ITEMS : (int)dice_between(w, 1, 4);
    if (!many && dice_chance(w, 60))
        w->item_count = (int)dice_between(w, 1, dice_chance(w, 30) ? 60 : 20);
    for (int i = 0; i < w->item_count; i++) {
        w->items[i].stock = dice_chance(w, 70);
        w->items[i].variant = dice_chance(w, 3) ? VARIANTS - 1 : 0;
    }
}

/* Rules are mended between runs, and stock is let go later. */
static void change_script(struct world *w)
{
    int mended = dice_chance(w, 30) ? 30 : 0;

    for (int i = 0; i < w->item_count; i++) {
        struct item *it = &w->items[i];
        if (dice_chance(w, mended))
            it->variant = 1;
        if (!it->stock && dice_chance(w, 30))
            it->stock = true;
    }
    w->to_ask = 0;
    int percent = dice_chance(w, 70) ? 100 : (int)dice_below(w, 100);
    for (int i = 0; i < w->item_count; i++)
        for (int n = dice_chance(w, w->messy ? 60 : 6) ? 2 : 1; n > 0; n--)
            if (w->to_ask < ASKS && dice_chance(w, percent))
                w->script[w->to_ask++] =
                    n == 1 ? i : (int)dice_below(w, w->item_count);
}

static void choose_run(struct world *w)
{
    static const int windows[] = {1, 3, 10, ASKS};

    change_script(w);
    w->window = windows[dice_below(w, 4)];
    w->slow_us = dice_chance(w, 15) ? SECOND : 20 * MS;
    w->fails_at = dice_chance(w, 6) ? (int)dice_between(w, 1, 20) : -1;
    w->crash_event = dice_chance(w, 35) ? dice_between(w, 1, 120) : -1;
    w->leave_us =
        dice_chance(w, 12) ? w->now_us + dice_below(w, 3 * SECOND) : 0;
}

static void pass_time(struct world *w)
{
    w->now_us += dice_between(w, 1, 30 * (int64_t)3600) * SECOND;
    if (dice_chance(w, 10))
        w->wall_ms += dice_between(w, -100000000, 100000000);
}

/* Nothing goes wrong any more: what is pending goes out by itself. */
static void heal(struct world *w)
{
    w->calm = true;
    w->to_ask = 0;
    w->window = 1;
    w->fails_at = -1;
    w->crash_event = -1;
    w->leave_us = 0;
    w->repeat = REPEAT_ACCEPT;
    for (int i = 0; i < w->item_count; i++)
        if (dice_chance(w, 80))
            w->items[i].refuses = 0;
    for (int i = 0; i < HEALED_RUNS; i++) {
        pass_time(w);
        run_simulate(w);
        check_healed(w, i + 1 == HEALED_RUNS);
    }
}

static void live(struct world *w)
{
    int runs;

    w->now_us = SECOND;
    w->wall_ms = INT64_C(1760000000000);
    books_clear(w);
    w->messy = dice_chance(w, 20);
    choose_rules(w);
    choose_items(w);
    server_open(w);
    runs = w->item_count == ITEMS ? 2 : (int)dice_between(w, 2, 6);
    for (int i = 0; i < runs; i++) {
        choose_run(w);
        run_simulate(w);
        pass_time(w);
        if (dice_chance(w, 50))
            books_person(w);
        w->rules.resend ^= dice_chance(w, 5);
    }
    heal(w);
    if (w->seed % INTEGRITY_EVERY == 0)
        check_integrity(w);
}

static bool try_seed(uint64_t seed, bool logging)
{
    jmp_buf failed;

    memset(&world, 0, sizeof world);
    world.seed = world.dice = seed;
    world.logging = logging;
    world.failed = &failed;
    if (setjmp(failed))
        return false;
    live(&world);
    return true;
}

static void show(uint64_t seed)
{
    printf("# seed %llu\n", (unsigned long long)seed);
    if (try_seed(seed, true))
        printf("# it does not fail again\n");
    world_show_log(&world);
    printf("# again: SEED=%llu\n", (unsigned long long)seed);
}

static uint64_t number_of(const char *text)
{
    return text ? strtoull(text, NULL, 10) : 0;
}

static int run_seeds(uint64_t first, uint64_t count)
{
    bool ok = true;
    uint64_t seed = first;

    printf("1..%d\n", count > 1 ? 2 : 1);
    while (ok && seed < first + count)
        ok = try_seed(seed++, false);
    printf("%s 1 - %llu seeds\n", ok ? "ok" : "not ok",
        (unsigned long long)(seed - first));
    if (!ok)
        show(seed - 1);
    else if (count > 1) {
        ok = totals_show() || count < ENOUGH;
        printf("%s 2 - each verdict and each stop came about\n",
            ok ? "ok" : "not ok");
    }
    return ok ? 0 : 1;
}

static uint64_t usual_count(void)
{
    uint64_t count = number_of(getenv("OMNITRON_SEEDS"));

    return count ? count : getenv("OMNITRON_SOAK") ? SOAK_SEEDS : SEEDS;
}

int main(int argc, char **argv)
{
    uint64_t one = 0, count = 0;

    for (int i = 1; i + 1 < argc; i += 2)
        if (strcmp(argv[i], "--seed") == 0)
            one = number_of(argv[i + 1]);
        else if (strcmp(argv[i], "--seeds") == 0)
            count = number_of(argv[i + 1]);
    bool alone = one || seed_is_given();
    if (!one)
        one = seed_take(1);
    if (!count)
        count = alone ? 1 : usual_count();
    if (!books_open())
        return 1;
    int code = run_seeds(one, count);
    if (code == 0)
        books_close();
    return code;
}
