#include "delivery/delivery.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "delivery/judge.h"
#include "delivery/outcome.h"
#include "delivery/reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    BUCKETS = 1024,     // of the table of items on their way
    REPLY_KEPT = 2048,  // bytes of a reply that the journal keeps
    SPARE_MAX = 256,    // releases that are kept for the next
    MEASURE_WEIGHT = 8, // of what was known against what is new
};

enum phase {
    PHASE_QUEUED,
    PHASE_WAITING, // for another release of the same item
    PHASE_ADMITTING,
    PHASE_READY,
    PHASE_FLYING,
    PHASE_WRITING, // its outcome, or what it was judged to be
    PHASE_DONE,
};

struct release {
    struct delivery *delivery;
    struct release *next;      // in a queue
    struct release *in_bucket; // of the table
    struct release *same;      // the next one of the same item
    enum phase phase;
    bool admitted_again; // the row was judged; the intent is a further one
    int applied_stock;   // of the row it found, -1: none
    int64_t since_us;    // start of the present measurement
    struct release_result result;
    char source[RELEASE_NAME_MAX + 1];
    char name[RELEASE_NAME_MAX + 1];
    char note[JUDGE_NOTE_MAX];
    char words[JOURNAL_MESSAGE_MAX + 1];
    char reply[REPLY_KEPT];
    struct buf body;
    struct journal_op op;
    struct wire_call call;
    void (*done)(struct release *r, void *arg); // NULL: abandoned
    void *arg;
};

struct queue {
    struct release *first, *last;
    size_t len;
};

struct delivery {
    struct delivery_ports ports;
    struct delivery_rules rules;
    struct delivery_tally tally;
    struct queue queued, ready;
    size_t open, admitting, flying;
    bool halted;
    int64_t commit_us, reply_us; // usual times
    struct release *table[BUCKETS];
    struct release *spare;
    size_t spares;
};

static const char *const verdict_names[] = {"confirmed", "already", "rejected",
    "conflict", "unknown", "pending", "lost"};

const char *verdict_name(enum verdict verdict)
{
    return verdict_names[verdict];
}

static void queue_put(struct queue *q, struct release *r)
{
    r->next = NULL;
    if (q->last)
        q->last->next = r;
    else
        q->first = r;
    q->last = r;
    q->len++;
}

static struct release *queue_take(struct queue *q)
{
    struct release *r = q->first;

    q->first = r->next;
    if (!q->first)
        q->last = NULL;
    q->len--;
    return r;
}

static struct release **bucket_of(struct delivery *d, int64_t item)
{
    return &d->table[(uint64_t)item % BUCKETS];
}

static struct release *find_open(struct delivery *d, int64_t item)
{
    struct release *r = *bucket_of(d, item);

    while (r && r->result.order_item_id != item)
        r = r->in_bucket;
    return r;
}

static void table_put(struct delivery *d, struct release *r)
{
    struct release **bucket = bucket_of(d, r->result.order_item_id);

    r->in_bucket = *bucket;
    *bucket = r;
}

static void table_remove(struct delivery *d, struct release *r)
{
    struct release **at = bucket_of(d, r->result.order_item_id);

    while (*at != r)
        at = &(*at)->in_bucket;
    *at = r->in_bucket;
}

struct delivery *delivery_new(
    const struct delivery_ports *ports, const struct delivery_rules *rules)
{
    struct delivery *d = mem_calloc(1, sizeof *d);

    if (!d)
        return NULL;
    d->ports = *ports;
    d->rules = *rules;
    return d;
}

static void destroy(struct release *r)
{
    buf_free(&r->body);
    mem_free(r);
}

void delivery_free(struct delivery *d)
{
    if (!d)
        return;
    while (d->spare) {
        struct release *r = d->spare;
        d->spare = r->next;
        destroy(r);
    }
    mem_free(d);
}

static struct release *take_spare(struct delivery *d)
{
    struct release *r = d->spare;

    if (!r)
        return mem_calloc(1, sizeof *r);
    d->spare = r->next;
    d->spares--;
    return r;
}

void release_free(struct release *r)
{
    struct delivery *d = r->delivery;

    if (d->spares >= SPARE_MAX) {
        destroy(r);
        return;
    }
    r->next = d->spare;
    d->spare = r;
    d->spares++;
}

static bool write_body(struct release *r, const struct journal_ask *ask)
{
    struct buf *b = &r->body;

    buf_clear(b);
    return buf_puts(b, ask->update_stock ? "{\"update_stock\":true,\"code\":"
                                         : "{\"update_stock\":false,"
                                           "\"code\":") &&
           json_put_string(b, ask->code, strlen(ask->code)) && buf_putc(b, '}');
}

static void copy_text(char *out, size_t cap, const char *text)
{
    snprintf(out, cap, "%s", text ? text : "");
}

/* The operation borrows from the release, which outlives it. */
static struct journal_op *fill_op(struct release *r, enum journal_kind kind)
{
    r->op.kind = kind;
    r->op.ask = (struct journal_ask){
        .order_item_id = r->result.order_item_id,
        .code = r->result.code,
        .update_stock = r->result.update_stock,
        .source = r->source[0] ? r->source : NULL,
        .name = r->name[0] ? r->name : NULL,
    };
    r->op.note = r->note[0] ? r->note : NULL;
    r->op.failed = r->op.found = false;
    r->op.owner = r;
    r->op.done = delivery_written;
    return &r->op;
}

static void submit(struct release *r, enum journal_kind kind, enum phase phase)
{
    struct delivery *d = r->delivery;

    r->phase = phase;
    d->ports.submit(d->ports.self, fill_op(r, kind));
}

static void fill(struct release *r, const struct journal_ask *ask)
{
    r->phase = PHASE_QUEUED;
    r->same = NULL;
    r->admitted_again = false;
    r->applied_stock = -1;
    r->note[0] = r->words[0] = '\0';
    r->result = (struct release_result){
        .order_item_id = ask->order_item_id, .update_stock = ask->update_stock};
    copy_text(r->result.code, sizeof r->result.code, ask->code);
    copy_text(r->source, sizeof r->source, ask->source);
    copy_text(r->name, sizeof r->name, ask->name);
}

static void enqueue(struct delivery *d, struct release *r)
{
    struct release *first = find_open(d, r->result.order_item_id);

    if (!first) {
        table_put(d, r);
        queue_put(&d->queued, r);
        return;
    }
    while (first->same)
        first = first->same;
    first->same = r;
    r->phase = PHASE_WAITING;
}

struct release *delivery_release(struct delivery *d,
    const struct journal_ask *ask, void (*done)(struct release *r, void *arg),
    void *arg, struct error *err)
{
    struct release *r = take_spare(d);

    if (!r) {
        error_memory(err);
        return NULL;
    }
    r->delivery = d;
    fill(r, ask);
    if (!write_body(r, ask)) {
        release_free(r);
        error_memory(err);
        return NULL;
    }
    r->done = done;
    r->arg = arg;
    d->open++;
    d->tally.releases++;
    enqueue(d, r);
    return r;
}

void release_abandon(struct release *r)
{
    r->done = NULL;
    if (r->phase == PHASE_DONE)
        release_free(r);
}

const struct release_result *release_result(const struct release *r)
{
    return &r->result;
}

/* The next release of the item, if there is one, takes its place. */
static void hand_on(struct delivery *d, struct release *r)
{
    struct release *heir = r->same;

    table_remove(d, r);
    if (!heir)
        return;
    heir->phase = PHASE_QUEUED;
    table_put(d, heir);
    queue_put(&d->queued, heir);
}

static void finish(struct release *r, enum verdict verdict)
{
    struct delivery *d = r->delivery;

    r->phase = PHASE_DONE;
    r->result.verdict = verdict;
    d->tally.by_verdict[verdict]++;
    d->open--;
    hand_on(d, r);
    if (r->done)
        r->done(r, r->arg);
    else
        release_free(r);
}

__attribute__((format(printf, 2, 3))) static void say(
    struct release *r, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(r->result.message, sizeof r->result.message, fmt, args);
    va_end(args);
}

static void finish_lost(struct release *r)
{
    say(r, "the journal failed: whether this was kept is not known");
    finish(r, VERDICT_LOST);
}

/* What stands in the row is the answer. */
static void answer_from_row(struct release *r, enum judgement judgement)
{
    const struct journal_row *row = &r->op.row;

    switch (judgement) {
    case JUDGE_ALREADY:
        r->result.mapping = row->mapping;
        finish(r, VERDICT_ALREADY);
        break;
    case JUDGE_REJECTED:
        say(r, "%s",
            row->message[0] ? row->message : "refused by an earlier run");
        finish(r, VERDICT_REJECTED);
        break;
    case JUDGE_UNKNOWN:
        say(r, "an earlier attempt may have been applied; a person settles "
               "it, nothing was sent");
        finish(r, VERDICT_UNKNOWN);
        break;
    case JUDGE_CONFLICT:
        say(r, "%s", r->note);
        r->result.verdict = VERDICT_CONFLICT;
        submit(r, JOURNAL_CONFLICT, PHASE_WRITING);
        break;
    case JUDGE_RESTORE:
        r->result.mapping = row->mapping;
        r->result.verdict = VERDICT_ALREADY;
        submit(r, JOURNAL_RESTORE, PHASE_WRITING);
        break;
    case JUDGE_SEND:
        break;
    }
}

static void judge_row(struct release *r)
{
    struct delivery *d = r->delivery;
    enum judgement judgement = judge_release(&r->op.row, &r->op.ask,
        d->ports.wall_ms(d->ports.self), d->rules.retry_rejected_ms, r->note);

    r->applied_stock = r->op.row.applied_stock;
    if (judgement == JUDGE_SEND) {
        r->admitted_again = true;
        d->admitting++;
        submit(r, JOURNAL_AGAIN, PHASE_ADMITTING);
        return;
    }
    answer_from_row(r, judgement);
}

static void measure(int64_t *usual_us, int64_t us)
{
    *usual_us = *usual_us
                    ? (*usual_us * (MEASURE_WEIGHT - 1) + us) / MEASURE_WEIGHT
                    : us;
}

static void admitted(struct release *r)
{
    struct delivery *d = r->delivery;

    d->admitting--;
    if (r->op.failed)
        finish_lost(r);
    else if (r->op.found && !r->admitted_again)
        judge_row(r);
    else {
        measure(&d->commit_us, d->ports.ticks_us(d->ports.self) - r->since_us);
        r->phase = PHASE_READY;
        queue_put(&d->ready, r);
    }
}

static void written(struct release *r)
{
    struct delivery *d = r->delivery;

    if (!r->op.failed) {
        finish(r, r->result.verdict);
        return;
    }
    if (r->op.kind == JOURNAL_OUTCOME)
        d->ports.lost(d->ports.self, &r->result, r->op.outcome.outcome);
    finish_lost(r);
}

void delivery_written(struct journal_op *op)
{
    struct release *r = op->owner;

    if (r->phase == PHASE_ADMITTING)
        admitted(r);
    else
        written(r);
}

/* The row's state, the verdict and what the script is told. */
struct sentence {
    enum journal_state state;
    enum verdict verdict;
    const char *fmt; // one %s: why
};

static const struct sentence sentences[] = {
    [OUTCOME_NOT_SENT] = {JOURNAL_PENDING, VERDICT_PENDING,
        "kept; goes out by itself: %s"},
    [OUTCOME_APPLIED] = {JOURNAL_CONFIRMED, VERDICT_CONFIRMED, ""},
    [OUTCOME_REFUSED] = {JOURNAL_REJECTED, VERDICT_REJECTED, "%s"},
    [OUTCOME_NO_LOGIN] = {JOURNAL_PENDING, VERDICT_PENDING,
        "kept; goes out by itself once the token is right: %s"},
    [OUTCOME_THROTTLED] = {JOURNAL_PENDING, VERDICT_PENDING,
        "kept; goes out by itself: %s"},
    [OUTCOME_NOT_DONE] = {JOURNAL_PENDING, VERDICT_PENDING,
        "kept; goes out by itself: %s"},
    [OUTCOME_UNKNOWN] = {JOURNAL_UNKNOWN, VERDICT_UNKNOWN,
        "it may have been applied; a person settles it: %s"},
};

static const char *reason(const struct release *r,
    const struct wire_reply *reply, enum outcome outcome, const char *why)
{
    if (outcome == OUTCOME_UNKNOWN)
        return why;
    return reply->status && reply->sent ? r->words
           : reply->error[0]            ? reply->error
                                        : why;
}

static void tell(
    struct release *r, const struct sentence *sentence, const char *because)
{
    const char *hole = strstr(sentence->fmt, "%s");

    if (hole)
        say(r, "%.*s%s", (int)(hole - sentence->fmt), sentence->fmt, because);
    r->result.verdict = sentence->verdict;
}

/* Refused on the way from update_stock false to true: what was confirmed
 * before still stands. */
static void settle_state(const struct release *r, struct journal_outcome *o)
{
    bool half_done = o->state == JOURNAL_REJECTED && r->applied_stock >= 0;

    if (half_done)
        o->state = JOURNAL_CONFIRMED;
    o->update_stock = half_done ? r->applied_stock : r->result.update_stock;
}

static void record(struct release *r, const struct wire_reply *reply,
    enum outcome outcome, const char *why)
{
    const struct sentence *sentence = &sentences[outcome];
    size_t kept = reply->body_len < REPLY_KEPT ? reply->body_len : REPLY_KEPT;

    if (kept)
        memcpy(r->reply, reply->body, kept);
    tell(r, sentence, reason(r, reply, outcome, why));
    if (!r->words[0]) // the reply may be gone before it is written
        copy_text(r->words, sizeof r->words, reply->error);
    r->op.outcome = (struct journal_outcome){
        .state = sentence->state,
        .sent = reply->sent,
        .curl = reply->curl,
        .http_status = reply->status,
        .ms = reply->ms,
        .outcome = outcome_name(outcome),
        .why = why,
        .message = r->words,
        .reply = r->reply,
        .reply_len = kept,
        .mapping = r->result.mapping,
    };
    settle_state(r, &r->op.outcome);
    submit(r, JOURNAL_OUTCOME, PHASE_WRITING);
}

static enum outcome judge_reply(
    struct release *r, const struct wire_reply *reply, const char **why)
{
    const char *amiss = NULL;
    struct outcome_seen seen = {
        .sent = reply->sent,
        .curl = reply->curl,
        .complete = reply->complete,
        .status = reply->status,
        .not_done = r->delivery->rules.not_done,
    };

    seen.echoed = reply_echoes(reply->body, reply->body_len,
        r->result.order_item_id, r->result.code, &r->result.mapping, &amiss);
    enum outcome outcome = outcome_judge(&seen, why);
    if (outcome != OUTCOME_APPLIED)
        r->result.mapping.known = false;
    if (outcome == OUTCOME_UNKNOWN && seen.complete && !seen.echoed &&
        seen.status >= 200 && seen.status <= 299)
        *why = amiss;
    return outcome;
}

void delivery_replied(struct wire_call *call, const struct wire_reply *reply)
{
    struct release *r = call->owner;
    struct delivery *d = r->delivery;
    const char *why;

    d->flying--;
    measure(&d->reply_us, d->ports.ticks_us(d->ports.self) - r->since_us);
    enum outcome outcome = judge_reply(r, reply, &why);
    if (reply->status && outcome != OUTCOME_APPLIED)
        reply_words(reply->status, reply->body, reply->body_len, r->words,
            sizeof r->words);
    record(r, reply, outcome, why);
}

static void start(struct delivery *d, struct release *r)
{
    struct error err;

    r->phase = PHASE_FLYING;
    r->since_us = d->ports.ticks_us(d->ports.self);
    r->call = (struct wire_call){.order_item_id = r->result.order_item_id,
        .body = r->body.data,
        .body_len = r->body.len,
        .owner = r};
    d->flying++;
    d->tally.attempts++;
    if (!d->ports.send(d->ports.self, &r->call, &err))
        delivery_replied(
            &r->call, &(struct wire_reply){.error = err.text, .body = ""});
}

/* Intents may be on disk ahead of a free slot for as many releases as end
 * while one commit takes; all of them could be unknown after a crash. */
static size_t ahead(const struct delivery *d)
{
    size_t at_once = (size_t)d->rules.at_once;

    if (!d->reply_us)
        return 1;
    size_t n = (size_t)((int64_t)at_once * d->commit_us / (d->reply_us + 1));
    return n < 1 ? 1 : n > 2 * at_once ? 2 * at_once : n;
}

static void admit(struct delivery *d)
{
    size_t limit = (size_t)d->rules.at_once + ahead(d);

    while (d->queued.len && d->admitting + d->ready.len + d->flying < limit) {
        struct release *r = queue_take(&d->queued);
        d->admitting++;
        r->since_us = d->ports.ticks_us(d->ports.self);
        submit(r, JOURNAL_ADMIT, PHASE_ADMITTING);
    }
}

void delivery_halt(struct delivery *d)
{
    d->halted = true;
}

static void lose_all(struct delivery *d)
{
    while (d->ready.len)
        finish_lost(queue_take(&d->ready));
    while (d->queued.len)
        finish_lost(queue_take(&d->queued));
}

void delivery_turn(struct delivery *d)
{
    if (d->halted) {
        lose_all(d);
        return;
    }
    while (d->ready.len && d->flying < (size_t)d->rules.at_once)
        start(d, queue_take(&d->ready));
    admit(d);
}

size_t delivery_open(const struct delivery *d)
{
    return d->open;
}

size_t delivery_ready(const struct delivery *d)
{
    return d->ready.len;
}

const struct delivery_tally *delivery_tally(const struct delivery *d)
{
    return &d->tally;
}
