#include "errands.h"

#include "check.h"

#include <string.h>

/* The answers to the two other requests. */
static const struct errand {
    int curl, status;
    const char *body;
    bool good, token; // releases may go; a log-in may cure it
} errands[] = {
    {0, 200, "{\"results\":[]}", true, false},
    {0, 403, "{\"detail\":\"forbidden\"}", true, false},
    {0, 401, "{}", false, true},
    {7, 0, "", false, false},
    {28, 0, "", false, false},
    {0, 404, "{}", false, false},
    {0, 302, "", false, false},
    {0, 429, "", false, false},
    {0, 500, "", false, false},
    {0, 503, "", false, false},
    {0, 200, "<html>", false, false},
    {0, 204, "", false, false},
};
enum {
    GOOD,
    LOOK_403,
    LOOK_401,
    LOOK_GONE,
    LOOK_404 = 5,
    LOOK_429 = 7,
    LOOK_PAGE = 10
};

static int pick_look(struct world *w)
{
    if (world_in(w, &w->outage))
        return LOOK_GONE;
    if (world_in(w, &w->storm))
        return LOOK_429;
    if (world_in(w, &w->login_page))
        return LOOK_PAGE;
    if (world_in(w, &w->gone))
        return LOOK_404;
    if (w->token < w->good_token)
        return LOOK_401;
    if (world_in(w, &w->forbidden))
        return LOOK_403;
    if (!w->calm && dice_chance(w, 4))
        return (int)dice_below(w, sizeof errands / sizeof *errands);
    return GOOD;
}

static struct wire_reply reply_of(const struct errand *e)
{
    return (struct wire_reply){.sent = !e->curl,
        .complete = !e->curl,
        .curl = e->curl,
        .status = e->status,
        .error = e->curl ? "Connection refused" : "",
        .body = e->body,
        .body_len = strlen(e->body)};
}

static void answer_look(struct world *w, int which)
{
    const struct errand *e = &errands[which];
    struct wire_reply reply = reply_of(e);

    w->look_us = 0;
    world_log(w, "the first look: %d %s", e->status, e->body);
    if (e->good)
        w->need_look = false;
    else if (e->token && w->rules.logs_in)
        w->has_token = false;
    if (!e->good) {
        w->may_stop = true;
        w->must_stop |= !e->token || !w->rules.logs_in;
    }
    delivery_looked(w->delivery, &reply);
    check_stop(w);
}

static void answer_login(struct world *w)
{
    static const int bad[] = {LOOK_403, LOOK_401, LOOK_GONE, 5, 6, 7, 8, 10};
    static const char key[] = "{\"key\":\"k\"}";
    bool fails = dice_chance(w, w->logins_bad) || world_in(w, &w->outage);
    const struct errand *e =
        &errands[fails ? bad[dice_below(w, sizeof bad / sizeof *bad)] : GOOD];
    struct wire_reply reply = reply_of(e);

    w->login_us = 0;
    world_log(w, "the log-in: %d", e->status);
    if (fails)
        w->must_stop = w->may_stop = true;
    else {
        reply.body = key;
        reply.body_len = sizeof key - 1;
        w->token = ++w->good_token;
        w->has_token = true;
        if (w->token_uses == 0)
            w->token_uses = (int)dice_below(w, 30);
    }
    delivery_logged_in(w->delivery, &reply, fails ? 0 : w->token);
    check_stop(w);
}

void errands_look(void *world)
{
    struct world *w = world;

    if (w->ghost)
        return;
    if (w->look_us || w->login_us)
        world_fail(w, "two questions at once");
    if (!w->rules.first_look)
        world_fail(w, "a first look that the profile does not want");
    if (!w->calm && dice_chance(w, 3))
        answer_look(w, LOOK_GONE);
    else
        w->look_us = w->now_us + dice_between(w, MS, 300 * MS);
}

void errands_log_in(void *world)
{
    struct world *w = world;

    if (w->ghost)
        return;
    if (w->look_us || w->login_us)
        world_fail(w, "two questions at once");
    if (!w->rules.logs_in)
        world_fail(w, "a log-in without a user");
    if (dice_chance(w, w->logins_bad / 8)) {
        w->must_stop = w->may_stop = true;
        world_log(w, "no further log-in");
        delivery_token_known(w->delivery,
            &(struct stop_note){
                .why = STOP_LOG_IN, .next_at = wall_now(w) + 60000},
            0);
        check_stop(w);
    } else
        w->login_us = w->now_us + dice_between(w, MS, 300 * MS);
}

/* One is under way at most. */
void errands_event(struct world *w)
{
    if (w->look_us && w->look_us <= w->now_us)
        answer_look(w, pick_look(w));
    else if (w->login_us && w->login_us <= w->now_us)
        answer_login(w);
}
