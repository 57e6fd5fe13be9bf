/* delivery_rig.h: what the tests of the state machine of delivery.c share: a
 * journal and a network made of lists. What is submitted waits until the test
 * makes it durable, what is sent until the test answers. */
#ifndef TESTS_DELIVERY_RIG_H
#define TESTS_DELIVERY_RIG_H

#include "delivery/delivery.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 600, LIST = 600, HOUR_MS = 3600000, SECOND_US = 1000000 };

struct asked { // one release, as its script sees it
    struct release *release;
    struct release_result result;
    int done;
};

struct world {
    struct delivery *delivery;
    struct delivery_rules rules;
    struct journal_row rows[ROWS]; // durable
    size_t row_count;
    struct journal_op *ops[LIST]; // submitted, not durable
    size_t op_count;
    struct wire_call *calls[LIST]; // sent, not answered
    size_t call_count, most_calls;
    struct asked asked[LIST];
    size_t asked_count;
    struct release_result carried[LIST]; // of earlier runs, ended
    size_t carried_count;
    int conflicts, lost, bodies, kinds[JOURNAL_RECALL + 1];
    int looks, logins;       // asked for
    int looking, logging_in; // and not answered
    int64_t refuse_login_at; // the next log-in is one too many; 0: it is not
    char note[800], why[200], message[600]; // of the latest operation
    int64_t sent_items[LIST];
    int64_t now_ms, ticks_us;
    double draw;
    bool disk_failed, net_failed;
};

static struct world world;

static inline struct journal_row *find_row(int64_t item)
{
    for (size_t i = 0; i < world.row_count; i++)
        if (world.rows[i].order_item_id == item)
            return &world.rows[i];
    return NULL;
}

/* The row of an item that must have one. */
static inline struct journal_row *must_row(int64_t item)
{
    struct journal_row *row = find_row(item);

    if (row)
        return row;
    fail_msg("item %lld has no row", (long long)item);
    return &world.rows[0];
}

static inline struct journal_row *add_row(int64_t item)
{
    struct journal_row *row = find_row(item);

    if (row)
        return row;
    assert_true(world.row_count < ROWS);
    row = &world.rows[world.row_count++];
    *row = (struct journal_row){.order_item_id = item, .applied_stock = -1};
    return row;
}

static inline void take_ask(
    struct journal_row *row, const struct journal_op *op)
{
    row->update_stock = op->ask.update_stock;
    row->last_at = world.now_ms;
    row->run = world.rules.run;
    snprintf(row->code, sizeof row->code, "%s", op->ask.code);
}

/* Another item that stands for the code. */
static inline bool is_taken(struct journal_op *op)
{
    for (size_t i = 0; op->unique && i < world.row_count; i++) {
        const struct journal_row *row = &world.rows[i];
        if (row->order_item_id != op->ask.order_item_id &&
            row->state != JOURNAL_REJECTED && row->state != JOURNAL_CANCELLED &&
            strcmp(row->code, op->ask.code) == 0)
            op->taken = row->order_item_id;
    }
    return op->taken != 0;
}

static inline void begin_attempt(struct journal_row *row)
{
    row->state = JOURNAL_SENDING;
    row->attempts++;
    row->http_status = 0;
    row->run = world.rules.run;
}

static inline void do_admit(struct journal_op *op, struct journal_row *row)
{
    op->found = row != NULL;
    if (row)
        op->row = *row;
    else if (!is_taken(op)) {
        row = add_row(op->ask.order_item_id);
        take_ask(row, op);
        begin_attempt(row);
    }
}

static inline void do_again(struct journal_op *op, struct journal_row *row)
{
    assert_non_null(row);
    if (is_taken(op))
        return;
    take_ask(row, op);
    begin_attempt(row);
    row->resent = op->resend;
}

static inline void do_keep(struct journal_op *op, struct journal_row *row)
{
    if (is_taken(op))
        return;
    assert_true(!row || row->state != JOURNAL_UNKNOWN);
    row = add_row(op->ask.order_item_id);
    take_ask(row, op);
    row->state = JOURNAL_PENDING;
}

static inline bool is_left(const struct journal_row *row, bool resend)
{
    return row->run != world.rules.run &&
           (row->state == JOURNAL_PENDING ||
               (resend && row->state == JOURNAL_UNKNOWN && !row->resent));
}

static inline void do_take_up(struct journal_op *op, struct journal_row *row)
{
    op->found = row && is_left(row, op->resend);
    if (!op->found)
        return;
    op->row = *row;
    row->resent = row->state == JOURNAL_UNKNOWN;
    begin_attempt(row);
}

/* In pages of three. */
static inline void do_left(struct journal_op *op, struct journal_row *row)
{
    (void)row;
    buf_clear(&op->text);
    for (size_t i = 0; i < world.row_count; i++)
        if (world.rows[i].order_item_id > op->ask.order_item_id &&
            is_left(&world.rows[i], op->resend) &&
            op->text.len < 3 * sizeof(int64_t))
            assert_true(buf_add(
                &op->text, &world.rows[i].order_item_id, sizeof(int64_t)));
}

static inline void do_outcome(struct journal_op *op, struct journal_row *row)
{
    assert_non_null(row);
    assert_int_equal(row->state, JOURNAL_SENDING);
    row->state = op->outcome.state;
    row->update_stock = op->outcome.update_stock;
    row->resent = op->outcome.resent;
    row->http_status = op->outcome.http_status;
    row->last_at = world.now_ms;
    if (row->state == JOURNAL_CONFIRMED)
        row->applied_stock = row->update_stock;
    if (op->outcome.mapping.known)
        row->mapping = op->outcome.mapping;
    snprintf(row->message, sizeof row->message, "%s", op->outcome.message);
    snprintf(world.message, sizeof world.message, "%s", op->outcome.message);
    snprintf(world.why, sizeof world.why, "%s", op->outcome.why);
}

static inline void do_set_back(struct journal_op *op, struct journal_row *row)
{
    assert_non_null(row);
    op->found =
        row->state == JOURNAL_REJECTED || row->state == JOURNAL_CONFIRMED;
    if (!op->found)
        return;
    row->state = JOURNAL_PENDING;
    row->update_stock = op->ask.update_stock;
}

static inline void do_restore(struct journal_op *op, struct journal_row *row)
{
    (void)op;
    assert_non_null(row);
    assert_true(row->applied_stock >= 0);
    row->state = JOURNAL_CONFIRMED;
    row->update_stock = row->applied_stock == 1;
}

static inline void do_find(struct journal_op *op, struct journal_row *row)
{
    op->found = row != NULL;
    if (row)
        op->row = *row;
}

static inline void do_conflict(struct journal_op *op, struct journal_row *row)
{
    (void)op;
    (void)row;
    world.conflicts++;
}

static inline void apply(struct journal_op *op)
{
    static void (*const kinds[])(
        struct journal_op * op, struct journal_row * row) = {
        [JOURNAL_ADMIT] = do_admit,
        [JOURNAL_AGAIN] = do_again,
        [JOURNAL_KEEP] = do_keep,
        [JOURNAL_TAKE_UP] = do_take_up,
        [JOURNAL_OUTCOME] = do_outcome,
        [JOURNAL_SET_BACK] = do_set_back,
        [JOURNAL_CONFLICT] = do_conflict,
        [JOURNAL_RESTORE] = do_restore,
        [JOURNAL_LEFT] = do_left,
        [JOURNAL_FIND] = do_find,
    };

    snprintf(world.note, sizeof world.note, "%s", op->note ? op->note : "");
    world.kinds[op->kind]++;
    kinds[op->kind](op, find_row(op->ask.order_item_id));
}

/* Leaves nothing of what earlier calls had on the stack. */
static inline void scribble(void)
{
    volatile char junk[8192];

    for (size_t i = 0; i < sizeof junk; i++)
        junk[i] = (char)0x23;
}

/* The oldest `n` of what was submitted becomes durable, then is collected. */
static inline void commit(size_t n)
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

static inline void port_submit(void *self, struct journal_op *op)
{
    assert_ptr_equal(self, &world);
    assert_true(world.op_count < LIST);
    world.ops[world.op_count++] = op;
}

/* Before a body leaves, its intent is durable: this item and this code,
 * `sending`, with as many attempts as bodies. */
static inline bool port_send(
    void *self, struct wire_call *call, struct error *err)
{
    const struct journal_row *row = must_row(call->order_item_id);
    char code[300];

    assert_ptr_equal(self, &world);
    assert_int_equal(row->state, JOURNAL_SENDING);
    assert_int_equal(world.looking + world.logging_in, 0);
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
    assert_true(world.call_count <= (size_t)world.rules.at_once);
    if (world.call_count > world.most_calls)
        world.most_calls = world.call_count;
    return true;
}

static inline void port_look(void *self)
{
    assert_ptr_equal(self, &world);
    assert_true(world.rules.first_look);
    assert_int_equal(world.looking + world.logging_in, 0);
    world.looks++;
    world.looking = 1;
}

static inline void port_log_in(void *self)
{
    assert_ptr_equal(self, &world);
    assert_true(world.rules.logs_in);
    assert_int_equal(world.looking + world.logging_in, 0);
    world.logins++;
    world.logging_in = world.refuse_login_at == 0;
    if (world.refuse_login_at)
        delivery_token_known(world.delivery,
            &(struct stop_note){
                .why = STOP_LOG_IN, .next_at = world.refuse_login_at},
            0);
}

static inline int64_t port_wall(void *self)
{
    (void)self;
    return world.now_ms;
}

static inline int64_t port_ticks(void *self)
{
    (void)self;
    return world.ticks_us;
}

static inline void port_lost(
    void *self, const struct release_result *result, const char *outcome)
{
    (void)self;
    assert_true(result->order_item_id > 0);
    assert_true(outcome[0] != '\0');
    world.lost++;
}

static inline void port_carried(void *self, const struct release_result *result)
{
    (void)self;
    assert_true(world.carried_count < LIST);
    world.carried[world.carried_count++] = *result;
}

static inline double port_draw(void *self)
{
    (void)self;
    return world.draw;
}

static inline void on_done(struct release *r, void *arg)
{
    struct asked *asked = arg;

    assert_ptr_equal(asked->release, r);
    asked->result = *release_result(r);
    asked->done++;
    release_free(r);
}

static inline void open_delivery(void)
{
    const struct delivery_ports ports = {&world, port_submit, port_send,
        port_look, port_log_in, port_wall, port_ticks, port_draw, port_lost,
        port_carried};

    world.delivery = delivery_new(&ports, &world.rules);
    assert_non_null(world.delivery);
}

/* What is not in `rules` and must be something gets a usual value. */
static inline void open_rules(const struct delivery_rules *rules)
{
    memset(&world, 0, sizeof world);
    world.now_ms = HOUR_MS;
    world.draw = 0.5;
    world.rules = *rules;
    world.rules.host = "acme.omnitron.net";
    world.rules.run = 2;
    world.rules.retry_rejected_ms = 24 * HOUR_MS;
    if (!rules->tries)
        world.rules.tries = 5;
    if (!rules->at_once)
        world.rules.at_once = 4;
    open_delivery();
}

/* No first look, no log-in. */
static inline void open_world(int at_once)
{
    open_rules(&(struct delivery_rules){.at_once = at_once});
}

static inline struct asked *ask(
    int64_t item, const char *code, bool update_stock)
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

static inline void turn(void)
{
    world.ticks_us += 100;
    delivery_turn(world.delivery);
}

/* Until nothing goes on but by an answer or the clock. */
static inline void settle(void)
{
    for (int i = 0; i < 8; i++) {
        turn();
        commit(LIST);
    }
}

/* To when delivery wants to be woken, and on. */
static inline void wait_due(void)
{
    int64_t due_us = delivery_due_us(world.delivery);

    assert_true(due_us > world.ticks_us);
    world.ticks_us = due_us;
    settle();
}

/* The index of the request of this item. */
static inline size_t find_call(int64_t item)
{
    for (size_t i = 0; i < world.call_count; i++)
        if (world.calls[i]->order_item_id == item)
            return i;
    fail_msg("item %lld is not on its way", (long long)item);
    return 0;
}

static inline void reply_with(int64_t item, const struct wire_reply *reply)
{
    size_t i = find_call(item);
    struct wire_call *call = world.calls[i];

    world.calls[i] = world.calls[--world.call_count];
    call->replied(call, reply);
}

static inline struct wire_reply reply_of(int status, const char *body)
{
    return (struct wire_reply){.sent = true,
        .complete = true,
        .status = status,
        .error = "",
        .body = body,
        .body_len = strlen(body)};
}

static inline void reply_status(int64_t item, int status, const char *body)
{
    struct wire_reply reply = reply_of(status, body);

    reply_with(item, &reply);
}

static inline void reply_after(int64_t item, int status, const char *after)
{
    struct wire_reply reply = reply_of(status, "{}");

    reply.retry_after = after;
    reply.retry_after_len = strlen(after);
    reply_with(item, &reply);
}

static inline void reply_echo(int64_t item)
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
static inline void reply_broken(int64_t item, bool sent)
{
    static char words[40];

    strcpy(words, "Connection reset by peer");
    reply_with(item, &(struct wire_reply){
                         .sent = sent, .curl = 56, .error = words, .body = ""});
    strcpy(words, "###");
}

/* The answer to the first look; status 0: no connection. */
static inline void look_says(int status, const char *body)
{
    struct wire_reply reply = reply_of(status, body);

    assert_int_equal(world.looking, 1);
    world.looking = 0;
    if (status == 0)
        reply = (struct wire_reply){
            .curl = 7, .error = "Connection refused", .body = ""};
    delivery_looked(world.delivery, &reply);
    settle();
}

static inline void login_says(int status)
{
    struct wire_reply reply = reply_of(status, "{\"key\":\"k\"}");

    assert_int_equal(world.logging_in, 1);
    world.logging_in = 0;
    delivery_logged_in(
        world.delivery, &reply, status == 200 ? world.logins : 0);
    settle();
}

/* To where the request of this item is on its way. */
static inline struct asked *fly(
    int64_t item, const char *code, bool update_stock)
{
    struct asked *asked = ask(item, code, update_stock);

    for (int i = 0; i < 4 && !asked->done; i++) {
        turn();
        commit(LIST);
    }
    return asked;
}

static inline void check(
    const struct asked *asked, enum verdict verdict, const char *message)
{
    assert_int_equal(asked->done, 1);
    if (asked->result.verdict != verdict)
        fail_msg("%s, not %s: %s", verdict_name(asked->result.verdict),
            verdict_name(verdict), asked->result.message);
    if (!strstr(asked->result.message, message))
        fail_msg("%s", asked->result.message);
}

static inline void check_row(
    int64_t item, enum journal_state state, const char *code, bool update_stock)
{
    const struct journal_row *row = must_row(item);

    assert_string_equal(
        journal_state_name(row->state), journal_state_name(state));
    assert_string_equal(row->code, code);
    assert_int_equal(row->update_stock, update_stock);
}

static inline void check_stopped(enum stop_reason why)
{
    assert_string_equal(stop_reason_name(delivery_stopped(world.delivery)->why),
        stop_reason_name(why));
    assert_int_equal(delivery_stopped(world.delivery)->why, why);
}

/* Every release is counted once, none is left. */
static inline void close_delivery(void)
{
    const struct delivery_tally *tally = delivery_tally(world.delivery);
    int64_t sum = 0;

    assert_int_equal(delivery_open(world.delivery), 0);
    assert_int_equal(delivery_ready(world.delivery), 0);
    for (int i = 0; i < VERDICTS; i++)
        sum += tally->by_verdict[i];
    assert_int_equal(sum, tally->releases + tally->carried);
    assert_int_equal(tally->releases, world.asked_count);
    for (size_t i = 0; i < world.asked_count; i++)
        assert_int_equal(world.asked[i].done, 1);
    delivery_free(world.delivery);
}

static inline void close_world(void)
{
    close_delivery();
}

/* A further run finds the rows as they are. */
static inline void next_run(void)
{
    close_delivery();
    for (size_t i = 0; i < world.row_count; i++)
        if (world.rows[i].state == JOURNAL_SENDING)
            world.rows[i].state = JOURNAL_UNKNOWN;
    world.rules.run++;
    memset(world.asked, 0, sizeof world.asked);
    world.asked_count = world.call_count = 0;
    world.looking = world.logging_in = 0;
    open_delivery();
}

static inline struct asked *confirm(
    int64_t item, const char *code, bool update_stock)
{
    struct asked *asked = fly(item, code, update_stock);

    reply_echo(item);
    assert_int_equal(asked->done, 0);
    commit(LIST);
    check(asked, VERDICT_CONFIRMED, "");
    return asked;
}

#endif
