/* multi.h: what net.c and transfer.c share, for them alone. */
#ifndef NET_MULTI_H
#define NET_MULTI_H

#include "net/socket_table.h"
#include "net/transfer.h"

#include <curl/curl.h>

struct net {
    CURLM *multi;
    struct socket_table sockets;
    size_t started;
    struct curl_waitfd watched; // when `watching` is 1
    unsigned watching;
    bool (*may_write)(void *arg); // NULL: always
    void *may_write_arg;
};

/* libcurl says that a transfer has ended: fills its reply, calls `done`. */
void transfer_ended(struct transfer *t, CURLcode code);

#endif
