#include "delivery/request.h"

#include "base/mem.h"
#include "delivery/wire.h"
#include "net/transfer.h"
#include "json/json.h"

#include <string.h>

enum {
    REPLY_MAX = 1 << 20,
    STARTS_MAX = 3, // of one visit, when a kept connection was closing
};

struct request {
    struct request_options options;
    struct transfer *transfer; // owns
    struct buf url, body;      // the body holds a secret
    request_done *done;
    void *arg;
    int starts;
};

struct request_options request_options_of(
    const struct profile *profile, const char *origin)
{
    return (struct request_options){.origin = origin,
        .prefix = profile->prefix,
        .path = profile->first_look,
        .route = profile->route};
}

struct request *request_new(
    struct net *net, const struct request_options *options, struct error *err)
{
    struct request *visit = mem_calloc(1, sizeof *visit);

    if (visit) {
        visit->options = *options;
        visit->transfer = transfer_new(net);
    }
    if (visit && visit->transfer)
        return visit;
    request_free(visit);
    error_memory(err);
    return NULL;
}

static void fail(struct request *visit, const struct error *err)
{
    struct wire_reply reply = {.error = err->text, .body = ""};

    visit->done(visit->arg, &reply);
}

static void ended(struct transfer *t, void *arg)
{
    struct request *visit = arg;
    const struct transfer_reply *got = transfer_reply(t);
    struct error err;

    if (!got->sent && strcmp(got->kind, "reset") == 0 &&
        visit->starts++ < STARTS_MAX) {
        if (!transfer_start(t, ended, visit, &err))
            fail(visit, &err);
        return;
    }
    struct wire_reply reply = wire_reply_of(got);
    transfer_ahead(got, &reply.ahead_ms);
    visit->done(visit->arg, &reply);
}

/* The gate stands before it, too: a log-in that libcurl repeats by itself
 * would be one more towards being locked out. */
static bool prepare(struct request *visit, const char *method,
    const char *token, struct error *err)
{
    const char *headers[] = {"Accept: application/json",
        token ? NULL : "Content-Type: application/json", NULL};
    struct transfer_request request = {.method = method,
        .headers = headers,
        .only_origin = visit->options.origin,
        .only_api = true,
        .token = token,
        .writes = true,
        .harmless = true,
        .route = visit->options.route,
        .body_max = REPLY_MAX,
        .save_fd = -1};

    return transfer_prepare(visit->transfer, &request, err);
}

static bool start(struct request *visit, const char *method, const char *token,
    struct error *err)
{
    const struct buf *body = &visit->body;

    visit->starts = 1;
    return prepare(visit, method, token, err) &&
           transfer_aim(visit->transfer, buf_text(&visit->url),
               body->len ? body->data : NULL, body->len, err) &&
           transfer_start(visit->transfer, ended, visit, err);
}

static void begin(struct request *visit, request_done *done, void *arg)
{
    buf_clear(&visit->url);
    buf_wipe(&visit->body);
    visit->done = done;
    visit->arg = arg;
}

void request_look(
    struct request *visit, const char *token, request_done *done, void *arg)
{
    const struct request_options *o = &visit->options;
    struct error err;

    begin(visit, done, arg);
    bool ok = buf_printf(&visit->url, "%s%s", o->origin, o->path) ||
              error_memory(&err);
    if (!ok || !start(visit, "GET", token, &err))
        fail(visit, &err);
}

/* Reserved at once: a buffer that grows leaves copies behind. */
static bool put_login(
    struct buf *out, const char *username, const char *password)
{
    size_t most = 6 * (strlen(username) + strlen(password)) + 40;

    return buf_reserve(out, most) && buf_puts(out, "{\"username\":") &&
           json_put_string(out, username, strlen(username)) &&
           buf_puts(out, ",\"password\":") &&
           json_put_string(out, password, strlen(password)) &&
           buf_putc(out, '}');
}

void request_log_in(struct request *visit, const char *username,
    const char *password, request_done *done, void *arg)
{
    const struct request_options *o = &visit->options;
    struct error err;

    begin(visit, done, arg);
    bool ok = buf_printf(
                  &visit->url, "%s/api/%s/auth/login/", o->origin, o->prefix) &&
              put_login(&visit->body, username, password);
    if (!ok)
        error_memory(&err);
    if (!ok || !start(visit, "POST", NULL, &err))
        fail(visit, &err);
}

struct secret *request_token(const struct wire_reply *reply)
{
    struct json_value object, key;
    struct buf text = {0};
    struct secret *token = NULL;
    struct error err;

    if (json_parse(reply->body, reply->body_len, &object, &err) &&
        json_member(&object, "key", &key) && key.type == JSON_STRING &&
        json_string(&key, &text))
        token = secret_new("the log-in", buf_text(&text), text.len, &err);
    buf_wipe(&text);
    return token;
}

void request_free(struct request *visit)
{
    if (!visit)
        return;
    transfer_free(visit->transfer);
    buf_free(&visit->url);
    buf_wipe(&visit->body);
    mem_free(visit);
}
