/* ping.h: a dead-man switch is told that a run has begun, and how it ended:
 * one GET each.
 *
 * Best effort. No credential goes along, no redirect is followed, nothing is
 * tried again, and what becomes of it is a line of the log (info) and nothing
 * else. Who knows the address can tell the switch what he likes: the log has
 * its host alone. */
#ifndef ENDING_PING_H
#define ENDING_PING_H

#include "base/error.h"
#include "net/net.h"

enum { PING_MS = 5000 }; // that one takes at most

struct ping; // owns its transfer

/* Whether it is an address for pings: https, or http on this machine. False:
 * ERROR_USAGE, which shows its host at most. */
bool ping_check(const char *url, struct error *err);

/* To URL/WORD, before its query; to the URL as it is when the word is "". It
 * moves with the turns of `net`. `proxy` is for https alone, or NULL; nothing
 * is borrowed. NULL: there is none, which was said. */
struct ping *ping_start(
    struct net *net, const char *url, const char *word, const char *proxy);

/* Turns `net` until it has ended, and frees it; NULL is allowed. */
void ping_finish(struct ping *ping);

/* The URL for exit code 0, else URL/CODE: when all else is closed. */
void ping_end(const char *url, int exit_code, const char *proxy);

#endif
