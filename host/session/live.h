/* live.h: a journal under its lock and the delivery over it: what it takes to
 * release for real. */
#ifndef SESSION_LIVE_H
#define SESSION_LIVE_H

#include "session/ports.h"

struct live {                // {0} is one that is closed
    struct journal *journal; // owns
    struct ports ports;
};

/* Takes the journal's lock; who commits wakes `net`, which the options need
 * not say. Neither a script nor the log may write to it from then on. False:
 * nobody else is disturbed, and live_close is due. */
bool live_lock(struct live *live, struct net *net,
    const struct journal_options *options, struct error *err);

/* Then the token and the delivery. On false live_close is due as well. */
bool live_open(
    struct live *live, const struct ports_options *options, struct error *err);

/* Gives all up, in order; nothing of Lua may hold a release any more. The
 * network is still open. One that is closed is allowed. */
void live_close(struct live *live);

#endif
