#include "session/live.h"

#include "base/log.h"
#include "base/protected.h"

static void wake(void *net)
{
    net_wake(net);
}

static bool protect(const char *path, struct error *err)
{
    return !path || protected_add(PROTECTED_JOURNAL, path, err);
}

/* Protected once it is open, too: what lies beside it was not there before. */
bool live_lock(struct live *live, struct net *net,
    const struct journal_options *options, struct error *err)
{
    struct journal_options woken = *options;

    woken.wake = wake;
    woken.wake_arg = net;
    live->ports.net = net;
    if (!protect(options->path, err) || !log_check(err))
        return false;
    live->journal = journal_open(&woken, err);
    live->ports.journal = live->journal;
    return live->journal && protect(options->path, err);
}

bool live_open(
    struct live *live, const struct ports_options *options, struct error *err)
{
    return ports_open(&live->ports, options, err);
}

/* The journal before the delivery: what its thread still writes is the
 * delivery's. */
void live_close(struct live *live)
{
    struct net *net = live->ports.net;

    ports_stop(&live->ports);
    journal_close(live->journal);
    ports_close(&live->ports);
    if (net)
        net_guard(net, NULL, NULL);
    *live = (struct live){0};
}
