#include "cmd/setup.h"

#include "base/secret.h"
#include "cli/command.h"
#include "session/signals.h"

#include <unistd.h>

bool setup_open(struct setup *s, const struct arguments *args,
    bool (*watch)(struct error *err), struct error *err)
{
    s->args = args;
    s->session.signal_fd = -1;
    return command_open_log(args, err) &&
           signals_open(&s->session.signal_fd, err) && watch(err);
}

bool setup_load(
    struct setup *s, const char *script_or_folder, struct error *err)
{
    const char *named = arguments_text(s->args, "profile");

    s->session.endpoint.mock = arguments_given(s->args, "mock");
    return journal_init(err) &&
           customer_load(&s->customer, named, script_or_folder, err);
}

void setup_fill(struct setup *s)
{
    s->session.profile = &s->customer.profile;
    s->only.count = arguments_list(s->args, "only", s->only.values, ONLY_MAX);
    s->session.only = s->only.count ? &s->only : NULL;
}

bool setup_unlock(struct setup *s, struct error *err)
{
    struct customer *c = &s->customer;
    struct endpoint *e = &s->session.endpoint;

    if (!customer_unlock(c, err))
        return false;
    e->origin = c->profile.origin;
    e->name = c->profile.host;
    e->token = c->token ? secret_text(c->token) : NULL;
    e->username = c->profile.username;
    e->password = c->password ? secret_text(c->password) : NULL;
    return true;
}

void setup_unlock_if_can(struct setup *s)
{
    if (!setup_unlock(s, &s->no_token))
        s->session.endpoint.no_token = s->no_token.text;
}

/* The token of a mock is no secret. */
bool setup_mock(struct setup *s, struct error *err)
{
    struct mock_options options = {0};
    struct endpoint *e = &s->session.endpoint;

    profile_forget_public("mock");
    s->mock = mock_start(&options, err);
    if (!s->mock)
        return false;
    e->origin = mock_url(s->mock);
    e->name = e->token = "mock";
    return true;
}

bool setup_journal(struct setup *s, struct error *err)
{
    bool mock = s->session.endpoint.mock;
    const char *named = arguments_text(s->args, "journal");

    s->session.journal = named || mock ? named : s->customer.profile.journal;
    return !mock || !named || access(named, F_OK) == 0 ||
           journal_make(named, err);
}

void setup_close(struct setup *s)
{
    mock_stop(s->mock);
    signals_close(s->session.signal_fd);
    customer_free(&s->customer);
}
