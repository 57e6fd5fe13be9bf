/* net.h: one libcurl multi handle, its connections and its poll.
 *
 * Used by one thread, but for net_wake. It knows requests and replies, no
 * Lua and no journal. */
#ifndef NET_NET_H
#define NET_NET_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct net; // owns the multi handle and the record of its sockets

/* NULL: no memory, or libcurl cannot start. The first one starts libcurl,
 * with the host's allocator. */
struct net *net_open(struct error *err);

/* Every transfer has to be freed before. */
void net_close(struct net *net);

/* Whether this libcurl can do "sftp" and the like. */
bool net_speaks(const char *protocol);

/* Versions at run time: libcurl's, "7.88.1"; its TLS library's,
 * "OpenSSL/3.0.17"; zlib's. */
const char *net_version(void);
const char *net_tls_version(void);
const char *net_zlib_version(void);

/* Whether a certificate that has its host in the subject's CN alone is refused:
 * libcurl's TLS must be the OpenSSL that we are linked with. */
bool net_sees_names(void);

/* One more descriptor whose input ends a net_poll; -1: none. Borrowed. */
void net_watch(struct net *net, int fd);

/* Asked by the gate before each transfer that writes: false, and it does not
 * leave, however long ago it was started. */
void net_guard(struct net *net, bool (*may_write)(void *arg), void *arg);

/* Sleeps until a socket is ready, net_wake is called or timeout_ms went by.
 * The number of sockets that are ready, and of the one that is watched. */
int net_poll(struct net *net, int timeout_ms);

/* Ends a net_poll that sleeps, or the next one; from any thread. */
void net_wake(struct net *net);

/* Moves bytes; then calls `done` of each transfer that ended. */
void net_turn(struct net *net);

/* How many transfers were started and have not ended. */
size_t net_open_transfers(const struct net *net);

/* Of them, those that write and are not harmless: who stops one cannot know
 * whether it was done. */
size_t net_open_writes(const struct net *net);

#endif
