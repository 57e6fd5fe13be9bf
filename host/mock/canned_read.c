#include "mock/canned_own.h"

#include "base/mem.h"
#include "json/json.h"

#include <stdio.h>
#include <string.h>

enum { DELAY_MAX = 3600 };

/* Where a reply is being read. */
struct reading {
    struct canned *canned;
    const char *folder;
    const char *key; // for messages
    struct canned_reply *reply;
    bool typed; // its headers have the Content-Type
};

static bool fail(const struct reading *r, struct error *err, const char *what)
{
    return error_set(
        err, ERROR_USAGE, "the reply to \"%.200s\": %s", r->key, what);
}

/* Of a string; NULL: no memory. */
static char *text_of(const struct json_value *value)
{
    struct buf text = {0};

    if (!json_string(value, &text) || !buf_putc(&text, '\0')) {
        buf_free(&text);
        return NULL;
    }
    return text.data;
}

static bool set_type(
    struct canned_reply *reply, const char *type, struct error *err)
{
    if (!reply->type)
        reply->type = mem_strdup(type);
    return reply->type || error_memory(err);
}

static bool take_file(
    struct reading *r, const struct json_value *value, struct error *err)
{
    if (value->type != JSON_STRING)
        return fail(r, err, "file must be the name of a file");
    char *name = text_of(value);
    if (!name)
        return error_memory(err);
    bool ok = canned_file_load(r->folder, name, &r->reply->body, err) &&
              set_type(r->reply, canned_file_type(name), err);
    mem_free(name);
    return ok;
}

static bool take_body(
    struct reading *r, const struct json_value *value, struct error *err)
{
    if (value->type != JSON_STRING)
        return fail(r, err, "body must be a text");
    return json_string(value, &r->reply->body)
               ? set_type(r->reply, "text/plain; charset=utf-8", err)
               : error_memory(err);
}

static bool take_json(
    struct reading *r, const struct json_value *value, struct error *err)
{
    return buf_add(&r->reply->body, value->text, value->len)
               ? set_type(r->reply, "application/json", err)
               : error_memory(err);
}

static bool take_status(
    struct reading *r, const struct json_value *value, struct error *err)
{
    int64_t status;

    if (!json_integer(value, &status) || status < 200 || status > 599)
        return fail(r, err, "status must be a number from 200 to 599");
    r->reply->status = (unsigned)status;
    return true;
}

static bool add_header(
    struct canned_reply *reply, char *name, char *value, struct error *err)
{
    struct canned_header *headers = mem_realloc(
        reply->headers, (reply->header_count + 1) * sizeof *headers);

    if (headers)
        reply->headers = headers;
    if (!headers || !name || !value) {
        mem_free(name);
        mem_free(value);
        return error_memory(err);
    }
    headers[reply->header_count++] = (struct canned_header){name, value};
    return true;
}

static bool take_headers(
    struct reading *r, const struct json_value *object, struct error *err)
{
    struct json_value name, value;
    struct json_iter it;

    if (object->type != JSON_OBJECT)
        return fail(r, err, "headers must be an object of texts");
    json_iter_init(&it, object);
    while (json_iter_next(&it, &name, &value)) {
        if (value.type != JSON_STRING)
            return fail(r, err, "headers must be an object of texts");
        if (!add_header(r->reply, text_of(&name), text_of(&value), err))
            return false;
        if (json_is_text(&name, "Content-Type"))
            r->typed = true;
    }
    return true;
}

/* Strict, the client is told and waits by its own clock. */
static bool take_delay(
    struct reading *r, const struct json_value *value, struct error *err)
{
    char text[24];
    double seconds;

    if (!json_double(value, &seconds) || seconds < 0 || seconds > DELAY_MAX)
        return fail(r, err, "delay must be seconds, at most 3600");
    unsigned ms = (unsigned)(seconds * 1000 + 0.5);
    if (!r->canned->strict) {
        r->reply->delay_ms = ms;
        return true;
    }
    snprintf(text, sizeof text, "%u", ms);
    return add_header(
        r->reply, mem_strdup("Test-Delay"), mem_strdup(text), err);
}

static bool take_close(
    struct reading *r, const struct json_value *value, struct error *err)
{
    return json_bool(value, &r->reply->close) ||
           fail(r, err, "close must be true or false");
}

static bool take_when(
    struct reading *r, const struct json_value *value, struct error *err)
{
    if (value->type != JSON_STRING)
        return fail(r, err, "when must be a text that the body has in it");
    mem_free(r->reply->when);
    r->reply->when = text_of(value);
    return r->reply->when || error_memory(err);
}

static const struct {
    const char *name;
    bool (*take)(
        struct reading *r, const struct json_value *value, struct error *err);
} members[] = {
    {"body", take_body},
    {"close", take_close},
    {"delay", take_delay},
    {"file", take_file},
    {"headers", take_headers},
    {"json", take_json},
    {"status", take_status},
    {"when", take_when},
};

enum { MEMBERS = sizeof members / sizeof members[0] };

static bool take_member(struct reading *r, const struct json_value *name,
    const struct json_value *value, struct error *err)
{
    for (size_t i = 0; i < MEMBERS; i++)
        if (json_is_text(name, members[i].name))
            return members[i].take(r, value, err);
    return fail(r, err,
        "it may have body, close, delay, file, headers, json, status, when, "
        "and nothing else");
}

static bool take_object(
    struct reading *r, const struct json_value *object, struct error *err)
{
    struct json_value name, value;
    struct json_iter it;

    json_iter_init(&it, object);
    while (json_iter_next(&it, &name, &value))
        if (!take_member(r, &name, &value, err))
            return false;
    if (r->typed) {
        mem_free(r->reply->type);
        r->reply->type = NULL;
    }
    return true;
}

static bool read_reply(struct reading *r, struct canned_row *row,
    const struct json_value *value, struct error *err)
{
    struct canned_reply *replies =
        mem_realloc(row->replies, (row->reply_count + 1) * sizeof *replies);

    if (!replies)
        return error_memory(err);
    row->replies = replies;
    r->typed = false;
    r->reply = &replies[row->reply_count++];
    *r->reply = (struct canned_reply){.status = 200};
    if (value->type == JSON_STRING)
        return take_file(r, value, err);
    return value->type == JSON_OBJECT
               ? take_object(r, value, err)
               : fail(r, err, "it must be a file, an object or a list of them");
}

static bool read_replies(struct reading *r, struct canned_row *row,
    const struct json_value *value, struct error *err)
{
    struct json_value one;
    struct json_iter it;

    row->list = value->type == JSON_ARRAY;
    if (!row->list)
        return read_reply(r, row, value, err);
    json_iter_init(&it, value);
    while (json_iter_next(&it, NULL, &one))
        if (!read_reply(r, row, &one, err))
            return false;
    return row->reply_count > 0 || fail(r, err, "the list is empty");
}

/* "GET /path?query" in three, in place. */
static bool split_key(struct canned_row *row)
{
    char *space = strchr(row->method, ' ');

    if (!space || space == row->method || space[1] != '/')
        return false;
    *space = '\0';
    row->path = space + 1;
    row->query = strchr(row->path, '?');
    if (row->query)
        *row->query++ = '\0';
    return true;
}

static bool read_row(struct reading *r, const struct json_value *name,
    const struct json_value *value, struct error *err)
{
    struct canned *canned = r->canned;
    struct canned_row *rows =
        mem_realloc(canned->rows, (canned->row_count + 1) * sizeof *rows);

    if (!rows)
        return error_memory(err);
    canned->rows = rows;
    struct canned_row *row = &rows[canned->row_count++];
    *row = (struct canned_row){.method = text_of(name)};
    char *key = text_of(name);
    r->key = key ? key : "";
    bool ok =
        row->method && key
            ? split_key(row) ||
                  fail(r, err,
                      "its key must be a method and a path: \"GET /orders\"")
            : error_memory(err);
    ok = ok && read_replies(r, row, value, err);
    mem_free(key);
    return ok;
}

static bool read_rows(
    struct reading *r, const char *text, size_t len, struct error *err)
{
    struct json_value table, name, value;
    struct json_iter it;
    struct error why;

    if (!json_parse(text, len, &table, &why))
        return error_set(
            err, ERROR_USAGE, "the table of replies: %.700s", why.text);
    if (table.type != JSON_OBJECT)
        return error_set(err, ERROR_USAGE,
            "the table of replies must be an object: { \"GET /orders\": "
            "\"orders.json\" }");
    json_iter_init(&it, &table);
    while (json_iter_next(&it, &name, &value))
        if (!read_row(r, &name, &value, err))
            return false;
    return true;
}

struct canned *canned_read(const char *text, size_t len, const char *folder,
    bool strict, struct error *err)
{
    struct canned *canned = mem_calloc(1, sizeof *canned);
    struct reading r = {.canned = canned, .folder = folder};

    if (!canned) {
        error_memory(err);
        return NULL;
    }
    canned->strict = strict;
    if (read_rows(&r, text, len, err))
        return canned;
    canned_free(canned);
    return NULL;
}

struct canned *canned_load(const char *folder, struct error *err)
{
    struct buf text = {0};
    struct canned *canned = NULL;

    if (canned_file_load(folder, "replies.json", &text, err))
        canned = canned_read(buf_text(&text), text.len, folder, false, err);
    buf_free(&text);
    return canned;
}
