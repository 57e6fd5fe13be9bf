#include "delivery/attempt.h"

#include "base/secret.h"
#include "delivery/reply.h"

#include <stdio.h>
#include <string.h>

enum outcome attempt_judge(struct release *r, const struct wire_reply *reply,
    const bool *not_done, const char **why)
{
    const char *amiss = NULL;
    struct outcome_seen seen = {
        .sent = reply->sent,
        .curl = reply->curl,
        .complete = reply->complete,
        .status = reply->status,
        .not_done = not_done,
    };

    seen.echoed = reply_echoes(reply->body, reply->body_len,
        r->result.order_item_id, r->result.code, &r->result.mapping, &amiss);
    enum outcome outcome = outcome_judge(&seen, why);
    r->words[0] = '\0';
    if (outcome == OUTCOME_APPLIED)
        return outcome;
    r->result.mapping.known = false;
    reply_explain(reply, r->words, sizeof r->words);
    if (outcome == OUTCOME_UNKNOWN && !seen.curl && seen.complete &&
        seen.status >= 200 && seen.status <= 299)
        *why = amiss;
    return outcome;
}

/* The verdict of a row that is in this state now, and what the script is
 * told; one %s: why. */
static const struct {
    enum verdict verdict;
    const char *fmt;
} sentences[JOURNAL_STATES] = {
    [JOURNAL_PENDING] = {VERDICT_PENDING, "kept; goes out by itself: %s"},
    [JOURNAL_CONFIRMED] = {VERDICT_CONFIRMED, "%s"},
    [JOURNAL_REJECTED] = {VERDICT_REJECTED, "%s"},
    [JOURNAL_UNKNOWN] = {VERDICT_UNKNOWN,
        "it may have been applied; a person settles it: %s"},
};

static const char *because(
    const struct release *r, enum outcome outcome, const char *why)
{
    return outcome == OUTCOME_UNKNOWN || !r->words[0] ? why : r->words;
}

/* A row that goes back to what was confirmed before was refused all the
 * same. */
static void tell(struct release *r, enum outcome outcome,
    enum journal_state state, const char *why)
{
    bool refused = outcome == OUTCOME_REFUSED && state == JOURNAL_CONFIRMED;
    enum journal_state said = refused ? JOURNAL_REJECTED : state;
    const char *fmt = sentences[said].fmt;
    const char *hole = strstr(fmt, "%s");

    r->result.verdict = sentences[said].verdict;
    if (outcome == OUTCOME_APPLIED)
        r->result.message[0] = '\0'; // nothing has to be told
    else
        release_say(
            r, "%.*s%s", (int)(hole - fmt), fmt, because(r, outcome, why));
}

/* A secret must be whole to be found, so the masking comes before the
 * cutting. Without memory for it nothing is kept. */
static size_t keep_long_reply(struct release *r, const struct wire_reply *reply)
{
    struct buf body = {0};

    if (buf_add(&body, reply->body, reply->body_len))
        secret_mask(body.data, &body.len);
    size_t len = body.len < sizeof r->reply ? body.len : sizeof r->reply;
    if (len)
        memcpy(r->reply, body.data, len);
    buf_wipe(&body);
    return len;
}

static size_t keep_reply(struct release *r, const struct wire_reply *reply)
{
    size_t len = reply->body_len;

    if (len >= sizeof r->reply) // secret_mask puts a NUL behind
        return keep_long_reply(r, reply);
    if (len)
        memcpy(r->reply, reply->body, len);
    secret_mask(r->reply, &len);
    return len;
}

struct journal_op *attempt_record(struct release *r,
    const struct wire_reply *reply, enum outcome outcome, const char *why)
{
    struct outcome_before before = {
        r->doubted, r->applied_stock, r->result.update_stock};
    struct journal_op *op = release_op(r, JOURNAL_OUTCOME);
    bool update_stock;
    enum journal_state state = outcome_state(outcome, &before, &update_stock);

    tell(r, outcome, state, why);
    op->outcome = (struct journal_outcome){
        .state = state,
        .update_stock = update_stock,
        .resent = r->doubted && outcome != OUTCOME_NOT_SENT,
        .sent = reply->sent,
        .curl = reply->curl,
        .http_status = reply->status,
        .ms = reply->ms,
        .outcome = outcome_name(outcome),
        .why = why,
        .message = r->words,
        .reply = r->reply,
        .reply_len = keep_reply(r, reply),
        .mapping = r->result.mapping,
    };
    return op;
}
