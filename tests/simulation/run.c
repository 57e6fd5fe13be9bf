#include "run.h"

#include "books.h"
#include "check.h"
#include "delivery/outcome.h"
#include "errands.h"
#include "server.h"

#include <string.h>

enum { TURNS_MAX = 200000 };

static void on_done(struct release *r, void *arg)
{
    struct ask *ask = arg;
    struct world *w = ask->world;
    const struct release_result *result = release_result(r);

    if (!w->ghost) {
        world_log(w, "item %lld is told: %s%s, %s",
            (long long)item_id(ask->item), verdict_name(result->verdict),
            result->left ? " (left)" : "", result->message);
        check_told(ask, result);
        w->told[result->verdict]++;
        w->items[ask->item].tries = 0;
    }
    ask->done = true;
    w->open--;
    w->woken = true;
    release_free(r);
}

static void ask_next(struct world *w)
{
    struct ask *ask = &w->asks[w->ask_count];
    int item = w->script[w->ask_count];
    const struct item *it = &w->items[item];
    struct error err;

    *ask = (struct ask){
        .world = w, .item = item, .variant = it->variant, .stock = it->stock};
    if (dice_chance(
            w, w->messy ? 30 : 2)) // a second row of the same item that differs
        ask->variant = (int)dice_below(w, 2);
    if (dice_chance(w, w->messy ? 15 : 2))
        ask->stock = !ask->stock;
    const struct journal_ask what = {.order_item_id = item_id(item),
        .code = code_of(item, ask->variant),
        .update_stock = ask->stock,
        .source = "lines.csv:1"};
    world_log(w, "item %lld is released: %s, %d", (long long)item_id(item),
        what.code, ask->stock);
    ask->release = delivery_release(w->delivery, &what, on_done, ask, &err);
    w->ask_count++;
    w->open++;
    if (dice_chance(w, 1)) {
        ask->abandoned = w->items[item].abandoned = true;
        w->open--;
        release_abandon(ask->release);
    }
}

static bool script_over(const struct world *w)
{
    return w->leaving || w->disk_failed ||
           (w->ask_count == w->to_ask && w->open == 0);
}

static void run_script(struct world *w)
{
    w->woken = false;
    while (!w->leaving && !w->disk_failed && w->ask_count < w->to_ask &&
           w->open < w->window)
        ask_next(w);
    if (!script_over(w) || w->carried)
        return;
    w->carried = true;
    if (!w->leaving)
        delivery_carry(w->delivery);
}

static void port_submit(void *world, struct journal_op *op)
{
    struct world *w = world;

    if (w->submitted_len == OPS)
        world_fail(w, "more than %d operations", OPS);
    op->at = wall_now(w);
    w->submitted[w->submitted_len++] = op;
}

static int64_t port_wall_ms(void *world)
{
    return wall_now(world);
}

/* Time goes on while the loop works, now and then much of it. */
static int64_t port_ticks_us(void *world)
{
    struct world *w = world;

    w->now_us += dice_chance(w, 1) ? dice_below(w, 100 * MS) : 1;
    return w->now_us;
}

static double port_draw(void *world)
{
    return (double)dice_below(world, 1000) / 1000;
}

static void port_lost(
    void *world, const struct release_result *result, const char *outcome)
{
    struct world *w = world;

    if (!w->disk_failed && !w->ghost)
        world_fail(w, "item %lld (%s) is lost, and the disk is well",
            (long long)result->order_item_id, outcome);
}

static void hand_over(struct world *w)
{
    memcpy(w->group, w->submitted, (size_t)w->submitted_len * sizeof *w->group);
    w->group_len = w->submitted_len;
    w->submitted_len = 0;
    w->group_us = w->now_us + 1 + dice_below(w, w->slow_us);
}

static void check_group(struct world *w)
{
    for (int i = 0; i < w->group_len; i++) {
        const struct journal_op *op = w->group[i];
        if (op->kind == JOURNAL_FIND || op->kind == JOURNAL_LEFT)
            continue;
        int item = item_of(op->ask.order_item_id);
        world_log(w, "item %lld: operation %d is durable%s",
            (long long)op->ask.order_item_id, op->kind,
            op->found ? ", found" : "");
        w->items[item].set_back |= op->kind == JOURNAL_SET_BACK;
        if (op->kind == JOURNAL_TAKE_UP && op->found && op->row.run == w->run)
            world_fail(w, "item %lld: this run left it and takes it up",
                (long long)op->ask.order_item_id);
        check_item(w, item);
    }
}

/* A disk that fails may have kept what it says it has not. */
static void disk_write(struct world *w)
{
    bool fails = w->disk_failed || ++w->groups == w->fails_at;

    w->group_us = 0;
    w->report_us = w->now_us + 1 + dice_below(w, 2 * MS);
    w->group_failed = fails;
    if (fails && (w->disk_failed || dice_chance(w, 50)))
        return;
    if (!books_write(w, w->group, w->group_len))
        world_fail(w, "the journal failed");
    check_group(w);
}

/* The row that a release finds says whether its refusal is news. */
static void note_found(struct world *w, const struct journal_op *op)
{
    const struct journal_row *row = &op->row;

    if (op->kind == JOURNAL_FIND || op->kind == JOURNAL_ADMIT ||
        op->kind == JOURNAL_TAKE_UP)
        w->items[item_of(op->ask.order_item_id)].rejected_before =
            op->found && (row->state == JOURNAL_REJECTED ||
                             outcome_refuses(row->http_status));
}

static void disk_report(struct world *w)
{
    w->report_us = 0;
    w->disk_failed |= w->group_failed;
    if (w->group_failed)
        world_log(w, "the disk has failed");
    int len = w->group_len;
    w->group_len = 0;
    for (int i = 0; i < len; i++) {
        struct journal_op *op = w->group[i];
        op->failed = w->group_failed;
        if (op->failed)
            op->found = false;
        w->taken_up += op->kind == JOURNAL_TAKE_UP && op->found;
        note_found(w, op);
        op->done(op);
    }
}

static void earliest(int64_t *next, int64_t us)
{
    if (us > 0 && (*next < 0 || us < *next))
        *next = us;
}

static int64_t next_us(struct world *w)
{
    int64_t next = server_next_us(w);

    earliest(&next, w->group_us);
    earliest(&next, w->report_us);
    if (!w->leaving)
        earliest(&next, w->leave_us);
    return next;
}

static void one_event(struct world *w)
{
    if (w->group_us && w->group_us <= w->now_us)
        disk_write(w);
    else if (w->report_us && w->report_us <= w->now_us)
        disk_report(w);
    else if (!w->leaving && w->leave_us && w->leave_us <= w->now_us) {
        world_log(w, "a signal");
        w->leaving = true;
        delivery_leave(w->delivery);
    } else
        server_event(w);
    w->events++;
}

static void loop_turn(struct world *w)
{
    run_script(w);
    delivery_turn(w->delivery);
    if (w->submitted_len && !w->group_us && !w->report_us)
        hand_over(w);
}

/* False: nothing will ever happen. Somebody may set the clock meanwhile. */
static bool sleep_until_next(struct world *w)
{
    if (dice_below(w, 500) == 0)
        w->wall_ms += dice_between(w, -7200000, 7200000);
    int64_t next = next_us(w), due = delivery_due_us(w->delivery);

    if (next < 0 && due < 0)
        return false;
    if (due >= 0 && (next < 0 || due < next)) {
        if (w->now_us < due)
            w->now_us = due;
        w->events++;
        return true;
    }
    for (int n = dice_chance(w, 30) ? 4 : 1; n > 0 && next >= 0; n--) {
        if (w->now_us < next)
            w->now_us = next;
        one_event(w);
        next = next_us(w);
    }
    return true;
}

static bool over(const struct world *w)
{
    return w->carried && delivery_open(w->delivery) == 0 &&
           w->submitted_len == 0 && !w->group_us && !w->report_us;
}

static bool loop(struct world *w)
{
    for (int i = 0; i < TURNS_MAX; i++) {
        loop_turn(w);
        if (over(w))
            return true;
        if (w->events == w->crash_event)
            return false;
        if (!w->woken && !sleep_until_next(w))
            world_fail(w, "stalled with %d releases, stage %s",
                (int)delivery_open(w->delivery),
                stop_reason_name(delivery_stopped(w->delivery)->why));
        check_stop(w);
        if (w->disk_failed)
            delivery_halt(w->delivery);
    }
    world_fail(w, "it goes on for ever");
}

/* After a crash nothing of it counts; what it had in memory is given back. */
static void bury(struct world *w)
{
    static const struct wire_reply nothing = {.error = "", .body = ""};

    w->ghost = true;
    for (int i = 0; i < w->flying; i++) {
        struct wire_call *call = w->flights[i].call;
        if (call)
            call->replied(call, &nothing);
    }
    delivery_halt(w->delivery);
    for (int i = 0; delivery_open(w->delivery) > 0; i++) {
        if (i > ASKS)
            world_fail(w, "a run without a disk does not end");
        if (!w->group_len && w->submitted_len)
            hand_over(w);
        w->group_failed = true;
        disk_report(w);
        delivery_turn(w->delivery);
    }
    w->submitted_len = w->group_len = 0;
    w->group_us = w->report_us = 0;
    w->ghost = false;
}

static void open_run(struct world *w)
{
    const struct delivery_ports ports = {w, port_submit, server_send,
        errands_look, errands_log_in, port_wall_ms, port_ticks_us, port_draw,
        port_lost, NULL};

    books_begin_run(w);
    server_weather(w);
    check_open(w);
    w->ask_count = w->open = w->groups = 0;
    w->leaving = w->carried = w->disk_failed = false;
    w->rules.run = w->run;
    w->delivery = delivery_new(&ports, &w->rules);
    w->events = 0;
}

bool run_simulate(struct world *w)
{
    open_run(w);
    world_log(w, "run %d: %d releases, %d at once, %d tries, %s%s%s%s", w->run,
        w->to_ask, w->rules.at_once, w->rules.tries,
        w->rules.first_look ? "looks " : "", w->rules.logs_in ? "logs in " : "",
        w->rules.resend ? "resends " : "",
        w->rules.unique_codes ? "unique codes" : "");
    bool ended = loop(w);
    if (ended)
        check_run(w);
    if (ended && !w->disk_failed)
        books_end_run(w);
    if (!ended) {
        world_log(w, "a crash");
        bury(w);
    }
    server_drain(w, ended);
    delivery_free(w->delivery);
    w->delivery = NULL;
    return ended;
}
