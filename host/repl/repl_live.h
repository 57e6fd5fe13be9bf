/* repl_live.h: the journal under its lock, the token and the delivery, for as
 * long as the lines of a repl release for real. */
#ifndef REPL_REPL_LIVE_H
#define REPL_REPL_LIVE_H

#include "lua/script.h"
#include "repl/repl.h"
#include "session/ports.h"

struct repl_live {           // {0} is one that is closed
    struct journal *journal; // owns
    struct ports ports;
    bool open;
};

/* Opens them and puts them into loop and host. On false nothing is open, and
 * nothing was changed: no token, no journal, somebody holds it. */
bool repl_live_open(struct repl_live *live, const struct repl_options *options,
    struct loop *loop, struct script *host, struct error *err);

/* Sends nothing more; waits until what is on its way is in the journal;
 * `listen` is called after each turn. */
void repl_live_drain(struct loop *loop, void (*listen)(void *arg), void *arg);

/* Ends the run in the journal and closes all; nothing of Lua may hold a
 * release any more. False: the journal failed. One that is not open is
 * allowed. */
bool repl_live_close(
    struct repl_live *live, struct loop *loop, struct error *err);

#endif
