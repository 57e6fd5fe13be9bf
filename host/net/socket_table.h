/* socket_table.h: the sockets that libcurl has open, by local port.
 *
 * libcurl tells a prerequest callback which local port a request will leave
 * by, not the descriptor. This is how the gate finds it. */
#ifndef NET_SOCKET_TABLE_H
#define NET_SOCKET_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct socket_entry {
    int fd;
    uint16_t port; // 0: not bound when last looked at
    bool used;     // a request has left by it
};

struct socket_table {
    struct socket_entry *entries; // owns
    size_t len, cap;
};

/* False when there is no memory: the socket must then not be used. */
bool socket_table_add(struct socket_table *table, int fd);
void socket_table_remove(struct socket_table *table, int fd);
void socket_table_fini(struct socket_table *table);

enum socket_look {
    SOCKET_NEW,   // open, and no request has left by it
    SOCKET_QUIET, // used before, nothing to read
    SOCKET_STALE, // used before, and a byte or an end of file waits
    SOCKET_LOST,  // no such socket: never to be trusted
};

/* Looks at the socket with this local port and marks it as used. */
enum socket_look socket_table_look(struct socket_table *table, int port);

#endif
