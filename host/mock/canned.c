#include "mock/canned_own.h"

#include "base/mem.h"
#include "call/answer.h"
#include "mock/site.h"
#include "json/json.h"

#include <string.h>

enum { RECEIVED_MAX = 16 << 20 }; // what comes after is answered, not noted

static void free_reply(struct canned_reply *reply)
{
    for (size_t i = 0; i < reply->header_count; i++) {
        mem_free(reply->headers[i].name);
        mem_free(reply->headers[i].value);
    }
    mem_free(reply->headers);
    mem_free(reply->type);
    mem_free(reply->when);
    buf_free(&reply->body);
}

static void free_row(struct canned_row *row)
{
    for (size_t i = 0; i < row->reply_count; i++)
        free_reply(&row->replies[i]);
    mem_free(row->replies);
    mem_free(row->method);
}

void canned_free(struct canned *canned)
{
    if (!canned)
        return;
    for (size_t i = 0; i < canned->row_count; i++)
        free_row(&canned->rows[i]);
    mem_free(canned->rows);
    buf_free(&canned->received);
    mem_free(canned);
}

static bool same_method(const char *wanted, const char *method)
{
    return strcmp(wanted, method) == 0 ||
           (strcmp(method, "HEAD") == 0 && strcmp(wanted, "GET") == 0);
}

/* A row for this very query goes before one for any. Without memory to tell,
 * the call is broken. */
static struct canned_row *find(struct canned *canned, struct call *call)
{
    struct canned_row *any = NULL;

    for (size_t i = 0; i < canned->row_count; i++) {
        struct canned_row *row = &canned->rows[i];
        bool this = false;
        if (!same_method(row->method, call->method) ||
            strcmp(row->path, call->path) != 0)
            continue;
        if (!row->query)
            any = any ? any : row;
        else if (!call_query_is(call, row->query, &this))
            call->broken = true;
        else if (this)
            return row;
    }
    return any;
}

/* What the body asks for by a text in it. */
static const struct canned_reply *choose_by_body(
    const struct canned_row *row, const struct call *call)
{
    for (size_t i = 0; i < row->reply_count; i++) {
        const char *when = row->replies[i].when;
        if (when && strstr(buf_text(&call->body), when))
            return &row->replies[i];
    }
    return NULL;
}

/* The one at a place among those for any body, or NULL. */
static const struct canned_reply *plain_at(
    const struct canned_row *row, size_t place)
{
    for (size_t i = 0; i < row->reply_count; i++)
        if (!row->replies[i].when && place-- == 0)
            return &row->replies[i];
    return NULL;
}

static const struct canned_reply *choose_in_turn(
    const struct canned *canned, struct canned_row *row)
{
    if (row->list && !canned->strict && !plain_at(row, row->next))
        row->next = 0;
    return plain_at(row, row->list ? row->next++ : 0);
}

/* NULL: there is none, or a strict list has come to its end. */
static const struct canned_reply *choose(const struct canned *canned,
    struct canned_row *row, const struct call *call)
{
    const struct canned_reply *reply = row ? choose_by_body(row, call) : NULL;

    return reply || !row ? reply : choose_in_turn(canned, row);
}

static bool put_request(struct buf *out, const struct call *call, bool matched)
{
    struct buf query = {0};
    bool ok = json_put_comma(out) && buf_putc(out, '{') &&
              json_put_member_text(out, "method", call->method) &&
              json_put_member_text(out, "path", call->path) &&
              call_query_without(call, "", &query) &&
              json_put_member_text(out, "query", buf_text(&query)) &&
              json_put_name(out, "headers") && call_put_headers(call, out) &&
              json_put_name(out, "body") &&
              json_put_string(out, buf_text(&call->body), call->body.len) &&
              (matched || json_put_member_bool(out, "unmatched", true)) &&
              buf_putc(out, '}');

    buf_free(&query);
    return ok;
}

static void note(struct canned *canned, struct call *call, bool matched)
{
    struct buf *received = &canned->received;
    size_t before = received->len;

    if (before > RECEIVED_MAX || put_request(received, call, matched))
        return;
    call->broken = true;
    received->len = before;
    if (received->data)
        received->data[before] = 0;
}

static void give(struct call *call, const struct canned_reply *reply)
{
    answer_begin(call, reply->status);
    call->type = reply->type;
    call->canned = reply;
    call->delay_ms = reply->delay_ms;
    if (reply->close)
        call->end = CALL_CLOSE;
    if (!buf_add(&call->out, reply->body.data, reply->body.len))
        call->broken = true;
}

bool canned_answer(struct canned *canned, struct call *call)
{
    const struct canned_reply *reply = choose(canned, find(canned, call), call);

    if (!reply && !canned->strict)
        return false;
    note(canned, call, reply != NULL);
    if (reply)
        give(call, reply);
    else
        answer_detail(call, 404, "There is no reply for %s %s (any more).",
            call->method, call->path);
    return true;
}

void canned_received(struct call *call)
{
    const struct canned *canned = call->site->canned;

    answer_begin(call, 200);
    answer_text(call, "[");
    answer_text(call, canned ? buf_text(&canned->received) : "");
    answer_text(call, "]");
}
