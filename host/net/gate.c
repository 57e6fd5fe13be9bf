/* The gate and the sockets it looks at: see transfer.h. */
#include "net/address.h"
#include "net/multi.h"

#include <sys/socket.h>
#include <unistd.h>

static bool may_write(const struct net *net)
{
    return !net->may_write || net->may_write(net->may_write_arg);
}

/* libcurl's documentation of CURLOPT_PREREQFUNCTION: "called … when a
 * connection has been established, but before a request has been issued". */
int gate_pass(
    void *arg, char *remote_ip, char *local_ip, int remote_port, int port)
{
    struct transfer *t = arg;

    (void)local_ip, (void)remote_port;
    enum socket_look look = socket_table_look(&t->net->sockets, port);
    if (t->writes && t->reply.sent)
        return CURL_PREREQFUNC_ABORT;
    if (t->writes && !may_write(t->net))
        return CURL_PREREQFUNC_ABORT;
    t->stale = t->writes && (look == SOCKET_STALE || look == SOCKET_LOST);
    if (t->stale)
        return CURL_PREREQFUNC_ABORT;
    if (t->from_outside && address_text_is_inside(remote_ip)) {
        t->kept_outside = true;
        return CURL_PREREQFUNC_ABORT;
    }
    t->reply.sent = true;
    return CURL_PREREQFUNC_OK;
}

curl_socket_t gate_open_socket(
    void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *t = arg;
    struct net *net = t->net;

    (void)purpose;
    if (t->from_outside && address_is_inside(&address->addr)) {
        t->kept_outside = true;
        return CURL_SOCKET_BAD;
    }
    int fd = socket(
        address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (fd >= 0 && !socket_table_add(&net->sockets, fd)) {
        close(fd);
        fd = -1;
    }
    return fd < 0 ? CURL_SOCKET_BAD : fd;
}

int gate_close_socket(void *arg, curl_socket_t fd)
{
    struct net *net = arg;

    socket_table_remove(&net->sockets, fd);
    return close(fd);
}
