#include "session/dry_run.h"

#include "base/protected.h"
#include "history/lookup.h"

#include <stdlib.h>

static bool open_plan(
    struct dry_run *dry, const struct dry_run_options *o, struct error *err)
{
    const struct profile *p = o->profile;
    struct judge_rules rules = {
        p->retry_rejected_ms, p->when_unknown == PROFILE_RESEND, 0};

    if (o->journal) {
        dry->journal = lookup_open(o->journal, err);
        if (!dry->journal ||
            !lookup_refused(dry->journal, &dry->refused, err) ||
            !protected_add(PROTECTED_JOURNAL, o->journal, err))
            return false;
    }
    dry->plan = plan_new(dry->journal, &rules, p->unique_codes);
    if (!dry->plan)
        return error_memory(err);
    plan_take_from(dry->plan, o->account);
    return true;
}

bool dry_run_open(struct dry_run *dry, struct net *net,
    const struct dry_run_options *options, struct error *err)
{
    struct token_options token = endpoint_token_options(
        options->endpoint, options->profile, options->journal);

    if (!open_plan(dry, options, err))
        return false;
    if (options->endpoint->origin)
        dry->token = token_new(net, &token, err);
    return !options->endpoint->origin || dry->token;
}

/* What is rejected or in conflict and would be released is that no more. Where
 * the journal cannot be read it stays so; who counts it says why. */
static void take_off(struct dry_run *dry, const struct plan_row *row)
{
    struct error ignored;
    int64_t n;

    if (row->would == PLAN_RELEASE && dry->refused > 0 &&
        lookup_refused_of(dry->journal, row->code, strtoll(row->item, NULL, 10),
            &n, &ignored))
        dry->refused -= n;
}

void dry_run_add(
    struct dry_run *dry, const struct plan_row *row, struct account *account)
{
    dry->book.account = account;
    plan_book_add(&dry->book, row);
    take_off(dry, row);
}

void dry_run_close(struct dry_run *dry)
{
    token_free(dry->token);
    plan_book_fini(&dry->book);
    plan_free(dry->plan);
    lookup_close(dry->journal);
    *dry = (struct dry_run){0};
}
