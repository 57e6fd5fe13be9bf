#include "repl/repl_live.h"

#include "base/protected.h"

enum { AT_ONCE = 8 };

static void wake(void *net)
{
    net_wake(net);
}

static bool open_journal(struct repl_live *live, const struct repl_options *o,
    struct net *net, struct error *err)
{
    struct journal_options options = {.path = o->journal,
        .host = o->journal_host,
        .script = "repl",
        .unique_codes = o->profile->unique_codes,
        .wake = wake,
        .wake_arg = net};

    live->journal = journal_open(&options, err);
    return live->journal &&
           (!o->journal || protected_add(PROTECTED_JOURNAL, o->journal, err));
}

static bool open_ports(struct repl_live *live, const struct repl_options *o,
    struct net *net, struct account *account, struct error *err)
{
    struct ports_options options = {.profile = o->profile,
        .origin = o->origin,
        .host = o->host,
        .journal_path = o->journal,
        .token = o->token,
        .username = o->username,
        .password = o->password,
        .at_once = o->profile->at_once ? o->profile->at_once : AT_ONCE,
        .account = account};

    live->ports = (struct ports){.net = net, .journal = live->journal};
    return ports_open(&live->ports, &options, err);
}

/* The journal first: what its thread still writes is the delivery's. */
static void close_all(struct repl_live *live)
{
    struct net *net = live->ports.net;

    ports_stop(&live->ports);
    journal_close(live->journal);
    ports_close(&live->ports);
    if (net)
        net_guard(net, NULL, NULL);
    *live = (struct repl_live){0};
}

bool repl_live_open(struct repl_live *live, const struct repl_options *options,
    struct loop *loop, struct script *host, struct error *err)
{
    if (!options->origin)
        return error_set(err, ERROR_USAGE, "%s", options->no_token);
    if (!open_journal(live, options, loop->net, err) ||
        !open_ports(live, options, loop->net, &host->account, err)) {
        close_all(live);
        return false;
    }
    live->open = true;
    loop->journal = live->journal;
    loop->delivery = live->ports.delivery;
    host->token = live->ports.token;
    return true;
}

void repl_live_drain(struct loop *loop, void (*listen)(void *arg), void *arg)
{
    struct error ignored;

    delivery_leave(loop->delivery);
    while (loop_busy(loop)) {
        loop_turn(loop);
        listen(arg);
        if (journal_failed(loop->journal, &ignored))
            delivery_halt(loop->delivery);
    }
}

bool repl_live_close(
    struct repl_live *live, struct loop *loop, struct error *err)
{
    if (!live->open)
        return true;
    bool ok = !journal_failed(live->journal, err) &&
              journal_end_run(live->journal, "", EXIT_DONE, err);
    loop->journal = NULL;
    loop->delivery = NULL;
    close_all(live);
    return ok;
}
