#include "server.h"

#include "books.h"
#include "check.h"
#include "errands.h"

#include <stdio.h>
#include <string.h>

enum applies { NEVER, MAYBE, ALWAYS };

enum kind_name {
    FINE,
    NOT_STARTED,
    NOT_SENT,
    STALE, // a reply was there before the request left
    LOST,
    APPLIED_LOST,
    LATE, // applied after nobody waits for it any more
    CUT,
    CUT_REFUSAL,
    REFUSED,
    FORBIDDEN,
    NOT_ALLOWED,
    NO_LOGIN,
    NO_PROXY_LOGIN,
    THROTTLED,
    THROTTLED_AFTER,
    NOT_DONE,
    CONFLICTED,
    TIMED_OUT,
    BROKEN,
    HTML,
    EMPTY,
    OTHER_ITEM,
    OTHER_CODE,
    REDIRECT,
    KINDS
};

/* `truth` is of those that the server did not judge. */
static const struct kind {
    const char *name;
    int weight;
    bool sent, complete;
    int curl, status;
    enum applies applies;
    enum truth truth;
    const char *body; // NULL: as the server judges
    const char *retry_after;
} kinds[KINDS] = {
    [FINE] = {"fine", 0, true, true, 0, 0, ALWAYS, TRUTH_APPLIED, NULL, NULL},
    [NOT_STARTED] = {"not started", 4, false, false, 0, 0, NEVER,
        TRUTH_NOT_SENT, "", NULL},
    [NOT_SENT] = {"not sent", 12, false, false, 7, 0, NEVER, TRUTH_NOT_SENT, "",
        NULL},
    [STALE] = {"stale reply", 4, false, true, 0, 400, NEVER, TRUTH_NOT_SENT,
        "{}", "7"},
    [LOST] = {"lost", 6, true, false, 56, 0, NEVER, TRUTH_UNKNOWN, "", NULL},
    [APPLIED_LOST] = {"reply lost", 6, true, false, 52, 0, ALWAYS,
        TRUTH_UNKNOWN, "", NULL},
    [LATE] = {"late", 3, true, false, 28, 0, ALWAYS, TRUTH_UNKNOWN, "", NULL},
    [CUT] = {"reply cut", 3, true, false, 0, 201, ALWAYS, TRUTH_UNKNOWN,
        "{\"pk\":1,", NULL},
    [CUT_REFUSAL] = {"refusal cut", 2, true, false, 0, 400, MAYBE,
        TRUTH_UNKNOWN, "{", NULL},
    [REFUSED] = {"refused", 14, true, true, 0, 0, NEVER, TRUTH_REFUSED,
        "{\"detail\":\"no\"}", NULL},
    [FORBIDDEN] = {"forbidden", 4, true, true, 0, 403, NEVER, TRUTH_REFUSED,
        "{\"detail\":\"forbidden\"}", NULL},
    [NOT_ALLOWED] = {"not allowed", 2, true, true, 0, 405, NEVER, TRUTH_REFUSED,
        "{}", NULL},
    [NO_LOGIN] = {"401", 2, true, true, 0, 401, NEVER, TRUTH_NO_LOGIN,
        "{\"detail\":\"token\"}", NULL},
    [NO_PROXY_LOGIN] = {"407", 1, true, true, 0, 407, NEVER, TRUTH_NO_LOGIN, "",
        NULL},
    [THROTTLED] = {"429", 8, true, true, 0, 429, NEVER, TRUTH_THROTTLED, "",
        NULL},
    [THROTTLED_AFTER] = {"429, wait", 6, true, true, 0, 429, NEVER,
        TRUTH_THROTTLED, "", "3"},
    [NOT_DONE] = {"503", 4, true, true, 0, 503, NEVER, TRUTH_NOT_DONE, "", "2"},
    [CONFLICTED] = {"409", 2, true, true, 0, 409, NEVER, TRUTH_NOT_DONE, "",
        NULL},
    [TIMED_OUT] = {"408", 1, true, true, 0, 408, MAYBE, TRUTH_UNKNOWN, "",
        NULL},
    [BROKEN] = {"500", 5, true, true, 0, 500, MAYBE, TRUTH_UNKNOWN, "oops",
        NULL},
    [HTML] = {"login page", 2, true, true, 0, 200, MAYBE, TRUTH_UNKNOWN,
        "<html>log in</html>", NULL},
    [EMPTY] = {"empty", 1, true, true, 0, 204, MAYBE, TRUTH_UNKNOWN, "", NULL},
    [OTHER_ITEM] = {"other item", 1, true, true, 0, 201, MAYBE, TRUTH_UNKNOWN,
        "{\"pk\":1,\"object_id\":1,\"code\":\"E-1\"}", NULL},
    [OTHER_CODE] = {"other code", 1, true, true, 0, 201, MAYBE, TRUTH_UNKNOWN,
        "{\"pk\":1,\"object_id\":46001,\"code\":\"X\"}", NULL},
    [REDIRECT] = {"redirect", 1, true, true, 0, 302, MAYBE, TRUTH_UNKNOWN, "",
        NULL},
};

static const int refusals[] = {400, 404, 406, 410, 413, 414, 415, 422};

static int any_refusal(struct world *w)
{
    return refusals[dice_below(w, sizeof refusals / sizeof *refusals)];
}

void server_open(struct world *w)
{
    int refused = dice_chance(w, 5)    ? 100
                  : dice_chance(w, 10) ? 60
                                       : (int)dice_below(w, 15);

    w->repeat = (enum repeat)dice_below(w, 4);
    for (int i = 0; i < w->item_count; i++) {
        w->items[i].mapped = -1;
        if (dice_chance(w, refused))
            w->items[i].refuses = any_refusal(w);
    }
}

static void maybe_phase(struct world *w, struct phase *phase, int percent)
{
    *phase = (struct phase){-1, -1};
    if (w->calm || !dice_chance(w, percent))
        return;
    phase->from = w->now_us + dice_below(w, 5 * SECOND) - SECOND;
    phase->until = phase->from + dice_between(w, 10 * MS, 60 * SECOND);
}

void server_weather(struct world *w)
{
    static const int bad[] = {0, 0, 0, 30, 30, 100, 100, 300, 800, 1000};

    w->bad = w->calm ? 0 : bad[dice_below(w, sizeof bad / sizeof *bad)];
    w->only_kind = dice_chance(w, 30) ? (int)dice_between(w, 1, KINDS - 1) : -1;
    if (w->messy && w->bad && dice_chance(w, 25)) {
        w->only_kind = FORBIDDEN;
        w->bad = 500;
    }
    maybe_phase(w, &w->outage, 12);
    maybe_phase(w, &w->storm, 12);
    maybe_phase(w, &w->forbidden, 10);
    maybe_phase(w, &w->login_page, 5);
    maybe_phase(w, &w->gone, 15);
    w->logins_bad = w->calm ? 0 : dice_chance(w, 30) ? 40 : 0;
    w->token = w->good_token = 0;
    w->token_uses = w->calm || dice_chance(w, 75) ? -1 : (int)dice_below(w, 30);
    w->has_token = !w->rules.logs_in;
}

static int pick_bad(struct world *w)
{
    int64_t sum = 0, at;
    int kind = 0;

    if (w->only_kind > 0)
        return w->only_kind;
    for (int i = 0; i < KINDS; i++)
        sum += kinds[i].weight;
    at = dice_below(w, sum);
    while ((at -= kinds[kind].weight) >= 0)
        kind++;
    return kind;
}

static int pick(struct world *w)
{
    if (world_in(w, &w->outage))
        return dice_chance(w, 70) ? NOT_SENT : LOST;
    return dice_below(w, 1000) < w->bad ? pick_bad(w) : FINE;
}

static struct flight *find_flight(struct world *w, int item)
{
    for (int i = 0; i < w->flying; i++)
        if (w->flights[i].call && w->flights[i].item == item)
            return &w->flights[i];
    return NULL;
}

static int in_flight(const struct world *w)
{
    int n = 0;

    for (int i = 0; i < w->flying; i++)
        n += w->flights[i].call != NULL;
    return n;
}

static void read_body(
    struct world *w, struct flight *f, const struct wire_call *call)
{
    char body[100];

    for (f->variant = 0; f->variant < VARIANTS; f->variant++)
        for (int stock = 0; stock < 2; stock++) {
            int len = snprintf(body, sizeof body,
                "{\"update_stock\":%s,\"code\":\"%s\"}",
                stock ? "true" : "false", code_of(f->item, f->variant));
            if ((size_t)len == call->body_len &&
                memcmp(body, call->body, call->body_len) == 0) {
                f->stock = stock;
                return;
            }
        }
    world_fail(w, "a body that nobody asked for: %.*s", (int)call->body_len,
        call->body);
}

bool server_send(void *world, struct wire_call *call, struct error *err)
{
    struct world *w = world;
    struct flight *f = &w->flights[w->flying];
    int item = item_of(call->order_item_id);

    if (w->ghost || w->flying == FLIGHTS)
        world_fail(w, "a request starts after the end");
    if (find_flight(w, item))
        world_fail(
            w, "item %lld is on its way already", (long long)item_id(item));
    *f = (struct flight){
        .call = call, .item = item, .kind = pick(w), .token = w->token};
    f->status = kinds[f->kind].status;
    read_body(w, f, call);
    check_start(w, f, in_flight(w));
    world_log(w, "item %lld, %s, starts: %s", (long long)item_id(item),
        code_of(item, f->variant), kinds[f->kind].name);
    if (f->kind == NOT_STARTED) {
        check_reply(w, f, TRUTH_NOT_SENT, 0);
        return error_set(err, ERROR_OTHER, "no descriptor is left");
    }
    w->started++;
    w->flying++;
    int64_t ms = dice_chance(w, 5) ? dice_between(w, 500, 30000)
                                   : dice_between(w, 1, 80);
    f->reply_us = w->now_us + ms * MS;
    if (kinds[f->kind].sent && f->kind != LOST)
        f->read_us = f->kind == LATE
                         ? f->reply_us + dice_between(w, 1, 20 * SECOND)
                         : w->now_us + 1 + dice_below(w, ms * MS);
    return true;
}

/* The status of a refusal, or 0: applied. */
static int apply(struct world *w, const struct flight *f)
{
    struct item *it = &w->items[f->item];
    bool other = it->mapped >= 0 && it->mapped != f->variant;

    if (it->refuses)
        return it->refuses;
    if (it->mapped >= 0 && w->repeat == REPEAT_REFUSE)
        return 400;
    if (other && w->repeat == REPEAT_SAME)
        return 422;
    if (it->mapped < 0 || w->repeat == REPEAT_OVERWRITE)
        it->mapped = f->variant;
    it->applied[f->variant][f->stock] = true;
    world_log(w, "item %lld is applied", (long long)item_id(f->item));
    check_item(w, f->item);
    return 0;
}

/* What stands before the server's judgement. */
static int stopped_by(struct world *w, const struct flight *f)
{
    bool used_up = w->token_uses == 0 && f->token == w->good_token;

    if (world_in(w, &w->storm))
        return THROTTLED;
    if (world_in(w, &w->login_page))
        return HTML;
    if (world_in(w, &w->gone))
        return REFUSED;
    if (used_up)
        w->good_token++;
    if (f->token < w->good_token)
        return NO_LOGIN;
    if (w->token_uses > 0)
        w->token_uses--;
    return world_in(w, &w->forbidden) ? FORBIDDEN : f->kind;
}

static void arrive(struct world *w, struct flight *f)
{
    int by = stopped_by(w, f), status = 0;
    bool as_wished = by == f->kind;

    f->read_us = 0;
    w->items[f->item].bodies++;
    check_body(w, f->item);
    if (f->kind == FINE)
        f->kind = by;
    f->truth = kinds[f->kind].truth;
    f->status = kinds[f->kind].status;
    if (as_wished &&
        (kinds[f->kind].applies == ALWAYS ||
            (kinds[f->kind].applies == MAYBE && dice_chance(w, 50))))
        status = apply(w, f);
    if (f->kind == FINE && status) {
        f->status = status;
        f->truth = TRUTH_REFUSED;
    }
}

static size_t fill_body(const struct flight *f, char *body, size_t cap)
{
    int len;

    if (f->kind != FINE)
        len = snprintf(body, cap, "%s", kinds[f->kind].body);
    else if (f->truth == TRUTH_REFUSED)
        len = snprintf(body, cap, "{\"code\":[\"not this one\"]}");
    else
        len = snprintf(body, cap,
            "{\"pk\":%d,\"object_id\":%lld,\"code\":\"%s\"}", f->item + 7,
            (long long)item_id(f->item), code_of(f->item, f->variant));
    return (size_t)len;
}

static enum truth truth_of(const struct world *w, const struct flight *f)
{
    const struct kind *kind = &kinds[f->kind];

    if (f->kind == FINE)
        return f->truth;
    if (kind->truth == TRUTH_NOT_DONE && !w->not_done[kind->status])
        return TRUTH_UNKNOWN;
    return kind->truth;
}

static void answer(struct world *w, struct flight *f)
{
    const struct kind *kind = &kinds[f->kind];
    char body[200];
    struct wire_reply reply = {.sent = kind->sent,
        .complete = kind->complete,
        .curl = kind->curl,
        .status = f->kind == FINE && !f->status ? 201 : f->status,
        .error = kind->curl ? "it broke" : "",
        .body = body,
        .body_len = fill_body(f, body, sizeof body),
        .retry_after = kind->retry_after,
        .ms = 1};
    struct wire_call *call = f->call;
    enum truth truth = truth_of(w, f);

    if (f->kind == REFUSED)
        reply.status = any_refusal(w);
    if (kind->retry_after)
        reply.retry_after_len = strlen(kind->retry_after);
    world_log(w, "item %lld is answered: %s, %d", (long long)item_id(f->item),
        kind->name, reply.status);
    f->reply_us = 0;
    f->call = NULL;
    if (truth == TRUTH_THROTTLED && kind->retry_after)
        w->hold_us = w->now_us + (kind->retry_after[0] - '0') * SECOND;
    struct flight over = *f;
    over.status = reply.status;
    check_reply(w, &over, truth, reply.status);
    call->replied(call, &reply);
    check_stop(w);
}

static void earliest(int64_t *next, int64_t us)
{
    if (us > 0 && (*next < 0 || us < *next))
        *next = us;
}

int64_t server_next_us(const struct world *w)
{
    int64_t next = -1;

    for (int i = 0; i < w->flying; i++) {
        earliest(&next, w->flights[i].read_us);
        earliest(&next, w->flights[i].reply_us);
    }
    earliest(&next, w->look_us);
    earliest(&next, w->login_us);
    return next;
}

/* Gone is who neither is to be read nor waits for an answer. */
static void forget(struct world *w)
{
    for (int i = 0; i < w->flying; i++)
        if (!w->flights[i].read_us && !w->flights[i].call)
            w->flights[i--] = w->flights[--w->flying];
}

static bool due(const struct world *w, int64_t us)
{
    return us > 0 && us <= w->now_us;
}

void server_event(struct world *w)
{
    for (int i = 0; i < w->flying; i++) {
        struct flight *f = &w->flights[i];
        if (due(w, f->read_us))
            arrive(w, f);
        else if (due(w, f->reply_us))
            answer(w, f);
        else
            continue;
        forget(w);
        return;
    }
    errands_event(w);
}

void server_drain(struct world *w, bool all)
{
    for (int i = 0; i < w->flying; i++) {
        struct flight *f = &w->flights[i];
        if (f->read_us && (all || dice_chance(w, 60)))
            arrive(w, f);
        f->read_us = 0;
        f->call = NULL;
    }
    w->flying = 0;
    w->look_us = w->login_us = 0;
}
