#include "session/contact.h"

#include "base/clock.h"
#include "base/secret.h"
#include "delivery/first_look.h"
#include "delivery/logins.h"
#include "delivery/reply.h"
#include "json/json.h"

enum { POLL_MS = 1000 };

bool contact_open(struct contact *c, const struct profile *profile,
    const char *token, const char *password, struct error *err)
{
    struct request_options options =
        request_options_of(profile, profile->origin);

    *c = (struct contact){
        .profile = profile, .token = token, .password = password};
    c->net = net_open(err);
    c->visit = c->net ? request_new(c->net, &options, err) : NULL;
    if (!c->visit)
        return false;
    c->notes = sidecar_open(profile->journal);
    return c->notes || error_memory(err);
}

void contact_close(struct contact *c)
{
    request_free(c->visit);
    net_close(c->net);
    sidecar_close(c->notes);
    secret_free(c->login);
    *c = (struct contact){0};
}

static void wait(struct contact *c)
{
    while (c->waiting) {
        net_poll(c->net, POLL_MS);
        net_turn(c->net);
    }
}

static void note(
    struct contact *c, enum stop_reason why, const struct wire_reply *reply)
{
    c->waiting = false;
    c->ms = reply->ms;
    c->stop = (struct stop_note){.why = why, .status = reply->status};
    reply_explain(reply, c->stop.words, sizeof c->stop.words);
}

static void logged_in(void *arg, const struct wire_reply *reply)
{
    struct contact *c = arg;

    c->login = request_token(reply);
    struct first_look_seen seen = {
        reply->curl, reply->complete, reply->status, c->login != NULL};
    note(c, first_look_judge_login(&seen), reply);
    reply_explain_login(reply, c->stop.words, sizeof c->stop.words);
}

bool contact_log_in(struct contact *c)
{
    int64_t now = clock_wall_ms();

    if (c->token)
        return true;
    if (!logins_allowed(c->notes, now, &c->stop.next_at)) {
        c->stop.why = STOP_LOG_IN;
        return false;
    }
    logins_add(c->notes, now);
    c->waiting = true;
    request_log_in(c->visit, c->profile->username, c->password, logged_in, c);
    wait(c);
    if (c->stop.why == STOP_NONE)
        c->token = secret_text(c->login);
    return c->stop.why == STOP_NONE;
}

static void looked(void *arg, const struct wire_reply *reply)
{
    struct contact *c = arg;
    struct json_value value;
    struct error ignored;
    bool json = json_parse(reply->body, reply->body_len, &value, &ignored);
    struct first_look_seen seen = {
        reply->curl, reply->complete, reply->status, json};

    note(c, first_look_judge(&seen), reply);
}

bool contact_look(struct contact *c)
{
    c->waiting = true;
    request_look(c->visit, c->token, looked, c);
    wait(c);
    return c->stop.why == STOP_NONE;
}
