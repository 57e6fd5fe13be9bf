/* The state machine of delivery.c, with a journal and a network made of
 * lists: what is submitted waits until the test makes it durable, what is
 * sent until the test answers. */
#include "delivery/delivery.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 600, LIST = 600, HOUR_MS = 3600000 };

struct asked { // one release, as its script sees it
    struct release *release;
    struct release_result result;
    int done;
};

struct world {
    struct delivery *delivery;
    struct journal_row rows[ROWS]; // durable
    size_t row_count;
    struct journal_op *ops[LIST]; // submitted, not durable
    size_t op_count;
    struct wire_call *calls[LIST]; // sent, not answered
    size_t call_count, most_calls, at_once;
    struct asked asked[LIST];
    size_t asked_count;
    int conflicts, lost, bodies;
    char note[800], why[200], message[600]; // of the latest operation
    int64_t sent_items[LIST];
    int64_t now_ms, ticks_us;
    bool disk_failed, net_failed;
};

static struct world world;

static struct journal_row *find_row(int64_t item)
{
    for (size_t i = 0; i < world.row_count; i++)
        if (world.rows[i].order_item_id == item)
            return &world.rows[i];
    return NULL;
}

/* The row of an item that must have one. */
static struct journal_row *must_row(int64_t item)
{
    struct journal_row *row = find_row(item);

    if (row)
        return row;
    fail_msg("item %lld has no row", (long long)item);
    return &world.rows[0];
}

static void take_ask(struct journal_row *row, const struct journal_op *op)
{
    row->state = JOURNAL_SENDING;
    row->update_stock = op->ask.update_stock;
    row->attempts++;
    row->last_at = world.now_ms;
    snprintf(row->code, sizeof row->code, "%s", op->ask.code);
}

static void do_admit(struct journal_op *op, struct journal_row *row)
{
    op->found = row != NULL;
    if (row) {
        op->row = *row;
        return;
    }
    assert_true(world.row_count < ROWS);
    row = &world.rows[world.row_count++];
    *row = (struct journal_row){
        .order_item_id = op->ask.order_item_id, .applied_stock = -1};
    take_ask(row, op);
}

static void do_outcome(struct journal_op *op, struct journal_row *row)
{
    assert_int_equal(row->state, JOURNAL_SENDING);
    row->state = op->outcome.state;
    row->update_stock = op->outcome.update_stock;
    row->last_at = world.now_ms;
    if (row->state == JOURNAL_CONFIRMED)
        row->applied_stock = row->update_stock;
    if (op->outcome.mapping.known)
        row->mapping = op->outcome.mapping;
    snprintf(row->message, sizeof row->message, "%s", op->outcome.message);
    snprintf(world.message, sizeof world.message, "%s", op->outcome.message);
    snprintf(world.why, sizeof world.why, "%s", op->outcome.why);
}

static void apply(struct journal_op *op)
{
    struct journal_row *row = find_row(op->ask.order_item_id);

    snprintf(world.note, sizeof world.note, "%s", op->note ? op->note : "");
    if (op->kind == JOURNAL_ADMIT)
        do_admit(op, row);
    else if (op->kind == JOURNAL_AGAIN)
        take_ask(must_row(op->ask.order_item_id), op);
    else if (op->kind == JOURNAL_OUTCOME)
        do_outcome(op, must_row(op->ask.order_item_id));
    else if (op->kind == JOURNAL_CONFLICT)
        world.conflicts++;
    else if (op->kind == JOURNAL_RESTORE) {
        row = must_row(op->ask.order_item_id);
        row->state = JOURNAL_CONFIRMED;
        row->update_stock = row->applied_stock == 1;
    } else
        fail_msg("operation %d", op->kind);
}

/* Leaves nothing of what earlier calls had on the stack. */
static void scribble(void)
{
    volatile char junk[8192];

    for (size_t i = 0; i < sizeof junk; i++)
        junk[i] = (char)0x23;
}

/* The oldest `n` of what was submitted becomes durable, then is collected. */
static void commit(size_t n)
{
    struct journal_op *batch[LIST];

    scribble();
    if (n > world.op_count)
        n = world.op_count;
    memcpy(batch, world.ops, n * sizeof *batch);
    world.op_count -= n;
    memmove(world.ops, world.ops + n, world.op_count * sizeof *world.ops);
    for (size_t i = 0; i < n; i++) {
        batch[i]->failed = world.disk_failed;
        if (!world.disk_failed)
            apply(batch[i]);
    }
    for (size_t i = 0; i < n; i++)
        batch[i]->done(batch[i]);
}

static void port_submit(void *self, struct journal_op *op)
{
    assert_ptr_equal(self, &world);
    assert_true(world.op_count < LIST);
    world.ops[world.op_count++] = op;
}

/* Before a body leaves, its intent is durable: this item and this code,
 * `sending`, with as many attempts as bodies. */
static bool port_send(void *self, struct wire_call *call, struct error *err)
{
    const struct journal_row *row = must_row(call->order_item_id);
    char code[300];

    assert_ptr_equal(self, &world);
    assert_int_equal(row->state, JOURNAL_SENDING);
    snprintf(code, sizeof code, "{\"update_stock\":%s,\"code\":\"%s\"}",
        row->update_stock ? "true" : "false", row->code);
    assert_int_equal(call->body_len, strlen(code));
    assert_memory_equal(call->body, code, call->body_len);
    for (size_t i = 0; i < world.call_count; i++)
        assert_true(world.calls[i]->order_item_id != call->order_item_id);
    if (world.net_failed)
        return error_set(err, ERROR_OTHER, "no descriptor is left");
    world.sent_items[world.bodies++ % LIST] = call->order_item_id;
    world.calls[world.call_count++] = call;
    assert_true(world.call_count <= world.at_once);
    if (world.call_count > world.most_calls)
        world.most_calls = world.call_count;
    return true;
}

static int64_t port_wall(void *self)
{
    (void)self;
    return world.now_ms;
}

static int64_t port_ticks(void *self)
{
    (void)self;
    return world.ticks_us;
}

static void port_lost(
    void *self, const struct release_result *result, const char *outcome)
{
    (void)self;
    assert_true(result->order_item_id > 0);
    assert_true(outcome[0] != '\0');
    world.lost++;
}

static void on_done(struct release *r, void *arg)
{
    struct asked *asked = arg;

    assert_ptr_equal(asked->release, r);
    asked->result = *release_result(r);
    asked->done++;
    release_free(r);
}

static void port_errand(void *self)
{
    (void)self;
    fail_msg("no first look and no log-in was asked for");
}

static double port_draw(void *self)
{
    (void)self;
    return 0.5;
}

static void open_world(int at_once)
{
    const struct delivery_ports ports = {
        &world, port_submit, port_send, port_errand, port_errand, port_wall,
        port_ticks, port_draw, port_lost};
    const struct delivery_rules rules = {
        .host = "acme.omnitron.net",
        .run = 2,
        .at_once = at_once,
        .tries = 1,
        .retry_rejected_ms = 24 * HOUR_MS};

    memset(&world, 0, sizeof world);
    world.at_once = (size_t)at_once;
    world.now_ms = HOUR_MS;
    world.delivery = delivery_new(&ports, &rules);
    assert_non_null(world.delivery);
}

static struct asked *ask(int64_t item, const char *code, bool update_stock)
{
    struct asked *asked = &world.asked[world.asked_count++];
    const struct journal_ask what = {.order_item_id = item,
        .code = code,
        .update_stock = update_stock,
        .source = "lines.csv:1"};
    struct error err;

    assert_true(world.asked_count <= LIST);
    asked->release =
        delivery_release(world.delivery, &what, on_done, asked, &err);
    assert_non_null(asked->release);
    return asked;
}

static void turn(void)
{
    world.ticks_us += 100;
    delivery_turn(world.delivery);
}

/* The index of the request of this item. */
static size_t find_call(int64_t item)
{
    for (size_t i = 0; i < world.call_count; i++)
        if (world.calls[i]->order_item_id == item)
            return i;
    fail_msg("item %lld is not on its way", (long long)item);
    return 0;
}

static void reply_with(int64_t item, const struct wire_reply *reply)
{
    size_t i = find_call(item);
    struct wire_call *call = world.calls[i];

    world.calls[i] = world.calls[--world.call_count];
    delivery_replied(call, reply);
}

static void reply_status(int64_t item, int status, const char *body)
{
    reply_with(item, &(struct wire_reply){.sent = true,
                         .complete = true,
                         .status = status,
                         .error = "",
                         .body = body,
                         .body_len = strlen(body)});
}

static void reply_echo(int64_t item)
{
    char body[400];

    snprintf(body, sizeof body,
        "{\"pk\":%lld,\"object_id\":%lld,\"code\":\"%s\",\"content_type\":66,"
        "\"integration_type\":\"external_company\"}",
        (long long)item + 1000, (long long)item, must_row(item)->code);
    reply_status(item, 201, body);
}

/* Words that are gone as soon as the call returns, as those of a transfer
 * that is used for the next request. */
static void reply_broken(int64_t item, bool sent)
{
    static char words[40];

    strcpy(words, "Connection reset by peer");
    reply_with(item, &(struct wire_reply){
                         .sent = sent, .curl = 56, .error = words, .body = ""});
    strcpy(words, "###");
}

/* To where the request of this item is on its way. */
static struct asked *fly(int64_t item, const char *code, bool update_stock)
{
    struct asked *asked = ask(item, code, update_stock);

    for (int i = 0; i < 4 && !asked->done; i++) {
        turn();
        commit(LIST);
    }
    return asked;
}

static void check(
    const struct asked *asked, enum verdict verdict, const char *message)
{
    assert_int_equal(asked->done, 1);
    if (asked->result.verdict != verdict)
        fail_msg("%s, not %s: %s", verdict_name(asked->result.verdict),
            verdict_name(verdict), asked->result.message);
    if (!strstr(asked->result.message, message))
        fail_msg("%s", asked->result.message);
}

static void check_row(
    int64_t item, enum journal_state state, const char *code, bool update_stock)
{
    const struct journal_row *row = must_row(item);

    assert_string_equal(
        journal_state_name(row->state), journal_state_name(state));
    assert_string_equal(row->code, code);
    assert_int_equal(row->update_stock, update_stock);
}

/* Every release is counted once, none is left. */
static void close_world(void)
{
    const struct delivery_tally *tally = delivery_tally(world.delivery);
    int64_t sum = 0;

    assert_int_equal(delivery_open(world.delivery), 0);
    assert_int_equal(delivery_ready(world.delivery), 0);
    for (int i = 0; i < VERDICTS; i++)
        sum += tally->by_verdict[i];
    assert_int_equal(sum, tally->releases);
    assert_int_equal(tally->releases, world.asked_count);
    for (size_t i = 0; i < world.asked_count; i++)
        assert_int_equal(world.asked[i].done, 1);
    delivery_free(world.delivery);
}

static struct asked *confirm(int64_t item, const char *code, bool update_stock)
{
    struct asked *asked = fly(item, code, update_stock);

    reply_echo(item);
    assert_int_equal(asked->done, 0);
    commit(LIST);
    check(asked, VERDICT_CONFIRMED, "");
    return asked;
}

/* Nothing leaves before its intent is durable; nothing is answered before
 * its outcome is. */
static void test_durable_first(void **state)
{
    (void)state;
    open_world(4);
    struct asked *a = ask(1, "E-1", true);
    assert_int_equal(world.op_count, 0);
    for (int i = 0; i < 5; i++)
        turn();
    assert_int_equal(world.op_count, 1);
    assert_int_equal(world.ops[0]->kind, JOURNAL_ADMIT);
    assert_int_equal(world.bodies, 0);
    commit(LIST);
    assert_int_equal(delivery_ready(world.delivery), 1);
    turn();
    assert_int_equal(world.bodies, 1);
    assert_int_equal(delivery_ready(world.delivery), 0);
    reply_echo(1);
    assert_int_equal(world.op_count, 1);
    assert_int_equal(a->done, 0);
    commit(LIST);
    check(a, VERDICT_CONFIRMED, "");
    assert_int_equal(a->result.mapping.pk, 1001);
    assert_int_equal(a->result.mapping.content_type, 66);
    check_row(1, JOURNAL_CONFIRMED, "E-1", true);
    close_world();
}

/* What stands in the row and in the answer after each kind of reply. */
static const struct {
    int status;
    const char *body;
    enum journal_state state;
    enum verdict verdict;
    const char *message;
} ends[] = {
    {400, "{\"detail\":\"no\"}", JOURNAL_REJECTED, VERDICT_REJECTED, "400 no"},
    {404, "{\"detail\":\"Not found.\"}", JOURNAL_REJECTED, VERDICT_REJECTED,
        "404 Not found."},
    {401, "{}", JOURNAL_PENDING, VERDICT_PENDING, "goes out by itself once"},
    {429, "{}", JOURNAL_PENDING, VERDICT_PENDING, "kept; goes out by itself"},
    {500, "oops", JOURNAL_UNKNOWN, VERDICT_UNKNOWN, "may have been applied"},
    {302, "", JOURNAL_UNKNOWN, VERDICT_UNKNOWN, "redirect"},
    {200, "", JOURNAL_UNKNOWN, VERDICT_UNKNOWN, "the answer is empty"},
    {200, "<html>", JOURNAL_UNKNOWN, VERDICT_UNKNOWN, "not JSON"},
    {201, "{\"pk\":1,\"object_id\":8,\"code\":\"E-2\"}", JOURNAL_UNKNOWN,
        VERDICT_UNKNOWN, "object_id"},
    {201, "{\"pk\":1,\"object_id\":7,\"code\":\"E-2\"}", JOURNAL_UNKNOWN,
        VERDICT_UNKNOWN, "code"},
};

static void test_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        open_world(1);
        struct asked *a = fly(7, "E-1", true);
        reply_status(7, ends[i].status, ends[i].body);
        commit(LIST);
        check(a, ends[i].verdict, ends[i].message);
        assert_false(a->result.mapping.known);
        check_row(7, ends[i].state, "E-1", true);
        close_world();
    }
}

/* libcurl's words outlive the transfer that they came from. */
static void test_broken(void **state)
{
    (void)state;
    for (int sent = 0; sent < 2; sent++) {
        open_world(1);
        struct asked *a = fly(7, "E-1", true);
        reply_broken(7, sent);
        commit(LIST);
        check(a, sent ? VERDICT_UNKNOWN : VERDICT_PENDING,
            sent ? "may have been applied" : "itself: Connection reset");
        check_row(7, sent ? JOURNAL_UNKNOWN : JOURNAL_PENDING, "E-1", true);
        assert_string_equal(world.message, "Connection reset by peer");
        close_world();
    }
}

/* A request that could not be started is like one that did not leave. */
static void test_not_started(void **state)
{
    (void)state;
    open_world(1);
    world.net_failed = true;
    struct asked *a = fly(7, "E-1", true);
    check(a, VERDICT_PENDING, "no descriptor is left");
    check_row(7, JOURNAL_PENDING, "E-1", true);
    assert_string_equal(world.message, "no descriptor is left");
    world.net_failed = false;
    confirm(7, "E-1", true);
    close_world();
}

static void test_same_item_waits(void **state)
{
    (void)state;
    open_world(4);
    struct asked *a = fly(1, "E-1", true);
    struct asked *b = ask(1, "E-1", true), *c = ask(1, "E-2", true);
    turn();
    commit(LIST);
    turn();
    assert_int_equal(world.op_count, 0);
    assert_int_equal(world.call_count, 1);
    reply_echo(1);
    commit(LIST);
    check(a, VERDICT_CONFIRMED, "");
    assert_int_equal(b->done + c->done, 0);
    turn();
    commit(LIST);
    check(b, VERDICT_ALREADY, "");
    assert_int_equal(b->result.mapping.pk, 1001);
    assert_string_equal(b->result.mapping.integration_type, "external_company");
    assert_int_equal(c->done, 0);
    turn();
    commit(LIST);
    assert_int_equal(c->done, 0); // its conflict is not durable yet
    commit(LIST);
    check(c, VERDICT_CONFLICT, "\"E-2\" was asked");
    assert_int_equal(world.bodies, 1);
    assert_int_equal(world.conflicts, 1);
    close_world();
}

/* The one that waited goes out when the first is certainly not applied. */
static void test_same_item_after_refusal(void **state)
{
    (void)state;
    open_world(4);
    struct asked *a = fly(1, "E-1", true);
    struct asked *b = ask(1, "E-2", true), *c = ask(1, "E-2", true);
    reply_status(1, 400, "{}");
    commit(LIST);
    check(a, VERDICT_REJECTED, "400");
    for (int i = 0; i < 4; i++) {
        turn();
        commit(LIST);
    }
    assert_int_equal(world.bodies, 2);
    reply_echo(1);
    commit(LIST);
    check(b, VERDICT_CONFIRMED, "");
    turn();
    commit(LIST);
    check(c, VERDICT_ALREADY, "");
    check_row(1, JOURNAL_CONFIRMED, "E-2", true);
    assert_int_equal(world.conflicts, 0);
    close_world();
}

static void test_conflict(void **state)
{
    (void)state;
    open_world(2);
    confirm(1, "E-1", true);
    check_row(1, JOURNAL_CONFIRMED, "E-1", true);
    check(fly(1, "E-9", true), VERDICT_CONFLICT, "\"E-1\" already (confirmed)");
    check(fly(1, "E-1", false), VERDICT_CONFLICT, "false was asked");
    check(fly(1, "E-1", true), VERDICT_ALREADY, "");
    check_row(1, JOURNAL_CONFIRMED, "E-1", true);
    assert_int_equal(world.conflicts, 2);
    assert_int_equal(world.bodies, 1);
    close_world();
}

static void test_mended_rule(void **state)
{
    (void)state;
    open_world(2);
    struct asked *a = fly(1, "E-1", true);
    reply_status(1, 400, "{\"detail\":\"unknown line\"}");
    commit(LIST);
    check(a, VERDICT_REJECTED, "unknown line");
    check(fly(1, "E-1", true), VERDICT_REJECTED, "unknown line");
    assert_int_equal(world.bodies, 1);
    a = fly(1, "E-2", true);
    assert_string_equal(
        world.note, "code \"E-1\", update_stock true became \"E-2\", true");
    reply_echo(1);
    commit(LIST);
    check(a, VERDICT_CONFIRMED, "");
    check_row(1, JOURNAL_CONFIRMED, "E-2", true);
    assert_int_equal(must_row(1)->attempts, 2);
    close_world();
}

/* The refusal is asked for again when retry_rejected is over. */
static void test_retry_rejected(void **state)
{
    (void)state;
    open_world(2);
    fly(1, "E-1", true);
    reply_status(1, 400, "{}");
    commit(LIST);
    world.now_ms += 24 * HOUR_MS - 1;
    check(fly(1, "E-1", true), VERDICT_REJECTED, "400");
    world.now_ms++;
    confirm(1, "E-1", true);
    close_world();
}

/* From false to true: a new attempt, whose refusal leaves what was. */
static void test_half_done_refused(void **state)
{
    (void)state;
    open_world(2);
    confirm(1, "E-1", false);
    check(fly(1, "E-1", false), VERDICT_ALREADY, "");
    struct asked *a = fly(1, "E-1", true);
    assert_int_equal(world.bodies, 2);
    reply_status(1, 406, "{\"error\":\"canceled\"}");
    commit(LIST);
    check(a, VERDICT_REJECTED, "406 canceled");
    check_row(1, JOURNAL_CONFIRMED, "E-1", false);
    assert_string_equal(must_row(1)->message, "406 canceled");
    check(fly(1, "E-1", false), VERDICT_ALREADY, "");
    confirm(1, "E-1", true);
    check_row(1, JOURNAL_CONFIRMED, "E-1", true);
    close_world();
}

/* Not sent it stays `pending` with true; asked for false, it is as before. */
static void test_half_done_pending(void **state)
{
    (void)state;
    open_world(2);
    confirm(1, "E-1", false);
    struct asked *a = fly(1, "E-1", true);
    reply_broken(1, false);
    commit(LIST);
    check(a, VERDICT_PENDING, "kept");
    check_row(1, JOURNAL_PENDING, "E-1", true);
    check(fly(1, "E-2", true), VERDICT_CONFLICT, "\"E-2\"");
    a = fly(1, "E-1", false);
    check(a, VERDICT_ALREADY, "");
    assert_int_equal(a->result.mapping.pk, 1001);
    check_row(1, JOURNAL_CONFIRMED, "E-1", false);
    a = fly(1, "E-1", true);
    reply_broken(1, true);
    commit(LIST);
    check(a, VERDICT_UNKNOWN, "");
    check_row(1, JOURNAL_UNKNOWN, "E-1", true);
    close_world();
}

static void test_unknown_stays(void **state)
{
    (void)state;
    open_world(2);
    fly(1, "E-1", true);
    reply_status(1, 500, "");
    commit(LIST);
    world.now_ms += 1000 * (int64_t)HOUR_MS;
    check(fly(1, "E-1", true), VERDICT_UNKNOWN, "nothing was sent");
    check(fly(1, "E-2", true), VERDICT_CONFLICT, "(unknown)");
    check(fly(1, "E-1", false), VERDICT_CONFLICT, "(unknown)");
    check_row(1, JOURNAL_UNKNOWN, "E-1", true);
    assert_int_equal(world.bodies, 1);
    close_world();
}

/* The journal has failed: what is on its way ends, nothing more leaves. */
static void test_halted(void **state)
{
    (void)state;
    open_world(1);
    struct asked *flying = fly(1, "E-1", true);
    struct asked *same = ask(1, "E-1", true);
    struct asked *ready = fly(2, "E-2", true);
    struct asked *admitting = ask(3, "E-3", true);
    turn();
    struct asked *queued = ask(4, "E-4", true);
    world.disk_failed = true;
    delivery_halt(world.delivery);
    reply_echo(1);
    commit(LIST);
    for (int i = 0; i < 3; i++) {
        turn();
        commit(LIST);
    }
    const struct asked *all[] = {flying, same, ready, admitting, queued};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        check(all[i], VERDICT_LOST, "the journal failed");
    assert_int_equal(world.bodies, 1);
    assert_int_equal(world.lost, 1);
    close_world();
}

/* In the order they were asked for, never more than at_once on their way. */
static void test_order(void **state)
{
    static const int widths[] = {1, 2, 8, 64};

    (void)state;
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
        open_world(widths[w]);
        for (int i = 1; i <= 200; i++)
            ask(i, "E", true);
        for (int n = 0; delivery_open(world.delivery); n++) {
            assert_true(n < 2000);
            turn();
            commit(LIST);
            turn();
            if (world.call_count)
                reply_echo(world.calls[0]->order_item_id);
        }
        for (int i = 0; i < 200; i++)
            assert_int_equal(world.sent_items[i], i + 1);
        assert_int_equal(world.most_calls, widths[w]);
        assert_int_equal(delivery_tally(world.delivery)->attempts, 200);
        close_world();
    }
}

/* Intents ahead: at most 2 × at_once besides what may be in flight. */
static void test_ahead(void **state)
{
    (void)state;
    open_world(4);
    for (int i = 1; i <= 100; i++)
        ask(i, "E", true);
    turn();
    assert_int_equal(world.op_count, 5); // nothing is known yet: 1 ahead
    world.ticks_us += 1000000;           // a slow disk, and quick replies
    commit(LIST);
    turn();
    world.ticks_us += 100;
    reply_echo(1);
    commit(LIST);
    turn();
    turn();
    assert_int_equal(
        world.op_count + world.call_count + delivery_ready(world.delivery), 12);
    while (delivery_open(world.delivery)) {
        commit(LIST);
        turn();
        if (world.call_count)
            reply_echo(world.calls[0]->order_item_id);
    }
    close_world();
}

static void test_abandoned(void **state)
{
    (void)state;
    open_world(1);
    struct asked *a = ask(1, "E-1", true);
    release_abandon(a->release);
    turn();
    commit(LIST);
    turn();
    reply_echo(1);
    commit(LIST);
    assert_int_equal(a->done, 0);
    check_row(1, JOURNAL_CONFIRMED, "E-1", true);
    a->done = 1;
    close_world();
}

static void reply_random(int64_t item, bool *applied)
{
    static const int statuses[] = {400, 401, 429, 500, 200, 302};

    switch (random() % 4) {
    case 0:
        reply_broken(item, random() % 2);
        break;
    case 1:
        reply_status(item, statuses[random() % 6], "{}");
        break;
    default:
        applied[item] = true;
        reply_echo(item);
    }
}

/* Releases, commits and replies in any order: each release ends, and what is
 * confirmed was applied. The ports check the rest. */
static void wander(unsigned seed)
{
    static const char *const codes[] = {"E-1", "E-1", "E-1", "E-2"};
    bool applied[11] = {false};

    srandom(seed);
    open_world(1 + (int)(random() % 4));
    while (world.asked_count < 120 || delivery_open(world.delivery)) {
        long dice = random() % 5;
        if (dice == 0 && world.asked_count < 120)
            ask(1 + random() % 10, codes[random() % 4], random() % 4 != 0);
        else if (dice == 1)
            commit((size_t)(random() % 4));
        else if (dice == 2 && world.call_count)
            reply_random(
                world.calls[(size_t)random() % world.call_count]->order_item_id,
                applied);
        else
            turn();
    }
    for (size_t i = 0; i < world.row_count; i++) {
        const struct journal_row *row = &world.rows[i];
        assert_int_not_equal(row->state, JOURNAL_SENDING);
        if (row->state == JOURNAL_CONFIRMED)
            assert_true(applied[row->order_item_id]);
    }
    close_world();
}

static void test_any_order(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 300; seed++)
        wander(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_durable_first),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_not_started),
        cmocka_unit_test(test_same_item_waits),
        cmocka_unit_test(test_same_item_after_refusal),
        cmocka_unit_test(test_conflict),
        cmocka_unit_test(test_mended_rule),
        cmocka_unit_test(test_retry_rejected),
        cmocka_unit_test(test_half_done_refused),
        cmocka_unit_test(test_half_done_pending),
        cmocka_unit_test(test_unknown_stays),
        cmocka_unit_test(test_halted),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_ahead),
        cmocka_unit_test(test_abandoned),
        cmocka_unit_test(test_any_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
