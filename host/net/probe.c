#include "net/probe.h"

#include "net/multi.h"
#include "json/json.h"

#include <stdio.h>
#include <string.h>

enum { REPLY_MAX = 1 << 20, POLL_MS = 1000 };

struct probing {
    const struct probe_request *request;
    struct probe *probe;
    bool ended;
};

/* libcurl tells the version of TLS in words alone: "SSL connection using
 * TLSv1.3 / TLS_AES_256_GCM_SHA384". */
static int hear(
    CURL *easy, curl_infotype type, char *text, size_t len, void *arg)
{
    static const char begin[] = "SSL connection using ";
    struct probe *probe = arg;
    char version[8];
    char line[80];

    (void)easy;
    if (type != CURLINFO_TEXT || len < sizeof begin ||
        memcmp(text, begin, sizeof begin - 1) != 0)
        return 0;
    snprintf(line, sizeof line, "%.*s", (int)(len - sizeof begin + 1),
        text + sizeof begin - 1);
    if (sscanf(line, "TLSv%7[0-9.]", version) == 1 ||
        sscanf(line, "TLS%7[0-9.]", version) == 1)
        snprintf(probe->tls, sizeof probe->tls, "TLS %s", version);
    return 0;
}

static int64_t date_of(const char *text)
{
    time_t at = curl_getdate(text, NULL);

    return at < 0 ? 0 : (int64_t)at;
}

/* "Start date:Nov 26 15:00:00 2026 GMT" and "Expire date:…" of the first
 * certificate, which is the host's own. */
static void read_certificate(CURL *easy, struct probe *probe)
{
    struct curl_certinfo *chain = NULL;

    if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &chain) || !chain ||
        chain->num_of_certs < 1)
        return;
    for (struct curl_slist *at = chain->certinfo[0]; at; at = at->next) {
        if (strncmp(at->data, "Start date:", 11) == 0)
            probe->good_from = date_of(at->data + 11);
        else if (strncmp(at->data, "Expire date:", 12) == 0)
            probe->good_until = date_of(at->data + 12);
    }
}

static void read_reply(struct transfer *t, struct probe *probe)
{
    const struct transfer_reply *reply = transfer_reply(t);
    struct json_value value;
    struct error ignored;

    probe->kind = reply->kind;
    snprintf(probe->words, sizeof probe->words, "%s", reply->error);
    probe->sent = reply->sent;
    probe->status = reply->status;
    probe->ms = reply->ms;
    probe->json =
        json_parse(buf_text(&reply->body), reply->body.len, &value, &ignored);
    probe->dated = transfer_ahead(reply, &probe->ahead_ms);
    read_certificate(t->easy, probe);
}

static void asked(struct transfer *t, void *arg)
{
    struct probing *probing = arg;

    read_reply(t, probing->probe);
    probing->ended = true;
}

/* Whatever the certificate is worth: it is only looked at. */
static void looked(struct transfer *t, void *arg)
{
    struct probing *probing = arg;

    read_certificate(t->easy, probing->probe);
    probing->ended = true;
}

static bool prepare(
    struct transfer *t, const struct probing *probing, struct error *err)
{
    static const char *const headers[] = {"Accept: application/json", NULL};
    const struct probe_request *from = probing->request;
    struct transfer_request request = {.method = "GET",
        .headers = headers,
        .route = from->route,
        .body_max = REPLY_MAX,
        .save_fd = -1};

    if (!transfer_prepare(t, &request, err) ||
        !transfer_aim(t, from->url, NULL, 0, err))
        return false;
    if (curl_easy_setopt(t->easy, CURLOPT_CERTINFO, 1L) ||
        curl_easy_setopt(t->easy, CURLOPT_DEBUGFUNCTION, hear) ||
        curl_easy_setopt(t->easy, CURLOPT_DEBUGDATA, probing->probe) ||
        curl_easy_setopt(t->easy, CURLOPT_VERBOSE, 1L))
        return error_memory(err);
    return true;
}

/* "when this option is set to one, the library performs all the required
 * proxy authentication and connection setup, but no data transfer, and then
 * returns": CURLOPT_CONNECT_ONLY. */
static bool prepare_look(struct transfer *t, struct error *err)
{
    return (!curl_easy_setopt(t->easy, CURLOPT_CONNECT_ONLY, 1L) &&
               !curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYPEER, 0L) &&
               !curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYHOST, 0L)) ||
           error_memory(err);
}

static bool go(
    struct net *net, struct probing *probing, bool look_only, struct error *err)
{
    struct transfer *t = transfer_new(net);
    bool ok = t ? prepare(t, probing, err) : error_memory(err);

    if (ok && look_only)
        ok = prepare_look(t, err);
    probing->ended = false;
    ok = ok && transfer_start(t, look_only ? looked : asked, probing, err);
    while (ok && !probing->ended) {
        net_poll(net, POLL_MS);
        net_turn(net);
    }
    transfer_free(t);
    return ok;
}

bool probe_host(
    const struct probe_request *request, struct probe *probe, struct error *err)
{
    struct probing probing = {request, probe, false};
    struct net *net = net_open(err);

    *probe = (struct probe){.kind = ""};
    if (!net)
        return false;
    bool ok = go(net, &probing, false, err);
    if (ok && strcmp(probe->kind, "tls") == 0)
        ok = go(net, &probing, true, err);
    net_close(net);
    return ok;
}
