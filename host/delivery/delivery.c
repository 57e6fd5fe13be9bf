#include "delivery/core.h"

#include "base/mem.h"

enum {
    CARRY_MAX = 192,   // releases on their way, above which none is taken up
    TEXTS_MOST = 3072, // bytes of a release's body and `seen`
};

static const char *const verdict_names[] = {"confirmed", "already", "rejected",
    "conflict", "unknown", "pending", "lost"};

const char *verdict_name(enum verdict verdict)
{
    return verdict_names[verdict];
}

/* The last word on it is in the journal. */
static void ended(struct release *r)
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

static void written(struct journal_op *op)
{
    struct release *r = op->owner;

    if (r->phase == RELEASE_FINDING)
        admit_found(r);
    else if (r->phase == RELEASE_ADMITTING)
        admit_written(r);
    else if (r->phase == RELEASE_TRYING)
        flight_tried(r);
    else
        ended(r);
}

struct delivery *delivery_new(
    const struct delivery_ports *ports, const struct delivery_rules *rules)
{
    struct delivery *d = mem_calloc(1, sizeof *d);

    if (!d)
        return NULL;
    d->ports = *ports;
    d->rules = *rules;
    d->written = written;
    permit_init(&d->permit, rules->first_look, rules->logs_in);
    pace_init(&d->pace, rules->per_second);
    governor_init(&d->governor, rules->at_once, &rules->learned);
    pace_space(&d->pace, governor_gap_us(&d->governor));
    return d;
}

void delivery_free(struct delivery *d)
{
    if (!d)
        return;
    core_free_spares(d);
    leftover_fini(&d->carry);
    mem_free(d);
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

bool delivery_makes_room(const struct delivery *d, size_t count, size_t left)
{
    if (delivery_fits(d, count, left))
        return true;
    account_collect(d->rules.account);
    return delivery_fits(d, count, left);
}

/* What a spare one had taken stays taken. */
static bool take_memory(struct release *r, struct error *err)
{
    struct account *account = r->delivery->rules.account;
    size_t size = sizeof *r + r->body.cap + r->seen.cap;

    if (size <= r->taken)
        return true;
    if (!account_take(account, size - r->taken))
        return account_refuse(account, err, "memory: a release needs");
    r->taken = size;
    return true;
}

struct release *delivery_release(struct delivery *d,
    const struct journal_ask *ask, void (*done)(struct release *r, void *arg),
    void *arg, struct error *err)
{
    struct release *r = core_take_spare(d);

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
    core_enqueue(d, r);
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
        struct release *r = core_take_spare(d);
        if (!r) {
            leftover_end(&d->carry); // the next run takes them up
            return;
        }
        release_fill_carried(r, item);
        core_enqueue(d, r);
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
