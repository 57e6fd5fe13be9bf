#include "delivery/repeat.h"

#include "base/mem.h"
#include "delivery/attempt.h"
#include "delivery/release.h"

#include <stdio.h>

enum { POLL_MS = 1000 };

const char repeat_on_purpose[] =
    "a second time, on purpose, to see what the host does: doctor --repeat";

struct bench { // one trial on its way
    const struct repeat *trial;
    struct release *release; // owns
    bool waiting;
    struct repeat_attempt *attempt;
};

static void written(struct journal_op *op)
{
    struct bench *bench = op->owner;

    bench->waiting = false;
}

static void wait(struct bench *bench)
{
    const struct repeat *t = bench->trial;

    while (bench->waiting) {
        struct journal_op *op, *next;
        journal_flush(t->journal);
        net_poll(t->net, POLL_MS);
        net_turn(t->net);
        for (op = journal_collect(t->journal); op; op = next) {
            next = op->next;
            op->done(op);
        }
    }
}

static bool commit(
    struct bench *bench, struct journal_op *op, struct error *err)
{
    op->owner = bench;
    op->done = written;
    bench->waiting = true;
    journal_submit(bench->trial->journal, op);
    wait(bench);
    return !op->failed || !journal_failed(bench->trial->journal, err);
}

/* The first one stands, whatever becomes of the second. */
static void take_reply(struct bench *bench, const struct wire_reply *reply)
{
    struct release *r = bench->release;
    struct repeat_attempt *attempt = bench->attempt;
    const char *why;
    bool second = r->tries++ > 0;

    attempt->made = true;
    attempt->outcome = attempt_judge(r, reply, bench->trial->not_done, &why);
    attempt->mapping = r->result.mapping;
    snprintf(attempt->words, sizeof attempt->words, "%.300s",
        r->words[0] ? r->words : why);
    attempt_record(r, reply, attempt->outcome, why);
    if (second)
        r->op.outcome.state = JOURNAL_CONFIRMED;
}

static void replied(struct wire_call *call, const struct wire_reply *reply)
{
    struct bench *bench = call->owner;

    take_reply(bench, reply);
    bench->waiting = false;
}

static void send(struct bench *bench)
{
    struct release *r = bench->release;
    struct error err;

    r->call = (struct wire_call){.order_item_id = r->result.order_item_id,
        .body = r->body.data,
        .body_len = r->body.len,
        .owner = bench,
        .replied = replied};
    bench->waiting = true;
    if (!wire_send(bench->trial->wire, &r->call, &err))
        replied(&r->call, &(struct wire_reply){.error = err.text, .body = ""});
    wait(bench);
}

static bool attempt(struct bench *bench, enum journal_kind kind,
    struct repeat_attempt *into, struct error *err)
{
    struct release *r = bench->release;
    struct journal_op *op = release_op(r, kind);

    if (kind == JOURNAL_AGAIN)
        op->note = repeat_on_purpose;
    if (!commit(bench, op, err))
        return false;
    if (op->found && kind == JOURNAL_ADMIT)
        return true;
    bench->attempt = into;
    send(bench);
    return commit(bench, &r->op, err);
}

static bool run(
    struct bench *bench, struct repeat_result *result, struct error *err)
{
    struct release *r = bench->release;

    if (!attempt(bench, JOURNAL_ADMIT, &result->first, err))
        return false;
    result->has_row = !result->first.made;
    result->row = r->op.row;
    return result->has_row || result->first.outcome != OUTCOME_APPLIED ||
           attempt(bench, JOURNAL_AGAIN, &result->second, err);
}

bool repeat_run(
    const struct repeat *trial, struct repeat_result *result, struct error *err)
{
    struct journal_ask ask = {.order_item_id = trial->order_item_id,
        .code = trial->code,
        .update_stock = true,
        .source = "doctor --repeat"};
    struct bench bench = {
        .trial = trial, .release = mem_calloc(1, sizeof *bench.release)};
    bool ok = bench.release && release_fill(bench.release, &ask);

    *result = (struct repeat_result){0};
    ok = ok ? run(&bench, result, err) : error_memory(err);
    if (bench.release)
        release_destroy(bench.release);
    return ok;
}
