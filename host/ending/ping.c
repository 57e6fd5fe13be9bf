#include "ending/ping.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/url.h"
#include "ending/watchdog.h"
#include "net/transfer.h"

#include <stdio.h>
#include <string.h>

enum { REPLY_MAX = 64 << 10, TURN_MS = 1000 };

struct ping {
    struct net *net;           // borrows
    struct transfer *transfer; // owns
    struct url at;             // its path is not to be used
    struct buf url;
    bool ended;
};

bool ping_check(const char *url, struct error *err)
{
    struct url at;
    const char *why;

    if (!url_read(url, &at, &why))
        return error_set(err, ERROR_USAGE,
            "the URL of --ping %s. It is https://, or http:// on this machine",
            why);
    return at.https || at.loopback ||
           error_set(err, ERROR_USAGE,
               "the URL of --ping would go to %s unencrypted, and who reads it "
               "can speak for the run: write https://. http:// is for this "
               "machine",
               at.host);
}

static void failed(const struct ping *ping, const char *why)
{
    log_info("the ping to %s failed: %s", url_place(&ping->at), why);
}

static void ended(struct transfer *t, void *arg)
{
    const struct transfer_reply *reply = transfer_reply(t);
    struct ping *ping = arg;
    char status[32];

    ping->ended = true;
    snprintf(status, sizeof status, "status %d", reply->status);
    if (!reply->complete && strcmp(reply->kind, "toolarge") != 0)
        failed(ping, reply->error);
    else if (reply->status < 200 || reply->status > 299)
        failed(ping, status);
    else
        log_debug("the ping to %s arrived", url_place(&ping->at));
}

/* "https://host/uuid?create=1", "start": https://host/uuid/start?create=1 */
static bool write_url(struct ping *ping, const char *url, const char *word)
{
    size_t path = strcspn(url, "?");
    size_t kept = path;

    if (!word[0])
        return buf_puts(&ping->url, url);
    while (kept && url[kept - 1] == '/')
        kept--;
    return buf_add(&ping->url, url, kept) &&
           buf_printf(&ping->url, "/%s%s", word, url + path);
}

static bool start(struct ping *ping, const char *proxy, struct error *err)
{
    static const char *const headers[] = {NULL};
    struct transfer_request request = {.method = "GET",
        .headers = headers,
        .route = {PING_MS, PING_MS, NULL, proxy},
        .body_max = REPLY_MAX,
        .save_fd = -1};

    ping->transfer = transfer_new(ping->net);
    if (!ping->transfer)
        return error_memory(err);
    return transfer_prepare(ping->transfer, &request, err) &&
           transfer_aim(ping->transfer, ping->url.data, NULL, 0, err) &&
           transfer_start(ping->transfer, ended, ping, err);
}

static void ping_free(struct ping *ping)
{
    transfer_free(ping->transfer);
    buf_wipe(&ping->url);
    mem_free(ping);
}

struct ping *ping_start(
    struct net *net, const char *url, const char *word, const char *proxy)
{
    struct ping *ping = mem_calloc(1, sizeof *ping);
    struct error err;
    const char *why;

    if (!ping) {
        log_info("no ping: out of memory");
        return NULL;
    }
    ping->net = net;
    bool ok = (url_read(url, &ping->at, &why) ||
                  error_set(&err, ERROR_USAGE, "the URL %s", why)) &&
              (write_url(ping, url, word) || error_memory(&err)) &&
              start(ping, proxy, &err);
    if (ok)
        return ping;
    failed(ping, err.text);
    ping_free(ping);
    return NULL;
}

/* No signal is looked at: this ends by itself, or when the run is late. */
void ping_finish(struct ping *ping)
{
    if (!ping)
        return;
    net_watch(ping->net, -1);
    while (!ping->ended && !watchdog_is_late()) {
        net_poll(ping->net, TURN_MS);
        net_turn(ping->net);
    }
    ping_free(ping);
}

void ping_end(const char *url, int exit_code, const char *proxy)
{
    struct error err;
    struct net *net = net_open(&err);
    char word[16] = "";

    if (!net) {
        log_info("no ping: %s", err.text);
        return;
    }
    if (exit_code)
        snprintf(word, sizeof word, "%d", exit_code);
    ping_finish(ping_start(net, url, word, proxy));
    net_close(net);
}
