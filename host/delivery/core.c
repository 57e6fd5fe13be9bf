#include "delivery/core.h"

#include "base/mem.h"

#include <stdio.h>

enum {
    SPARE_MAX = 256,    // releases that are kept for the next
    MEASURE_WEIGHT = 8, // of what was known against what is new
};

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

void core_write(struct delivery *d, struct journal_op *op)
{
    op->done = d->written;
    d->ports.submit(d->ports.self, op);
}

void core_submit(
    struct release *r, enum journal_kind kind, enum release_phase phase)
{
    struct delivery *d = r->delivery;
    struct journal_op *op = release_op(r, kind);

    op->unique = d->rules.unique_codes && r->tries == 0; // then it has it
    r->phase = phase;
    core_write(d, op);
}

struct release *core_take_spare(struct delivery *d)
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

static void destroy(struct release *r)
{
    account_give(r->delivery->rules.account, r->taken);
    release_destroy(r);
}

void core_free_spares(struct delivery *d)
{
    while (d->spare) {
        struct release *r = d->spare;
        d->spare = r->next;
        destroy(r);
    }
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

void core_enqueue(struct delivery *d, struct release *r)
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
    if (verdict == VERDICT_CONFIRMED)
        ruin_count(&d->tally.doubts, r->result.order_item_id, r->result.code);
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
