#include "delivery/core.h"

#include <stdio.h>

enum {
    FINDING_MAX = 64, // look-ups under way
    WHY_MAX = 500     // bytes of the reason that a script is told
};

void admit_explain(struct release *r)
{
    const struct delivery *d = r->delivery;
    char why[WHY_MAX];

    stop_reason_say(&d->permit.note, d->rules.host, why, sizeof why);
    release_say(r, "kept; goes out by itself: %s", why);
    r->result.verdict = VERDICT_PENDING;
}

static void conflict(struct release *r)
{
    release_say(r, "%s", r->note);
    r->result.verdict = VERDICT_CONFLICT;
    core_submit(r, JOURNAL_CONFLICT, RELEASE_WRITING);
}

void admit_conflict_taken(struct release *r)
{
    r->result.left = false;
    snprintf(r->note, sizeof r->note,
        "the code \"%s\" stands for item %lld already (unique_codes)",
        r->result.code, (long long)r->op.taken);
    conflict(r);
}

/* What stands in the row is the answer. */
static void answer_from_row(struct release *r, enum judgement judgement)
{
    const struct journal_row *row = &r->op.row;

    switch (judgement) {
    case JUDGE_ALREADY:
        r->result.mapping = row->mapping;
        core_finish(r, VERDICT_ALREADY);
        break;
    case JUDGE_REJECTED:
        release_say(r, "%s",
            row->message[0] ? row->message : "refused by an earlier run");
        core_finish(r, VERDICT_REJECTED);
        break;
    case JUDGE_UNKNOWN:
        release_say(r, "an earlier attempt may have been applied; a person "
                       "settles it, nothing was sent");
        core_finish(r, VERDICT_UNKNOWN);
        break;
    case JUDGE_CONFLICT:
        conflict(r);
        break;
    case JUDGE_RESTORE:
        r->result.mapping = row->mapping;
        r->result.verdict = VERDICT_ALREADY;
        core_submit(r, JOURNAL_RESTORE, RELEASE_WRITING);
        break;
    case JUDGE_SEND:
    case JUDGE_RESEND:
        break;
    }
}

static void remember_row(struct release *r, const struct journal_row *row)
{
    r->applied_stock = row->applied_stock;
    r->rejected_before =
        row->state == JOURNAL_REJECTED || outcome_refuses(row->http_status);
}

/* Whether the row leads to a further attempt; if not, it was the answer. */
static bool judge_row(struct release *r)
{
    struct delivery *d = r->delivery;
    struct judge_rules rules = {
        d->rules.retry_rejected_ms, d->rules.resend, d->rules.run};
    enum judgement judgement = judge_release(&r->op.row, &r->op.ask,
        d->ports.wall_ms(d->ports.self), &rules, r->note);

    remember_row(r, &r->op.row);
    r->doubted = judgement == JUDGE_RESEND;
    if (judgement == JUDGE_SEND || judgement == JUDGE_RESEND)
        return true;
    answer_from_row(r, judgement);
    return false;
}

static void hold(struct release *r)
{
    r->phase = RELEASE_HELD;
    release_queue_put(&r->delivery->held, r);
}

void admit_found(struct release *r)
{
    r->delivery->finding--;
    if (r->op.failed)
        core_lose(r);
    else if (!r->op.found || judge_row(r))
        hold(r);
}

static void make_ready(struct release *r)
{
    struct delivery *d = r->delivery;

    core_measure(&d->commit_us, core_now_us(d) - r->since_us);
    r->note[0] = '\0'; // it is in the journal
    r->phase = RELEASE_READY;
    release_queue_put(&d->ready, r);
}

static void taken_up(struct release *r)
{
    struct delivery *d = r->delivery;

    if (!r->op.found) {
        core_drop(r);
        return;
    }
    r->counted = true;
    d->tally.carried++;
    r->result.kept_by = r->op.row.run;
    remember_row(r, &r->op.row);
    r->doubted = r->op.row.state == JOURNAL_UNKNOWN;
    r->unwritable = !release_take_row(r, &r->op.row);
    make_ready(r);
}

static void admit(struct release *r, enum journal_kind kind)
{
    r->delivery->admitting++;
    core_submit(r, kind, RELEASE_ADMITTING);
}

/* The journal says which of the two it is: pending, or unknown and to be sent
 * once more. */
static void take_up(struct release *r)
{
    r->doubted = r->delivery->rules.resend;
    snprintf(r->note, sizeof r->note, "%s", judge_resend_note);
    admit(r, JOURNAL_TAKE_UP);
}

static void judge_admitted(struct release *r)
{
    if (!judge_row(r))
        return;
    if (permit_may_go(&r->delivery->permit))
        admit(r, JOURNAL_AGAIN);
    else
        hold(r);
}

void admit_written(struct release *r)
{
    r->delivery->admitting--;
    if (r->op.failed)
        core_lose(r);
    else if (r->op.taken)
        admit_conflict_taken(r);
    else if (r->op.kind == JOURNAL_TAKE_UP)
        taken_up(r);
    else if (r->op.kind == JOURNAL_ADMIT && r->op.found)
        judge_admitted(r);
    else
        make_ready(r);
}

/* Intents may be on disk ahead of a free slot for as many releases as end
 * while one commit takes; all of them could be unknown after a crash. */
static size_t ahead(const struct delivery *d)
{
    size_t at_once = (size_t)governor_most(&d->governor);

    if (!d->reply_us)
        return 1;
    size_t n = (size_t)((int64_t)at_once * d->commit_us / (d->reply_us + 1));
    return n < 1 ? 1 : n > 2 * at_once ? 2 * at_once : n;
}

/* Paced, an intent is written so early that it is durable when its turn
 * comes, and no earlier. */
int64_t admit_due_us(const struct delivery *d)
{
    const struct pace *pace = &d->pace;
    int64_t unstarted = (int64_t)(d->admitting + d->ready.len);

    if (pace->gap_us == 0)
        return pace->next_us;
    return pace->next_us + unstarted * pace->gap_us - d->commit_us;
}

static bool has_room(const struct delivery *d, int64_t now)
{
    size_t unstarted = d->admitting + d->ready.len;
    size_t at_once = (size_t)governor_most(&d->governor);

    if (now < admit_due_us(d))
        return false;
    if (permit_alone(&d->permit))
        return unstarted + d->flying + d->trying == 0;
    return unstarted + d->flying < at_once + ahead(d);
}

/* Alone, the one that is tried again stays the one. Those being looked up
 * came before those that are not, and go before them. */
static struct release *next_to_admit(struct delivery *d, int64_t now)
{
    if (d->backoff.len && d->backoff.first->due_us <= now)
        return release_queue_take(&d->backoff);
    if (permit_alone(&d->permit) && d->backoff.len)
        return NULL;
    if (d->held.len)
        return release_queue_take(&d->held);
    if (d->finding || !d->queued.len)
        return NULL;
    return release_queue_take(&d->queued);
}

static void admit_all(struct delivery *d)
{
    int64_t now = core_now_us(d);
    struct release *r;

    while (has_room(d, now) && (r = next_to_admit(d, now))) {
        r->since_us = now;
        if (r->carried && !r->tries)
            take_up(r);
        else
            admit(r, r->tries ? JOURNAL_AGAIN : JOURNAL_ADMIT);
    }
}

/* While nothing may be sent, what the journal can answer is answered. */
static void look_up(struct delivery *d)
{
    while (d->queued.len && d->finding < FINDING_MAX) {
        struct release *r = release_queue_take(&d->queued);
        if (r->carried) {
            hold(r);
            continue;
        }
        d->finding++;
        core_submit(r, JOURNAL_FIND, RELEASE_FINDING);
    }
}

static void keep(struct release *r)
{
    admit_explain(r);
    r->result.left = r->delivery->permit.note.why == STOP_LEAVE;
    core_submit(r, JOURNAL_KEEP, RELEASE_WRITING);
}

/* Sending has stopped: what is held is written down. */
static void keep_all(struct delivery *d)
{
    while (d->held.len) {
        struct release *r = release_queue_take(&d->held);
        if (r->carried)
            core_drop(r);
        else if (r->doubted)
            answer_from_row(r, JUDGE_UNKNOWN); // as unknown as before
        else
            keep(r);
    }
}

/* One that ends without the journal may make way for one that waited. */
static void look_up_and_keep(struct delivery *d)
{
    do {
        look_up(d);
        keep_all(d);
    } while (d->queued.len && d->finding < FINDING_MAX);
}

void admit_turn(struct delivery *d)
{
    if (permit_may_go(&d->permit))
        admit_all(d);
    else if (permit_stopped(&d->permit))
        look_up_and_keep(d);
    else
        look_up(d);
}
