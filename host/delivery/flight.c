#include "delivery/core.h"

#include "delivery/attempt.h"
#include "delivery/retry.h"

#include <stddef.h>
#include <stdio.h>

static const char no_judgement[] = "said to every release, not to this one: "
                                   "the host forbids it";

static void was_set_back(struct journal_op *op)
{
    const struct core_set_back *s =
        (struct core_set_back *)(void *)((char *)op -
                                         offsetof(struct core_set_back, op));
    struct delivery *d = op->owner;

    d->setting_back--;
    if (op->failed || !op->found)
        return;
    d->tally.by_verdict[VERDICT_REJECTED]--;
    d->tally.by_verdict[VERDICT_PENDING]++;
    d->tally.carried_by_verdict[VERDICT_REJECTED] -= s->carried;
    d->tally.carried_by_verdict[VERDICT_PENDING] += s->carried;
}

/* Those that ended before it was known; the later ones see to it
 * themselves. */
static void set_back_earlier(struct delivery *d)
{
    for (size_t i = 0; i < d->forbidden_len; i++) {
        struct core_set_back *s = &d->forbidden[i];
        s->op = (struct journal_op){
            .kind = JOURNAL_SET_BACK,
            .ask = {.order_item_id = s->item,
                .code = "",
                .update_stock = s->update_stock},
            .note = no_judgement,
            .owner = d,
            .done = was_set_back,
        };
        d->setting_back++;
        d->ports.submit(d->ports.self, &s->op);
    }
    d->forbidden_len = 0;
}

void flight_set_back(struct release *r)
{
    r->set_back = false;
    snprintf(r->note, sizeof r->note, "%s", no_judgement);
    core_submit(r, JOURNAL_SET_BACK, RELEASE_WRITING);
}

/* A 403 or 405 that may turn out to be said to everybody. */
static void note_forbidden(struct release *r)
{
    struct delivery *d = r->delivery;

    if (r->doubted)
        return;
    if (d->permit.note.why == STOP_FORBIDDEN)
        r->set_back = true;
    else if (d->forbidden_len < BRAKE_FORBIDDEN - 1)
        d->forbidden[d->forbidden_len++] =
            (struct core_set_back){.item = r->result.order_item_id,
                .update_stock = r->result.update_stock,
                .carried = r->carried};
}

static void look_forbidden(struct release *r, enum outcome outcome, int status)
{
    struct delivery *d = r->delivery;

    if (brake_is_forbidden(outcome, status))
        note_forbidden(r);
    else if (outcome != OUTCOME_NOT_SENT)
        d->forbidden_len = 0;
    if (r->set_back)
        set_back_earlier(d);
}

static bool given_up(const struct release *r, enum outcome outcome)
{
    const struct delivery *d = r->delivery;

    return outcome_may_retry(outcome) && r->tries >= d->rules.tries &&
           r->answers_seen == d->answers;
}

/* What the outcome means for all others. */
static void count_outcome(struct release *r, enum outcome outcome, int status)
{
    struct delivery *d = r->delivery;
    struct brake_seen seen = {.outcome = outcome,
        .status = status,
        .rejected_before = r->rejected_before,
        .given_up = given_up(r, outcome)};
    enum stop_reason token = permit_count(&d->permit, outcome, r->token_no);
    enum stop_reason brake = brake_count(&d->brake, &seen);

    d->answers += outcome == OUTCOME_APPLIED || outcome == OUTCOME_REFUSED;
    if (token != STOP_NONE)
        core_stop(d, token, status, r->words);
    else if (brake != STOP_NONE)
        core_stop(d, brake, status, r->words);
    else if (brake_wants_look(&d->brake))
        permit_shut(&d->permit);
}

static bool tries_again(const struct release *r, enum outcome outcome)
{
    const struct delivery *d = r->delivery;

    return outcome_may_retry(outcome) && !r->doubted &&
           r->tries < d->rules.tries && !permit_stopped(&d->permit);
}

/* What the answer asks to wait, ms; -1: nothing. */
static int64_t asked_to_wait(
    struct delivery *d, enum outcome outcome, const struct wire_reply *reply)
{
    if (!reply->retry_after || outcome == OUTCOME_NOT_SENT)
        return -1;
    return retry_after_ms(reply->retry_after, reply->retry_after_len,
        d->ports.wall_ms(d->ports.self));
}

/* Who says when to come again has counted, whatever the status. */
static enum governor_sign sign_of(
    const struct wire_reply *reply, enum outcome outcome, int64_t after_ms)
{
    if (outcome == OUTCOME_THROTTLED ||
        (outcome == OUTCOME_NOT_DONE && after_ms > 0))
        return GOVERNOR_THROTTLED;
    if (outcome == OUTCOME_NOT_DONE || reply->timed_out)
        return GOVERNOR_BUSY;
    if (outcome == OUTCOME_APPLIED || outcome == OUTCOME_REFUSED)
        return GOVERNOR_GOOD;
    return GOVERNOR_NOTHING;
}

/* A server that asks to wait is left in peace by all, whether the profile
 * pins how many are in flight or not. */
static void govern(struct release *r, const struct wire_reply *reply,
    enum outcome outcome, int64_t after_ms)
{
    struct delivery *d = r->delivery;
    int64_t now_us = core_now_us(d);
    struct governor_seen seen = {.sign = sign_of(reply, outcome, after_ms),
        .started_us = r->since_us,
        .now_us = now_us,
        .reply_us = reply->wait_us,
        .after_us = after_ms > 0 ? after_ms * 1000 : 0,
        .others = (int)d->flying};

    core_measure(&d->reply_us, now_us - r->since_us);
    governor_ended(&d->governor, &seen);
    pace_space(&d->pace, governor_gap_us(&d->governor));
    pace_hold(&d->pace, governor_from_us(&d->governor));
    if (seen.sign == GOVERNOR_THROTTLED && after_ms > 0)
        pace_hold(&d->pace, now_us + seen.after_us);
}

/* With a new token it goes at once, and where the governor knows the host's
 * limit, as soon as that lets it. */
static void set_due(struct release *r, enum outcome outcome, int64_t after_ms)
{
    struct delivery *d = r->delivery;

    r->due_us = core_now_us(d);
    if (outcome == OUTCOME_NO_LOGIN ||
        (outcome == OUTCOME_THROTTLED && governor_times(&d->governor)))
        return;
    double draw = d->ports.draw(d->ports.self);
    r->due_us += retry_delay_ms(r->tries, draw, after_ms) * 1000;
}

static void write_outcome(struct release *r, const struct wire_reply *reply,
    enum outcome outcome, const char *why, bool again)
{
    struct delivery *d = r->delivery;
    struct journal_op *op = attempt_record(r, reply, outcome, why);
    bool kept = r->result.verdict == VERDICT_PENDING || r->set_back;

    r->note[0] = '\0';
    if (kept && permit_stopped(&d->permit))
        admit_explain(r);
    d->trying += again;
    r->phase = again ? RELEASE_TRYING : RELEASE_WRITING;
    core_write(d, op);
}

static void ended(struct release *r, const struct wire_reply *reply)
{
    struct delivery *d = r->delivery;
    const char *why;

    d->flying--;
    enum outcome outcome = attempt_judge(r, reply, d->rules.not_done, &why);
    int64_t after_ms = asked_to_wait(d, outcome, reply);
    govern(r, reply, outcome, after_ms);
    count_outcome(r, outcome, reply->status);
    look_forbidden(r, outcome, reply->status);
    bool again = tries_again(r, outcome);
    if (again)
        set_due(r, outcome, after_ms);
    write_outcome(r, reply, outcome, why, again);
}

void flight_tried(struct release *r)
{
    struct delivery *d = r->delivery;

    d->trying--;
    if (r->op.failed) {
        d->ports.lost(d->ports.self, &r->result, r->op.outcome.outcome);
        core_lose(r);
        return;
    }
    r->phase = RELEASE_BACKOFF;
    release_queue_put_due(&d->backoff, r);
}

static void replied(struct wire_call *call, const struct wire_reply *reply)
{
    ended(call->owner, reply);
}

static void start(struct delivery *d, struct release *r, int64_t now_us)
{
    struct error err;
    bool started = false;

    r->phase = RELEASE_FLYING;
    r->since_us = now_us;
    r->token_no = d->permit.token_no;
    if (r->tries++ == 0)
        r->answers_seen = d->answers;
    r->call = (struct wire_call){.order_item_id = r->result.order_item_id,
        .body = r->body.data,
        .body_len = r->body.len,
        .owner = r,
        .replied = replied};
    d->flying++;
    pace_started(&d->pace, r->since_us);
    if (r->unwritable)
        error_memory(&err);
    else
        started = d->ports.send(d->ports.self, &r->call, &err);
    d->tally.attempts += started;
    if (!started)
        ended(r, &(struct wire_reply){.error = err.text, .body = ""});
}

static void start_ready(struct delivery *d)
{
    size_t most =
        permit_alone(&d->permit) ? 1 : (size_t)governor_most(&d->governor);

    while (d->ready.len && d->flying < most && permit_may_go(&d->permit)) {
        int64_t now_us = core_now_us(d);
        if (!pace_may_start(&d->pace, now_us))
            return;
        start(d, release_queue_take(&d->ready), now_us);
    }
}

/* Its intent is durable, and it stays here. */
static void write_unsent(struct release *r)
{
    static const struct wire_reply nothing = {.error = "", .body = ""};
    bool leaves = r->delivery->permit.note.why == STOP_LEAVE;

    write_outcome(
        r, &nothing, OUTCOME_NOT_SENT, "the run stopped sending", false);
    r->result.left = leaves && r->result.verdict == VERDICT_PENDING;
}

/* They are pending on disk already. */
static void end_backoff(struct release *r)
{
    admit_explain(r);
    r->result.left = r->delivery->permit.note.why == STOP_LEAVE;
    core_finish(r, VERDICT_PENDING);
}

void flight_turn(struct delivery *d)
{
    start_ready(d);
    if (!permit_stopped(&d->permit))
        return;
    while (d->ready.len)
        write_unsent(release_queue_take(&d->ready));
    while (d->backoff.len)
        end_backoff(release_queue_take(&d->backoff));
}
