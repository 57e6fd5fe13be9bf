#include "net/transfer.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/address.h"
#include "net/multi.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct transfer *transfer_new(struct net *net)
{
    struct transfer *t = mem_calloc(1, sizeof *t);

    if (!t)
        return NULL;
    t->net = net;
    t->save_fd = -1;
    memset(t->copies, -1, sizeof t->copies);
    t->easy = curl_easy_init();
    if (!t->easy || !transfer_set_fixed(t)) {
        transfer_free(t);
        return NULL;
    }
    return t;
}

static void forget_reply(struct transfer *t)
{
    buf_clear(&t->reply.head);
    buf_clear(&t->reply.body);
    t->reply = (struct transfer_reply){.head = t->reply.head,
        .body = t->reply.body,
        .error = t->error,
        .kind = ""};
    t->error[0] = '\0';
    t->head_ended = t->too_large = t->stale = t->paused = false;
    t->kept_outside = false;
    t->unpack_failed = false;
    transfer_drop_unpack(t);
    t->full = t->waits_for_room = false;
    t->save_errno = 0;
    t->received = 0;
}

bool transfer_start(struct transfer *t,
    void (*done)(struct transfer *t, void *arg), void *arg, struct error *err)
{
    forget_reply(t);
    t->done = done;
    t->arg = arg;
    t->started_ms = clock_monotonic_ms();
    CURLMcode code = curl_multi_add_handle(t->net->multi, t->easy);
    if (code)
        return error_set(
            err, ERROR_OTHER, "libcurl: %s", curl_multi_strerror(code));
    t->running = true;
    t->net->started++;
    t->net->writing += t->counts;
    return true;
}

static void stop(struct transfer *t)
{
    if (!t->running)
        return;
    transfer_forget_wait(t);
    curl_multi_remove_handle(t->net->multi, t->easy);
    t->running = false;
    t->net->started--;
    t->net->writing -= t->counts;
}

/* Its query may hold what nobody else should read. */
void transfer_give_up(struct transfer *t)
{
    const char *method = NULL, *url = NULL;

    if (!t)
        return;
    curl_easy_getinfo(t->easy, CURLINFO_EFFECTIVE_METHOD, &method);
    curl_easy_getinfo(t->easy, CURLINFO_EFFECTIVE_URL, &url);
    if (t->running && t->counts && t->reply.sent && method && url)
        log_warn("%s %.*s was under way; whether it was received is not known",
            method, (int)strcspn(url, "?#"), url);
    stop(t);
}

/* CURLE_TOO_LARGE, which libcurl has from 8.6 on: a head has more lines than it
 * takes. */
enum { TOO_LARGE = 100 };

static const struct {
    CURLcode code;
    const char *kind;
} kinds[] = {
    {CURLE_COULDNT_RESOLVE_HOST, "dns"},
    {CURLE_COULDNT_RESOLVE_PROXY, "dns"},
    {CURLE_COULDNT_CONNECT, "connect"},
    {CURLE_PROXY, "connect"},
    {CURLE_SSL_CONNECT_ERROR, "tls"},
    {CURLE_PEER_FAILED_VERIFICATION, "tls"},
    {CURLE_SSL_CERTPROBLEM, "tls"},
    {CURLE_SSL_CACERT_BADFILE, "tls"},
    {CURLE_SSL_CIPHER, "tls"},
    {CURLE_SSL_ISSUER_ERROR, "tls"},
    {CURLE_OPERATION_TIMEDOUT, "timeout"},
    {CURLE_SEND_ERROR, "reset"},
    {CURLE_RECV_ERROR, "reset"},
    {CURLE_GOT_NOTHING, "reset"},
    {CURLE_PARTIAL_FILE, "reset"},
    {CURLE_FILESIZE_EXCEEDED, "toolarge"},
    {(CURLcode)TOO_LARGE, "toolarge"},
};

static const char *kind_of(const struct transfer *t, CURLcode code)
{
    if (!code)
        return "";
    if (t->too_large)
        return "toolarge";
    if (t->kept_outside)
        return "protocol";
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return "reset";
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].code == code)
            return kinds[i].kind;
    return "protocol";
}

/* Of a time that is over: until when nothing, or not all, had come. */
static const char *late_words(struct transfer *t)
{
    long long s = (clock_monotonic_ms() - t->started_ms + 500) / 1000;
    bool begun = t->reply.head.len > 0;

    snprintf(t->error, sizeof t->error, "%s %lld s",
        !t->reply.sent ? "no connection within"
        : begun        ? "the reply was not whole after"
                       : "no answer within",
        s);
    return t->error;
}

/* Ours, for what is common; NULL: none. libcurl's are about its inside:
 * "Connection died, tried 5 times before giving up" is of one request, which
 * the gate let past once. */
static const char *plain_words(struct transfer *t, CURLcode code)
{
    long number = 0;

    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return "the name is not known";
    case CURLE_COULDNT_RESOLVE_PROXY:
        return "the proxy's name is not known";
    case CURLE_COULDNT_CONNECT:
        curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &number);
        return number == ECONNREFUSED
                   ? "nobody listens there (connection refused)"
                   : NULL;
    case CURLE_OPERATION_TIMEDOUT:
        return late_words(t);
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
        if (!t->reply.sent) // a proxy's refusal is one of them
            return NULL;
        return t->reply.head.len ? "the connection broke in the reply"
                                 : "the connection broke before a reply came";
    default:
        return NULL;
    }
}

static const char *lacks_names(struct transfer *t)
{
    char *host = NULL;

    curl_url_get(t->url, CURLUPART_HOST, &host, 0);
    snprintf(t->error, sizeof t->error,
        "the certificate of %.150s (or of a proxy) has no subjectAltName, only "
        "a CN: it needs a new one",
        host ? host : "the host");
    curl_free(host);
    return t->error;
}

static const char *too_large_words(struct transfer *t)
{
    snprintf(t->error, sizeof t->error, "the reply is too large%s",
        t->body_max >= 64 << 20 ? " (more than 64 MiB)" : "");
    return t->error;
}

static const char *words_of(struct transfer *t, CURLcode code)
{
    const char *ours = NULL;

    if (!code)
        return "";
    if (t->full)
        return transfer_full_words(t);
    if (t->too_large)
        return t->reply.sent ? too_large_words(t)
                             : "the proxy's answer to CONNECT is too large";
    if (t->save_errno)
        return strerror(t->save_errno);
    if (t->unpack_failed)
        return "the reply is not what was compressed";
    if (transfer_was_cut(t) && !t->error[0])
        return "the compressed reply was cut";
    if (t->kept_outside)
        return "it was redirected to an address of this machine or of a "
               "network around it, which is not followed";
    if (transfer_lacks_names(t, code))
        return lacks_names(t);
    if (t->stale)
        return "the connection held an unread reply or was being closed";
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return "the connection broke before a reply came";
    if (t->web)
        ours = plain_words(t, code);
    if (ours)
        return ours;
    return t->error[0] ? t->error : curl_easy_strerror(code);
}

/* Without what it took to connect. */
static int64_t wait_of(struct transfer *t)
{
    curl_off_t sent = 0, reply = 0;

    curl_easy_getinfo(t->easy, CURLINFO_PRETRANSFER_TIME_T, &sent);
    curl_easy_getinfo(t->easy, CURLINFO_STARTTRANSFER_TIME_T, &reply);
    return reply > sent ? (int64_t)(reply - sent) : 0;
}

void transfer_ended(struct transfer *t, CURLcode code)
{
    long status = 0;

    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    t->reply.wait_us = wait_of(t);
    stop(t);
    if (!code && transfer_was_cut(t))
        code = CURLE_PARTIAL_FILE;
    if (!t->web)
        status = transfer_file_status(code);
    t->reply.curl = !t->web && status ? 0 : (int)code;
    t->reply.status = (int)status;
    t->reply.complete = !t->reply.curl && (t->head_ended || !t->web);
    t->reply.kind = kind_of(t, code);
    t->reply.error = words_of(t, code);
    t->reply.ms = clock_monotonic_ms() - t->started_ms;
    t->done(t, t->arg);
}

bool transfer_was_inside(const struct transfer *t)
{
    const char *address = NULL;

    curl_easy_getinfo(t->easy, CURLINFO_PRIMARY_IP, &address);
    return !address || address_text_is_inside(address);
}

/* libcurl's documentation of curl_easy_pause: "the write callback might get
 * called before this function returns". */
bool transfer_drain(struct transfer *t)
{
    buf_clear(&t->reply.body);
    if (!t->paused || !t->running)
        return true;
    t->paused = false;
    return curl_easy_pause(t->easy, CURLPAUSE_CONT) == CURLE_OK;
}

const struct transfer_reply *transfer_reply(const struct transfer *t)
{
    return &t->reply;
}

void transfer_free(struct transfer *t)
{
    if (!t)
        return;
    stop(t);
    curl_easy_cleanup(t->easy);
    curl_url_cleanup(t->url);
    curl_url_cleanup(t->only);
    transfer_drop_headers(t);
    transfer_drop_unpack(t);
    transfer_drop_copies(t);
    transfer_give_all(t);
    buf_wipe(&t->reply.head);
    buf_wipe(&t->reply.body); // of a log-in: the key
    mem_free(t);
}
