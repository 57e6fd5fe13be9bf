#include "delivery/permit.h"

/* The way on from PERMIT_SHUT, when nothing is left to be asked. */
static void go_on(struct permit *permit)
{
    if (permit->stage == PERMIT_SHUT && permit->has_token &&
        (permit->looked || !permit->looks))
        permit->stage = PERMIT_ALONE;
}

void permit_init(struct permit *permit, bool looks, bool logs_in)
{
    *permit = (struct permit){.looks = looks,
        .logs_in = logs_in,
        .has_token = !logs_in,
        .token_no = logs_in ? 0 : 1};
    go_on(permit);
}

enum permit_errand permit_next(struct permit *permit)
{
    if (permit->stage != PERMIT_SHUT || permit->asking)
        return PERMIT_NO_ERRAND;
    permit->asking = true;
    return permit->has_token ? PERMIT_LOOK : PERMIT_LOG_IN;
}

/* STOP_NONE: a log-in may cure it. */
static enum stop_reason lose_token(struct permit *permit)
{
    if (!permit->logs_in || permit->fresh)
        return STOP_TOKEN;
    permit->has_token = false;
    if (permit->stage != PERMIT_STOPPED)
        permit->stage = PERMIT_SHUT;
    return STOP_NONE;
}

void permit_looked(struct permit *permit, enum stop_reason judged)
{
    permit->asking = false;
    if (judged == STOP_TOKEN)
        judged = lose_token(permit);
    else
        permit->looked = judged == STOP_NONE;
    if (judged != STOP_NONE)
        permit_stop(permit, judged);
    go_on(permit);
}

void permit_logged_in(
    struct permit *permit, enum stop_reason judged, int token_no)
{
    permit->asking = false;
    if (judged != STOP_NONE) {
        permit_stop(permit, judged);
        return;
    }
    permit->has_token = permit->fresh = true;
    permit->token_no = token_no;
    go_on(permit);
}

void permit_token_known(struct permit *permit, int token_no)
{
    permit->asking = false;
    permit->has_token = true;
    permit->fresh = false;
    permit->token_no = token_no;
    go_on(permit);
}

static enum stop_reason token_refused(struct permit *permit, int token_no)
{
    if (token_no < permit->token_no || !permit->has_token)
        return STOP_NONE; // there is another by now, or there will be
    return lose_token(permit);
}

enum stop_reason permit_count(
    struct permit *permit, enum outcome outcome, int token_no)
{
    bool definite = outcome == OUTCOME_APPLIED || outcome == OUTCOME_REFUSED;

    if (outcome == OUTCOME_NO_LOGIN)
        return token_refused(permit, token_no);
    if (definite && token_no == permit->token_no)
        permit->fresh = false;
    if (definite && permit->stage == PERMIT_ALONE)
        permit->stage = PERMIT_OPEN;
    if (outcome == OUTCOME_UNKNOWN)
        permit_shut(permit);
    return STOP_NONE;
}

void permit_shut(struct permit *permit)
{
    if (permit->stage == PERMIT_STOPPED)
        return;
    permit->stage = PERMIT_SHUT;
    permit->looked = false;
    go_on(permit);
}

void permit_stop(struct permit *permit, enum stop_reason why)
{
    if (permit->stage == PERMIT_STOPPED)
        return;
    permit->stage = PERMIT_STOPPED;
    permit->note.why = why;
}

bool permit_may_go(const struct permit *permit)
{
    return permit->stage == PERMIT_ALONE || permit->stage == PERMIT_OPEN;
}

bool permit_alone(const struct permit *permit)
{
    return permit->stage == PERMIT_ALONE;
}

bool permit_stopped(const struct permit *permit)
{
    return permit->stage == PERMIT_STOPPED;
}
