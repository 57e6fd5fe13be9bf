/* What libcurl is told about a transfer. Nothing that could change where the
 * token goes, or who can read it, is left to its defaults. */
#include "base/ascii.h"
#include "net/destination.h"
#include "net/multi.h"

#include <string.h>

enum {
    CONNECTION_AGE_S = 4,   // an idle connection is not used after this
    LOW_SPEED_BYTES = 1,    // a peer that drips slower than this …
    LOW_SPEED_SECONDS = 60, // … for so long is gone
    /* libcurl has a new buffer for each transfer and wiped_heap wipes it: one
     * that holds the reply to a write, and the usual one for what is read. */
    WRITE_REPLY_BYTES = 2048,
    READ_BYTES = CURL_MAX_WRITE_SIZE,
};

static const struct {
    CURLoption option;
    long value;
} fixed[] = {
    {CURLOPT_NOSIGNAL, 1}, {CURLOPT_FOLLOWLOCATION, 0},
    {CURLOPT_NETRC, CURL_NETRC_IGNORED}, {CURLOPT_PATH_AS_IS, 1},
    {CURLOPT_HTTP09_ALLOWED, 0}, {CURLOPT_HTTP_CONTENT_DECODING, 0},
    {CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
    {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2}, {CURLOPT_SSL_VERIFYPEER, 1},
    {CURLOPT_SSL_VERIFYHOST, 2},
    {CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
    {CURLOPT_PROXY_SSL_VERIFYPEER, 1}, {CURLOPT_PROXY_SSL_VERIFYHOST, 2},
    {CURLOPT_HEADEROPT, CURLHEADER_SEPARATE}, // a proxy gets none of ours
    {CURLOPT_MAXAGE_CONN, CONNECTION_AGE_S},
    {CURLOPT_LOW_SPEED_LIMIT, LOW_SPEED_BYTES},
#if LIBCURL_VERSION_NUM >= 0x075700
    {CURLOPT_QUICK_EXIT, 1}, // waits for no name server that hangs
#endif
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

/* libcurl's macro wants to see each function with its option. */
#define set_function(s, option, function)                                      \
    ((s)->code = (s)->code ? (s)->code                                         \
                           : curl_easy_setopt((s)->easy, option, function))

bool transfer_set_fixed(struct transfer *t)
{
    struct setting s = {.easy = t->easy};

    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        set_long(&s, fixed[i].option, fixed[i].value);
    set_pointer(&s, CURLOPT_PRIVATE, t);
    set_pointer(&s, CURLOPT_ERRORBUFFER, t->error);
    set_pointer(&s, CURLOPT_HEADERDATA, t);
    set_pointer(&s, CURLOPT_WRITEDATA, t);
    set_pointer(&s, CURLOPT_PREREQDATA, t);
    set_pointer(&s, CURLOPT_XFERINFODATA, t);
    set_pointer(&s, CURLOPT_OPENSOCKETDATA, t);
    set_pointer(&s, CURLOPT_CLOSESOCKETDATA, t->net);
    set_function(&s, CURLOPT_HEADERFUNCTION, transfer_receive_head);
    set_function(&s, CURLOPT_WRITEFUNCTION, transfer_receive_body);
    set_function(&s, CURLOPT_XFERINFOFUNCTION, transfer_look);
    set_function(&s, CURLOPT_PREREQFUNCTION, gate_pass);
    set_function(&s, CURLOPT_OPENSOCKETFUNCTION, gate_open_socket);
    set_function(&s, CURLOPT_CLOSESOCKETFUNCTION, gate_close_socket);
    if (!s.code)
        s.code = transfer_set_names(t->easy);
    return s.code == CURLE_OK;
}

/* What would end a line of the request, or hide in one. */
static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

static bool is_blank_or_control(const char *text)
{
    return has_control(text) || strchr(text, ' ');
}

/* In capital letters; libcurl makes a tunnel for one, and a server shows the
 * whole request for the other. */
static bool is_method(const char *text)
{
    static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    return text[0] && text[strspn(text, capitals)] == '\0' &&
           strcmp(text, "CONNECT") != 0 && strcmp(text, "TRACE") != 0;
}

/* curl_slist_free_all leaves the texts in the heap. */
void transfer_drop_headers(struct transfer *t)
{
    for (struct curl_slist *h = t->extra; h; h = h->next)
        explicit_bzero(h->data, strlen(h->data));
    curl_slist_free_all(t->extra);
    t->extra = NULL;
}

/* A header takes effect as it stands, so a line end inside would be another
 * header. */
static bool add_header(struct transfer *t, const char *line, struct error *err)
{
    if (has_control(line))
        return error_set(
            err, ERROR_OTHER, "a header with a control character was refused");
    struct curl_slist *longer = curl_slist_append(t->extra, line);
    if (!longer)
        return error_memory(err);
    t->extra = longer;
    return true;
}

/* The one place where the token becomes part of a request. */
static bool add_token(struct transfer *t, const char *token, struct error *err)
{
    static const char name[] = "Authorization: Token ";
    struct buf line = {0};
    bool ok = (buf_reserve(&line, sizeof name + strlen(token)) &&
                  buf_puts(&line, name) && buf_puts(&line, token)) ||
              error_memory(err);

    ok = ok && add_header(t, buf_text(&line), err);
    buf_wipe(&line);
    return ok;
}

/* "User-Agent: x", or without a value "User-Agent:" and "User-Agent;". */
static bool names_agent(const char *line)
{
    static const char name[] = "user-agent";
    char behind = ascii_begins(line, name) ? line[strlen(name)] : '\0';

    return behind == ':' || behind == ';';
}

/* "Expect:" without a value keeps libcurl from adding its own. Whoever says
 * nothing else is omnitron. */
static bool copy_headers(
    struct transfer *t, const struct transfer_request *req, struct error *err)
{
    bool named = false;

    transfer_drop_headers(t);
    bool ok = add_header(t, "Expect:", err) &&
              (!req->token || add_token(t, req->token, err));
    for (const char *const *h = req->headers; ok && *h; h++) {
        named |= names_agent(*h);
        ok = add_header(t, *h, err);
    }
    return ok && (named || add_header(t, "User-Agent: omnitron", err));
}

/* Where it may go, before there is anything on it that must not go elsewhere.
 */
static bool bind_to(
    struct transfer *t, const struct transfer_request *req, struct error *err)
{
    curl_url_cleanup(t->only);
    t->only = NULL;
    t->only_api = req->only_api;
    t->never = req->never;
    t->from_outside = req->from_outside;
    if (req->only_origin)
        t->only = destination_read(req->only_origin, err);
    return !req->only_origin || t->only;
}

static void set_protocols(struct setting *s, const char *protocol)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    set_pointer(s, CURLOPT_PROTOCOLS_STR, protocol ? protocol : "http,https");
#else
    long mask = CURLPROTO_HTTP | CURLPROTO_HTTPS;
    if (protocol)
        mask = strcmp(protocol, "ftp") == 0 ? CURLPROTO_FTP : CURLPROTO_SFTP;
    set_long(s, CURLOPT_PROTOCOLS, mask);
#endif
}

/* A stream may take as long as it likes, but not be silent; the time in which
 * nobody drains it libcurl does not count. */
static void set_times(struct setting *s, const struct transfer_request *req)
{
    long silent_s = (req->route.timeout_ms + 999) / 1000;

    set_long(s, CURLOPT_TIMEOUT_MS, req->arrived ? 0 : req->route.timeout_ms);
    set_long(
        s, CURLOPT_LOW_SPEED_TIME, req->arrived ? silent_s : LOW_SPEED_SECONDS);
    set_long(s, CURLOPT_CONNECTTIMEOUT_MS, req->route.connect_timeout_ms);
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

/* What libcurl would take for another request, or for no limit. */
static const char *flaw(const struct transfer_request *req)
{
    if (!is_method(req->method))
        return "the method is no word in capital letters that may be sent";
    if (req->token && !(req->only_origin && req->only_api))
        return "a token without a place that it is for";
    if (req->route.proxy && is_blank_or_control(req->route.proxy))
        return "the proxy has a space or a control character in it";
    if (req->protocol && (req->writes || strcmp(req->method, "GET") != 0))
        return "a file can only be downloaded";
    if (req->route.timeout_ms < 1 || req->route.connect_timeout_ms < 1)
        return "a request must have its time-outs";
    return NULL;
}

bool transfer_prepare(
    struct transfer *t, const struct transfer_request *req, struct error *err)
{
    struct setting s = {.easy = t->easy};
    const char *why = flaw(req);

    if (why)
        return error_set(err, ERROR_OTHER, "%s", why);
    if (!transfer_take_fixed(t, req, err) || !bind_to(t, req, err) ||
        !copy_headers(t, req, err))
        return false;
    t->writes = req->writes;
    t->counts = req->writes && !req->harmless;
    t->posts = strcmp(req->method, "POST") == 0;
    t->reads =
        strcmp(req->method, "GET") == 0 || strcmp(req->method, "HEAD") == 0;
    t->body_max = req->body_max;
    t->save_fd = req->save_fd;
    t->arrived = req->arrived;
    t->packed = req->packed;
    t->web = req->protocol == NULL;
    set_method(&s, req->method);
    set_protocols(&s, req->protocol);
    set_pointer(&s, CURLOPT_HTTPHEADER, t->extra);
    set_long(&s, CURLOPT_HTTP_VERSION,
        req->writes || req->arrived ? CURL_HTTP_VERSION_1_1
                                    : CURL_HTTP_VERSION_2TLS);
    set_long(
        &s, CURLOPT_BUFFERSIZE, req->writes ? WRITE_REPLY_BYTES : READ_BYTES);
    set_times(&s, req);
    set_pointer(&s, CURLOPT_ACCEPT_ENCODING, req->packed ? "gzip" : NULL);
    set_pointer(&s, CURLOPT_PROXY, req->route.proxy ? req->route.proxy : "");
    set_long(&s, CURLOPT_NOPROGRESS, req->route.proxy == NULL);
    if (req->protocol && !s.code)
        s.code = transfer_set_file(t, req);
    if (s.code)
        return error_set(
            err, ERROR_OTHER, "libcurl: %s", curl_easy_strerror(s.code));
    return transfer_set_trust(t, req, err);
}
