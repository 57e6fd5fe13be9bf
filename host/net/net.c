#include "net/net.h"

#include "base/mem.h"
#include "net/multi.h"
#include "net/wiped_heap.h"

#include <string.h>
#include <zlib.h>

static const long CONNECTIONS_MAX = 128; // that are kept open

static bool start_libcurl(struct error *err)
{
    static bool started;

    if (!started)
        started = curl_global_init_mem(CURL_GLOBAL_DEFAULT, wiped_heap_alloc,
                      wiped_heap_free, wiped_heap_realloc, wiped_heap_strdup,
                      wiped_heap_calloc) == 0;
    return started ||
           error_set(err, ERROR_MEMORY, "libcurl cannot start: out of memory");
}

struct net *net_open(struct error *err)
{
    if (!start_libcurl(err))
        return NULL;
    struct net *net = mem_calloc(1, sizeof *net);
    if (!net) {
        error_memory(err);
        return NULL;
    }
    net->multi = curl_multi_init();
    /* By default libcurl keeps four connections for each handle that is added
     * at the moment, and closes others between two bursts. */
    if (net->multi)
        curl_multi_setopt(net->multi, CURLMOPT_MAXCONNECTS, CONNECTIONS_MAX);
    if (!net->multi) {
        error_memory(err);
        mem_free(net);
        return NULL;
    }
    wiped_heap_begin();
    return net;
}

void net_close(struct net *net)
{
    if (!net)
        return;
    curl_multi_cleanup(net->multi);
    socket_table_fini(&net->sockets);
    mem_free(net);
    wiped_heap_end();
}

bool net_speaks(const char *protocol)
{
    const char *const *p = curl_version_info(CURLVERSION_NOW)->protocols;

    while (*p && strcmp(*p, protocol) != 0)
        p++;
    return *p != NULL;
}

const char *net_version(void)
{
    return curl_version_info(CURLVERSION_NOW)->version;
}

const char *net_tls_version(void)
{
    const char *version = curl_version_info(CURLVERSION_NOW)->ssl_version;

    return version ? version : "no TLS";
}

const char *net_zlib_version(void)
{
    return zlibVersion();
}

void net_watch(struct net *net, int fd)
{
    net->watched = (struct curl_waitfd){.fd = fd, .events = CURL_WAIT_POLLIN};
    net->watching = fd >= 0;
}

void net_guard(struct net *net, bool (*may_write)(void *arg), void *arg)
{
    net->may_write = may_write;
    net->may_write_arg = arg;
}

int net_poll(struct net *net, int timeout_ms)
{
    struct curl_waitfd watched = net->watched;
    int n = 0;

    curl_multi_poll(net->multi, &watched, net->watching, timeout_ms, &n);
    return n;
}

void net_wake(struct net *net)
{
    curl_multi_wakeup(net->multi);
}

/* Those that wait for room go on. libcurl's documentation of curl_easy_pause:
 * "the write callback might get called before this function returns". */
static void feed_all(struct net *net)
{
    struct transfer *t;

    if (net->first_short) // a finalizer may free it
        account_collect(net->first_short->account);
    while ((t = net->first_short)) {
        transfer_forget_wait(t);
        CURLcode code = curl_easy_pause(t->easy, CURLPAUSE_CONT);
        if (code)
            transfer_ended(t, code);
    }
}

void net_turn(struct net *net)
{
    int running, left;
    CURLMsg *message;

    if (!net->started)
        return;
    net->turns++;
    curl_multi_perform(net->multi, &running);
    while ((message = curl_multi_info_read(net->multi, &left))) {
        struct transfer *t;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &t);
        transfer_ended(t, code);
    }
    feed_all(net);
}

size_t net_open_transfers(const struct net *net)
{
    return net->started;
}

size_t net_open_writes(const struct net *net)
{
    return net->writing;
}
