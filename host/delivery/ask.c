#include "delivery/core.h"

#include "delivery/first_look.h"
#include "delivery/reply.h"
#include "json/json.h"

static struct first_look_seen see(const struct wire_reply *reply)
{
    struct first_look_seen seen = {.curl = reply->curl,
        .complete = reply->complete,
        .status = reply->status};
    struct json_value value;
    struct error ignored;

    seen.json = json_parse(reply->body, reply->body_len, &value, &ignored);
    return seen;
}

/* permit.c has stopped, or not; the words are for people. */
static void explain(struct delivery *d, const struct wire_reply *reply,
    void (*say)(const struct wire_reply *reply, char *out, size_t cap))
{
    struct stop_note *note = &d->permit.note;

    if (!permit_stopped(&d->permit))
        return;
    note->kind = reply->kind;
    note->status = reply->status;
    say(reply, note->words, sizeof note->words);
}

void delivery_looked(struct delivery *d, const struct wire_reply *reply)
{
    struct first_look_seen seen = see(reply);
    bool stopped = permit_stopped(&d->permit);

    permit_looked(&d->permit, first_look_judge(&seen));
    if (!stopped)
        explain(d, reply, reply_explain);
}

void delivery_logged_in(
    struct delivery *d, const struct wire_reply *reply, int token_no)
{
    struct first_look_seen seen = see(reply);
    bool stopped = permit_stopped(&d->permit);

    seen.json = token_no != 0;
    permit_logged_in(&d->permit, first_look_judge_login(&seen), token_no);
    if (!stopped)
        explain(d, reply, reply_explain_login);
}

void delivery_token_known(
    struct delivery *d, const struct stop_note *note, int token_no)
{
    bool stopped = permit_stopped(&d->permit);

    if (note->why == STOP_NONE)
        permit_token_known(&d->permit, token_no);
    else
        permit_logged_in(&d->permit, note->why, token_no);
    if (!stopped && permit_stopped(&d->permit))
        d->permit.note = *note;
}

bool ask_turn(struct delivery *d)
{
    enum permit_errand errand = PERMIT_NO_ERRAND;

    if (d->held.len || d->ready.len || d->backoff.len)
        errand = permit_next(&d->permit);
    if (errand == PERMIT_LOG_IN)
        d->ports.log_in(d->ports.self);
    else if (errand == PERMIT_LOOK)
        d->ports.look(d->ports.self);
    return errand != PERMIT_NO_ERRAND && !d->permit.asking;
}
