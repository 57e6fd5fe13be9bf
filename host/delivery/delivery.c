#include "delivery/core.h"

#include "base/mem.h"

#include <stdio.h>

enum {
    SPARE_MAX = 256,    // releases that are kept for the next
    MEASURE_WEIGHT = 8, // of what was known against what is new
    CARRY_MAX = 192,    // releases on their way, above which none is taken up
    TEXTS_MOST = 3072,  // bytes of a release's body and `seen`
};

static const char *const verdict_names[] = {"confirmed", "already", "rejected",
    "conflict", "unknown", "pending", "lost"};

const char *verdict_name(enum verdict verdict)
{
    return verdict_names[verdict];
}

struct delivery *delivery_new(
    const struct delivery_ports *ports, const struct delivery_rules *rules)
{
    struct delivery *d = mem_calloc(1, sizeof *d);

    if (!d)
        return NULL;
    d->ports = *ports;
    d->rules = *rules;
    permit_init(&d->permit, rules->first_look, rules->logs_in);
    pace_init(&d->pace, rules->per_second);
    governor_init(&d->governor, rules->at_once, &rules->learned);
    pace_space(&d->pace, governor_gap_us(&d->governor));
    return d;
}

static void destroy(struct release *r)
{
    account_give(r->delivery->rules.account, r->taken);
    release_destroy(r);
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
    leftover_fini(&d->carry);
    mem_free(d);
}

int64_t core_now_us(const struct delivery *d)
{
    return d->ports.ticks_us(d->ports.self);
}

void core_measure(int64_t *usual_us, int64_t us)
{
    *usual_us = *usual_us
                    ? (*usual_us * (MEASURE_WEIGHT - 1) + us) / MEASURE_WEIGHT
                    : us;
}

void core_submit(
    struct release *r, enum journal_kind kind, enum release_phase phase)
{
    struct delivery *d = r->delivery;
    struct journal_op *op = release_op(r, kind);

    op->unique = d->rules.unique_codes && r->tries == 0; // then it has it
    r->phase = phase;
    d->ports.submit(d->ports.self, op);
}

static struct release *take_spare(struct delivery *d)
{
    struct release *r = d->spare;

    if (!r)
        r = mem_calloc(1, sizeof *r);
    else {
        d->spare = r->next;
        d->spares--;
    }
    if (r)
        r->delivery = d;
    return r;
}

/* Nothing is kept for later then. */
static bool is_short(const struct account *account)
{
    return account && account_left(account) < account->most / 2;
}

void release_free(struct release *r)
{
    struct delivery *d = r->delivery;

    if (d->spares >= SPARE_MAX || is_short(d->rules.account)) {
        destroy(r);
        return;
    }
    r->next = d->spare;
    d->spare = r;
    d->spares++;
}

static void enqueue(struct delivery *d, struct release *r)
{
    struct release *first =
        release_table_find(&d->table, r->result.order_item_id);

    d->open++;
    if (!first) {
        release_table_put(&d->table, r);
        release_queue_put(&d->queued, r);
        return;
    }
    while (first->same)
        first = first->same;
    first->same = r;
    r->phase = RELEASE_WAITING;
}

bool delivery_fits(const struct delivery *d, size_t count, size_t left)
{
    const struct account *account = d->rules.account;
    size_t each = sizeof(struct release) + TEXTS_MOST;

    if (!account || count <= d->spares)
        return true;
    size_t free = account_left(account);
    return free >= left && count - d->spares <= (free - left) / each;
}

/* What a spare one had taken stays taken. */
static bool take_memory(struct release *r, struct error *err)
{
    struct account *account = r->delivery->rules.account;
    size_t size = sizeof *r + r->body.cap + r->seen.cap;

    if (size <= r->taken)
        return true;
    if (!account_take(account, size - r->taken))
        return account_refuse(account, "memory: a release", err);
    r->taken = size;
    return true;
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
    if (!(release_fill(r, ask) || error_memory(err)) || !take_memory(r, err)) {
        release_free(r);
        return NULL;
    }
    r->done = done;
    r->arg = arg;
    r->counted = true;
    d->tally.releases++;
    enqueue(d, r);
    return r;
}

void release_abandon(struct release *r)
{
    r->done = NULL;
    if (r->phase == RELEASE_DONE)
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

    d->open--;
    release_table_remove(&d->table, r);
    if (!heir)
        return;
    heir->phase = RELEASE_QUEUED;
    release_table_put(&d->table, heir);
    release_queue_put(&d->queued, heir);
}

static void count(struct delivery *d, const struct release *r)
{
    enum verdict verdict = r->result.verdict;

    d->tally.by_verdict[verdict]++;
    if (!r->carried)
        return;
    d->tally.carried_by_verdict[verdict]++;
    if (d->ports.carried)
        d->ports.carried(d->ports.self, &r->result);
}

void core_finish(struct release *r, enum verdict verdict)
{
    struct delivery *d = r->delivery;

    r->phase = RELEASE_DONE;
    r->result.verdict = verdict;
    if (r->counted)
        count(d, r);
    hand_on(d, r);
    if (r->done)
        r->done(r, r->arg);
    else
        release_free(r);
}

void core_drop(struct release *r)
{
    r->phase = RELEASE_DONE;
    hand_on(r->delivery, r);
    release_free(r);
}

void core_lose(struct release *r)
{
    release_say(r, "the journal failed: whether this was kept is not known");
    core_finish(r, VERDICT_LOST);
}

void core_stop(
    struct delivery *d, enum stop_reason why, int status, const char *words)
{
    struct stop_note *note = &d->permit.note;

    if (permit_stopped(&d->permit))
        return;
    permit_stop(&d->permit, why);
    note->status = status;
    snprintf(note->words, sizeof note->words, "%s", words);
}

/* The last word on it is in the journal. */
static void written(struct release *r)
{
    struct delivery *d = r->delivery;

    if (r->op.failed) {
        if (r->op.kind == JOURNAL_OUTCOME)
            d->ports.lost(d->ports.self, &r->result, r->op.outcome.outcome);
        core_lose(r);
    } else if (r->op.taken)
        admit_conflict_taken(r);
    else if (r->set_back)
        flight_set_back(r);
    else
        core_finish(r, r->result.verdict);
}

void delivery_written(struct journal_op *op)
{
    struct release *r = op->owner;

    if (r->phase == RELEASE_FINDING)
        admit_found(r);
    else if (r->phase == RELEASE_ADMITTING)
        admit_written(r);
    else if (r->phase == RELEASE_TRYING)
        flight_tried(r);
    else
        written(r);
}

void delivery_replied(struct wire_call *call, const struct wire_reply *reply)
{
    flight_ended(call->owner, reply);
}

static void page_read(struct journal_op *op)
{
    struct delivery *d = op->owner;

    leftover_was_read(&d->carry);
}

void delivery_carry(struct delivery *d)
{
    if (!permit_stopped(&d->permit) && !d->halted)
        leftover_begin(&d->carry, d->rules.resend);
}

/* As many as keep the requests busy; more would only take memory. */
static void take_carried(struct delivery *d)
{
    struct journal_op *page;
    int64_t item;

    while (d->open < CARRY_MAX && leftover_next(&d->carry, &item)) {
        struct release *r = take_spare(d);
        if (!r) {
            leftover_end(&d->carry); // the next run takes them up
            return;
        }
        release_fill_carried(r, item);
        enqueue(d, r);
    }
    page = leftover_read(&d->carry);
    if (!page)
        return;
    page->owner = d;
    page->done = page_read;
    d->ports.submit(d->ports.self, page);
}

void delivery_leave(struct delivery *d)
{
    core_stop(d, STOP_LEAVE, 0, "");
}

void delivery_halt(struct delivery *d)
{
    d->halted = true;
}

/* The queued ones last: who waited for one of the others is among them. */
static void lose_all(struct delivery *d)
{
    struct release_queue *const queues[] = {
        &d->held, &d->ready, &d->backoff, &d->queued};

    for (size_t i = 0; i < sizeof queues / sizeof *queues; i++)
        while (queues[i]->len)
            core_lose(release_queue_take(queues[i]));
}

void delivery_turn(struct delivery *d)
{
    d->turned_us = core_now_us(d);
    if (permit_stopped(&d->permit) || d->halted)
        leftover_end(&d->carry);
    if (d->halted) {
        lose_all(d);
        return;
    }
    take_carried(d);
    do {
        flight_turn(d);
        admit_turn(d);
    } while (ask_turn(d));
}

size_t delivery_open(const struct delivery *d)
{
    return d->open + d->setting_back + (d->carry.active || d->carry.reading);
}

size_t delivery_ready(const struct delivery *d)
{
    return permit_may_go(&d->permit) ? d->ready.len : 0;
}

bool delivery_runs_short(const struct delivery *d)
{
    size_t enough = (size_t)governor_most(&d->governor) / 4;

    return delivery_ready(d) <= (enough > 2 ? enough : 2);
}

size_t delivery_flying(const struct delivery *d)
{
    return d->flying;
}

static int64_t earlier(int64_t due, int64_t us, int64_t turned_us)
{
    return us > turned_us && (due < 0 || us < due) ? us : due;
}

/* What was due at the latest turn and is still there waits for an event. */
int64_t delivery_due_us(const struct delivery *d)
{
    int64_t turned = d->turned_us, due = -1;

    if (!permit_may_go(&d->permit))
        return -1;
    if (d->backoff.len)
        due = earlier(due, d->backoff.first->due_us, turned);
    if (d->ready.len)
        due = earlier(due, d->pace.next_us, turned);
    if (d->held.len || d->queued.len || d->backoff.len)
        due = earlier(due, admit_due_us(d), turned);
    return due;
}

const struct stop_note *delivery_stopped(const struct delivery *d)
{
    return &d->permit.note;
}

/* Who was stopped by trouble starts from the beginning. */
bool delivery_learned(
    const struct delivery *d, struct governor_learned *learned)
{
    enum stop_reason why = d->permit.note.why;

    if (!governor_tell(&d->governor, learned))
        return false;
    if (why != STOP_NONE && why != STOP_LEAVE)
        *learned = (struct governor_learned){.window = 1};
    return true;
}

const struct delivery_tally *delivery_tally(const struct delivery *d)
{
    return &d->tally;
}
