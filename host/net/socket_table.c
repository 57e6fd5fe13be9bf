#include "net/socket_table.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

bool socket_table_add(struct socket_table *table, int fd)
{
    if (table->len == table->cap) {
        size_t cap = table->cap ? table->cap * 2 : 16;
        struct socket_entry *entries =
            mem_realloc(table->entries, cap * sizeof *entries);
        if (!entries)
            return false;
        table->entries = entries;
        table->cap = cap;
    }
    table->entries[table->len++] = (struct socket_entry){.fd = fd};
    return true;
}

void socket_table_remove(struct socket_table *table, int fd)
{
    for (size_t i = 0; i < table->len; i++)
        if (table->entries[i].fd == fd) {
            table->entries[i] = table->entries[--table->len];
            return;
        }
}

void socket_table_fini(struct socket_table *table)
{
    mem_free(table->entries);
    *table = (struct socket_table){0};
}

/* The local port, 0 while it has none; asked once, since a system call for
 * each socket and release would cost more than the release. */
static uint16_t local_port(struct socket_entry *entry)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof address;

    if (entry->port)
        return entry->port;
    if (getsockname(entry->fd, (struct sockaddr *)&address, &len) < 0)
        return 0;
    if (address.ss_family == AF_INET)
        entry->port = ntohs(((struct sockaddr_in *)&address)->sin_port);
    else if (address.ss_family == AF_INET6)
        entry->port = ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
    return entry->port;
}

static bool has_input(int fd)
{
    char byte;
    ssize_t n = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

    return n >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

static enum socket_look look_at(struct socket_entry *entry)
{
    if (entry->used)
        return has_input(entry->fd) ? SOCKET_STALE : SOCKET_QUIET;
    entry->used = true;
    return SOCKET_NEW;
}

/* An IPv4 and an IPv6 socket may have the same port: the worst counts. */
enum socket_look socket_table_look(struct socket_table *table, int port)
{
    enum socket_look worst = SOCKET_LOST;

    for (size_t i = 0; i < table->len; i++) {
        if (port <= 0 || local_port(&table->entries[i]) != port)
            continue;
        enum socket_look look = look_at(&table->entries[i]);
        if (worst == SOCKET_LOST || look > worst)
            worst = look;
    }
    return worst;
}
