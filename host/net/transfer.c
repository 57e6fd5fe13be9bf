#include "net/transfer.h"

#include "base/clock.h"
#include "base/mem.h"
#include "net/multi.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    HEAD_MAX = 256 * 1024,  // bytes of one reply's headers
    CONNECTION_AGE_S = 4,   // an idle connection is not used after this
    LOW_SPEED_BYTES = 1,    // a peer that drips slower than this …
    LOW_SPEED_SECONDS = 60, // … for so long is gone
};

struct transfer {
    struct net *net;          // borrows
    CURL *easy;               // owns
    struct curl_slist *extra; // owns: the request's headers
    struct transfer_reply reply;
    char error[CURL_ERROR_SIZE];
    void (*done)(struct transfer *t, void *arg);
    void *arg;
    int64_t started_ms;
    size_t body_max;
    int save_fd;
    int save_errno;
    bool writes;
    bool posts; // libcurl asks stdin for the body of a POST that has none
    bool running;
    bool head_ended; // of the latest head
    bool too_large;
    bool stale; // the gate found unread input
};

static bool may_write(const struct net *net)
{
    return !net->may_write || net->may_write(net->may_write_arg);
}

/* The gate: see transfer.h. libcurl's documentation of
 * CURLOPT_PREREQFUNCTION: "called … when a connection has been established,
 * but before a request has been issued". */
static int gate(
    void *arg, char *remote_ip, char *local_ip, int remote_port, int port)
{
    struct transfer *t = arg;

    (void)remote_ip, (void)local_ip, (void)remote_port;
    enum socket_look look = socket_table_look(&t->net->sockets, port);
    if (t->writes && t->reply.sent)
        return CURL_PREREQFUNC_ABORT;
    if (t->writes && !may_write(t->net))
        return CURL_PREREQFUNC_ABORT;
    t->stale = t->writes && (look == SOCKET_STALE || look == SOCKET_LOST);
    if (t->stale)
        return CURL_PREREQFUNC_ABORT;
    t->reply.sent = true;
    return CURL_PREREQFUNC_OK;
}

static curl_socket_t open_socket(
    void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct net *net = arg;

    (void)purpose;
    int fd = socket(
        address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (fd >= 0 && !socket_table_add(&net->sockets, fd)) {
        close(fd);
        fd = -1;
    }
    return fd < 0 ? CURL_SOCKET_BAD : fd;
}

static int close_socket(void *arg, curl_socket_t fd)
{
    struct net *net = arg;

    socket_table_remove(&net->sockets, fd);
    return close(fd);
}

static bool starts_with(const char *bytes, size_t len, const char *prefix)
{
    size_t n = strlen(prefix);

    return len >= n && memcmp(bytes, prefix, n) == 0;
}

/* Interim replies (1xx) have a head each: the last one counts. What comes
 * after a head's end is a trailer, and is dropped. */
static size_t on_header(char *bytes, size_t one, size_t len, void *arg)
{
    struct transfer *t = arg;

    if (starts_with(bytes, len, "HTTP/")) {
        buf_clear(&t->reply.head);
        t->head_ended = false;
        return len * one;
    }
    if (t->head_ended)
        return len * one;
    if (len <= 2 && (len == 0 || bytes[0] == '\r' || bytes[0] == '\n')) {
        t->head_ended = true;
        return len * one;
    }
    if (t->reply.head.len + len > HEAD_MAX) {
        t->too_large = true;
        return 0;
    }
    return buf_add(&t->reply.head, bytes, len) ? len * one : 0;
}

static bool save(struct transfer *t, const char *bytes, size_t len)
{
    t->reply.saved += (int64_t)len;
    while (len) {
        ssize_t n = write(t->save_fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            t->save_errno = errno;
            return false;
        }
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

static bool is_2xx(CURL *easy)
{
    long status = 0;

    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return status >= 200 && status <= 299;
}

static size_t on_body(char *bytes, size_t one, size_t len, void *arg)
{
    struct transfer *t = arg;

    if (t->save_fd >= 0 && is_2xx(t->easy))
        return save(t, bytes, len) ? len * one : 0;
    if (t->reply.body.len + len > t->body_max) {
        t->too_large = true;
        return 0;
    }
    return buf_add(&t->reply.body, bytes, len) ? len * one : 0;
}

/* The same for every transfer and for its whole life. */
static const struct {
    CURLoption option;
    long value;
} fixed[] = {
    {CURLOPT_NOSIGNAL, 1},
    {CURLOPT_FOLLOWLOCATION, 0},
    {CURLOPT_NETRC, CURL_NETRC_IGNORED},
    {CURLOPT_PATH_AS_IS, 1},
    {CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
    {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
    {CURLOPT_SSL_VERIFYPEER, 1},
    {CURLOPT_SSL_VERIFYHOST, 2},
    {CURLOPT_MAXAGE_CONN, CONNECTION_AGE_S},
    {CURLOPT_LOW_SPEED_LIMIT, LOW_SPEED_BYTES},
    {CURLOPT_LOW_SPEED_TIME, LOW_SPEED_SECONDS},
};

/* Options may fail for want of memory only; one that is lost could be the
 * gate, so all count. */
struct setting {
    CURL *easy;
    CURLcode code;
};

static void set_long(struct setting *s, CURLoption option, long value)
{
    if (!s->code)
        s->code = curl_easy_setopt(s->easy, option, value);
}

static void set_pointer(struct setting *s, CURLoption option, const void *p)
{
    if (!s->code)
        s->code = curl_easy_setopt(s->easy, option, p);
}

static bool set_fixed(struct transfer *t)
{
    struct setting s = {.easy = t->easy};

    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        set_long(&s, fixed[i].option, fixed[i].value);
    set_pointer(&s, CURLOPT_PRIVATE, t);
    set_pointer(&s, CURLOPT_ERRORBUFFER, t->error);
    set_pointer(&s, CURLOPT_HEADERDATA, t);
    set_pointer(&s, CURLOPT_WRITEDATA, t);
    set_pointer(&s, CURLOPT_PREREQDATA, t);
    set_pointer(&s, CURLOPT_OPENSOCKETDATA, t->net);
    set_pointer(&s, CURLOPT_CLOSESOCKETDATA, t->net);
    if (!s.code)
        s.code = curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, on_header);
    if (!s.code)
        s.code = curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_body);
    if (!s.code)
        s.code = curl_easy_setopt(t->easy, CURLOPT_PREREQFUNCTION, gate);
    if (!s.code)
        s.code =
            curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    if (!s.code)
        s.code = curl_easy_setopt(
            t->easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    return s.code == CURLE_OK;
}

struct transfer *transfer_new(struct net *net)
{
    struct transfer *t = mem_calloc(1, sizeof *t);

    if (!t)
        return NULL;
    t->net = net;
    t->save_fd = -1;
    t->easy = curl_easy_init();
    if (!t->easy || !set_fixed(t)) {
        transfer_free(t);
        return NULL;
    }
    return t;
}

static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

/* A header takes effect as it stands, so a line end inside would be another
 * header. "Expect:" without a value keeps libcurl from adding its own. */
static bool copy_headers(
    struct transfer *t, const char *const *headers, struct error *err)
{
    static const char *const no_expect[] = {"Expect:", NULL};
    const char *const *lists[] = {no_expect, headers, NULL};

    curl_slist_free_all(t->extra);
    t->extra = NULL;
    for (size_t i = 0; lists[i]; i++)
        for (const char *const *h = lists[i]; *h; h++) {
            if (has_control(*h))
                return error_set(err, ERROR_OTHER,
                    "a header with a control character was refused");
            struct curl_slist *longer = curl_slist_append(t->extra, *h);
            if (!longer)
                return error_memory(err);
            t->extra = longer;
        }
    return true;
}

static void set_protocols(struct setting *s)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    set_pointer(s, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    set_long(s, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
}

static void set_method(struct setting *s, const char *method)
{
    bool head = strcmp(method, "HEAD") == 0;
    bool post = strcmp(method, "POST") == 0;

    set_long(s, CURLOPT_NOBODY, head);
    if (!head)
        set_long(s, post ? CURLOPT_POST : CURLOPT_HTTPGET, 1);
    set_pointer(s, CURLOPT_CUSTOMREQUEST, head || post ? NULL : method);
}

bool transfer_prepare(
    struct transfer *t, const struct transfer_request *req, struct error *err)
{
    struct setting s = {.easy = t->easy};

    if (!copy_headers(t, req->headers, err))
        return false;
    t->writes = req->writes;
    t->posts = strcmp(req->method, "POST") == 0;
    t->body_max = req->body_max;
    t->save_fd = req->save_fd;
    set_method(&s, req->method);
    set_protocols(&s);
    set_pointer(&s, CURLOPT_HTTPHEADER, t->extra);
    set_long(&s, CURLOPT_HTTP_VERSION,
        req->writes ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS);
    set_long(&s, CURLOPT_TIMEOUT_MS, req->timeout_ms);
    set_long(&s, CURLOPT_CONNECTTIMEOUT_MS, req->connect_timeout_ms);
    set_pointer(&s, CURLOPT_PROXY, req->proxy ? req->proxy : "");
    if (req->ca_file)
        set_pointer(&s, CURLOPT_CAINFO, req->ca_file);
    set_pointer(&s, CURLOPT_SSLCERT, req->client_cert);
    set_pointer(&s, CURLOPT_SSLKEY, req->client_key);
    if (s.code)
        return error_set(
            err, ERROR_OTHER, "libcurl: %s", curl_easy_strerror(s.code));
    return true;
}

bool transfer_aim(struct transfer *t, const char *url, const char *body,
    size_t body_len, struct error *err)
{
    struct setting s = {.easy = t->easy};

    if (has_control(url))
        return error_set(err, ERROR_OTHER, "a control character in the URL");
    set_pointer(&s, CURLOPT_URL, url);
    if (!body && t->posts)
        body = "";
    if (body) {
        if (!s.code)
            s.code = curl_easy_setopt(
                t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body_len);
        set_pointer(&s, CURLOPT_POSTFIELDS, body);
    }
    return !s.code || error_memory(err);
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
    t->head_ended = t->too_large = t->stale = false;
    t->save_errno = 0;
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
    return true;
}

void transfer_stop(struct transfer *t)
{
    if (!t->running)
        return;
    curl_multi_remove_handle(t->net->multi, t->easy);
    t->running = false;
    t->net->started--;
}

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
};

static const char *kind_of(const struct transfer *t, CURLcode code)
{
    if (!code)
        return "";
    if (t->too_large)
        return "toolarge";
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return "reset";
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].code == code)
            return kinds[i].kind;
    return "protocol";
}

static const char *words_of(const struct transfer *t, CURLcode code)
{
    if (!code)
        return "";
    if (t->too_large)
        return "the reply is too large";
    if (t->save_errno)
        return strerror(t->save_errno);
    if (t->stale)
        return "the connection held an unread reply or was being closed";
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return "the connection broke before a reply came";
    return t->error[0] ? t->error : curl_easy_strerror(code);
}

void transfer_ended(struct transfer *t, CURLcode code)
{
    long status = 0;

    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    transfer_stop(t);
    t->reply.curl = (int)code;
    t->reply.status = (int)status;
    t->reply.complete = code == CURLE_OK && t->head_ended;
    t->reply.kind = kind_of(t, code);
    t->reply.error = words_of(t, code);
    t->reply.ms = clock_monotonic_ms() - t->started_ms;
    t->done(t, t->arg);
}

const struct transfer_reply *transfer_reply(const struct transfer *t)
{
    return &t->reply;
}

/* ASCII alone: the locale must not decide what a header's name is. */
static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool name_is(const char *line, size_t len, const char *name)
{
    size_t n = strlen(name);

    if (len <= n || line[n] != ':')
        return false;
    for (size_t i = 0; i < n; i++)
        if (lower(line[i]) != name[i])
            return false;
    return true;
}

bool transfer_header(const struct transfer_reply *reply, const char *name,
    const char **value, size_t *len)
{
    const char *line = buf_text(&reply->head);
    const char *end = line + reply->head.len;
    bool found = false;

    while (line < end) {
        const char *eol = memchr(line, '\n', (size_t)(end - line));
        const char *stop = eol ? eol : end;
        if (name_is(line, (size_t)(stop - line), name)) {
            const char *from = line + strlen(name) + 1;
            while (from < stop && (*from == ' ' || *from == '\t'))
                from++;
            const char *to = stop;
            while (to > from && (to[-1] == '\r' || to[-1] == ' '))
                to--;
            *value = from;
            *len = (size_t)(to - from);
            found = true;
        }
        line = stop + 1;
    }
    return found;
}

void transfer_free(struct transfer *t)
{
    if (!t)
        return;
    transfer_stop(t);
    curl_easy_cleanup(t->easy);
    curl_slist_free_all(t->extra);
    buf_free(&t->reply.head);
    buf_free(&t->reply.body);
    mem_free(t);
}
