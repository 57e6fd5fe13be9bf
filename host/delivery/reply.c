#include "delivery/reply.h"

#include "base/buf.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "delivery/outcome.h"
#include "json/json.h"

#include <stdio.h>
#include <string.h>

enum { LOCATION_MOST = 100 }; // bytes of a Location that are shown

static bool is_item(const struct json_value *value, int64_t item)
{
    char digits[24];
    int64_t number;

    if (value->type == JSON_NUMBER)
        return json_integer(value, &number) && number == item;
    snprintf(digits, sizeof digits, "\"%lld\"", (long long)item);
    return value->type == JSON_STRING && value->len == strlen(digits) &&
           memcmp(value->text, digits, value->len) == 0;
}

static void read_type(const struct json_value *content_type,
    const struct json_value *integration_type, struct journal_mapping *mapping)
{
    struct buf text = {0};

    if (!json_integer(content_type, &mapping->content_type))
        mapping->content_type = 0;
    mapping->integration_type[0] = '\0';
    if (json_string(integration_type, &text)) {
        secret_mask(text.data, &text.len);
        snprintf(mapping->integration_type, sizeof mapping->integration_type,
            "%s", buf_text(&text));
    }
    buf_free(&text);
}

enum { ITEM, CODE, PK, CONTENT_TYPE, INTEGRATION_TYPE, MEMBERS };

static const char *const members[MEMBERS] = {
    [ITEM] = "object_id",
    [CODE] = "code",
    [PK] = "pk",
    [CONTENT_TYPE] = "content_type",
    [INTEGRATION_TYPE] = "integration_type",
};

/* What keeps these members from being the echo; NULL: nothing. */
static const char *flaw(enum json_type type, const struct json_value *found,
    int64_t item, const char *code)
{
    if (type != JSON_OBJECT)
        return "the answer is not a JSON object";
    if (!is_item(&found[ITEM], item))
        return "the answer's object_id is not the item";
    if (!json_is_text(&found[CODE], code))
        return "the answer's code is not the code that was sent";
    return NULL;
}

bool reply_echoes(const char *body, size_t len, int64_t item, const char *code,
    struct journal_mapping *mapping, const char **why)
{
    struct json_value found[MEMBERS];
    enum json_type type;
    struct error err;

    if (!json_parse_members(body, len, members, MEMBERS, found, &type, &err)) {
        *why = len ? "the answer is not JSON" : "the answer is empty";
        return false;
    }
    *why = flaw(type, found, item, code);
    if (*why)
        return false;
    *why = "the answer has no integer pk";
    if (!json_integer(&found[PK], &mapping->pk))
        return false;
    read_type(&found[CONTENT_TYPE], &found[INTEGRATION_TYPE], mapping);
    mapping->known = true;
    return true;
}

/* Control characters become spaces: the words end on a terminal. */
static void put_plain(const char *text, size_t len, char *out, size_t cap)
{
    size_t n = strlen(out), shown = utf8_cut(text, len, cap - 1 - n);

    for (size_t i = 0, wide; i < shown; i += wide) {
        uint32_t point = 0;
        wide = utf8_read(text + i, shown - i, &point);
        bool control = wide && utf8_is_control(point);
        wide = wide ? wide : 1;
        memcpy(out + n, control ? " " : text + i, control ? 1 : wide);
        n += control ? 1 : wide;
    }
    out[n] = '\0';
}

static void put_string(const struct json_value *value, char *out, size_t cap)
{
    struct buf text = {0};

    if (json_string(value, &text)) {
        secret_mask(text.data, &text.len);
        put_plain(buf_text(&text), text.len, out, cap);
    }
    buf_free(&text);
}

/* Django REST Framework's: "…", ["…"], or {"field": ["…"]}. */
static void put_value(
    const struct json_value *value, char *out, size_t cap, int depth);

static void put_members(
    const struct json_value *value, char *out, size_t cap, int depth)
{
    struct json_iter it;
    struct json_value name, member;
    bool first = true;

    json_iter_init(&it, value);
    while (json_iter_next(&it, &name, &member)) {
        if (!first)
            put_plain(" ", 1, out, cap);
        first = false;
        bool plain = value->type == JSON_ARRAY ||
                     json_is_text(&name, "detail") ||
                     json_is_text(&name, "error") ||
                     json_is_text(&name, "non_field_errors");
        if (!plain) {
            put_string(&name, out, cap);
            put_plain(": ", 2, out, cap);
        }
        put_value(&member, out, cap, depth + 1);
    }
}

static void put_value(
    const struct json_value *value, char *out, size_t cap, int depth)
{
    if (value->type == JSON_STRING)
        put_string(value, out, cap);
    else if (depth > 3)
        put_plain("…", strlen("…"), out, cap);
    else if (value->type == JSON_OBJECT || value->type == JSON_ARRAY)
        put_members(value, out, cap, depth);
    else
        put_plain(value->text, value->len, out, cap);
}

static const char *phrase(int status)
{
    static const struct {
        int status;
        const char *phrase;
    } rows[] = {
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {429, "Too Many Requests"},
        {500, "Internal Server Error"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].status == status)
            return rows[i].phrase;
    return "";
}

/* What an HTML page says is not for a line of text. */
static void put_page(
    int status, const char *body, size_t len, char *out, size_t cap)
{
    const char *words = phrase(status);
    size_t lead = 0;

    while (lead < len && strchr(" \t\r\n", body[lead]) && body[lead])
        lead++;
    if (lead < len && body[lead] != '<')
        put_plain(body, utf8_cut(body, len, 80), out, cap);
    else if (words[0] || lead == len)
        put_plain(words, strlen(words), out, cap);
    else
        put_plain("an HTML page", strlen("an HTML page"), out, cap);
}

void reply_words(
    int status, const char *body, size_t len, char *out, size_t cap)
{
    struct json_value value;
    struct error err;

    snprintf(out, cap, "%d ", status);
    if (json_parse(body, len, &value, &err))
        put_value(&value, out, cap, 0);
    else
        put_page(status, body, len, out, cap);
    size_t n = strlen(out);
    while (n && out[n - 1] == ' ')
        out[--n] = '\0';
}

/* " to acme.example/login/": the host and the path, without what may be
 * somebody's: a name and a password before the host, the query. */
static void put_location(const char *text, size_t len, char *out, size_t cap)
{
    size_t whole = 0;

    while (whole < len && text[whole] != '?' && text[whole] != '#')
        whole++;
    const char *end = text + whole, *from = text;
    const char *scheme = memmem(text, whole, "://", 3);
    if (scheme)
        from = scheme + 3;
    for (const char *at = from; scheme && at < end && *at != '/'; at++)
        if (*at == '@')
            from = at + 1;
    size_t left = (size_t)(end - from);
    size_t shown = utf8_cut(from, left, LOCATION_MOST);
    put_plain(left ? " to " : "", left ? 4 : 0, out, cap);
    put_plain(from, shown, out, cap);
    if (shown < left)
        put_plain("…", strlen("…"), out, cap);
}

static void explain_location(
    const struct wire_reply *reply, char *out, size_t cap)
{
    struct buf text = {0};

    if (buf_add(&text, reply->location, reply->location_len))
        secret_mask(text.data, &text.len);
    const char *words = phrase(reply->status);
    snprintf(out, cap, "%d%s%s", reply->status, words[0] ? " " : "", words);
    put_location(buf_text(&text), text.len, out, cap);
    buf_wipe(&text);
}

/* Masked before it is cut to a line. */
void reply_explain(const struct wire_reply *reply, char *out, size_t cap)
{
    const char *said = reply->status ? reply->body : reply->error;
    size_t len = reply->status ? reply->body_len : strlen(reply->error);
    struct buf text = {0};

    if (reply->location) {
        explain_location(reply, out, cap);
        return;
    }
    if (buf_add(&text, said, len))
        secret_mask(text.data, &text.len);
    out[0] = '\0';
    if (reply->status)
        reply_words(reply->status, buf_text(&text), text.len, out, cap);
    else
        put_plain(buf_text(&text), text.len, out, cap);
    buf_wipe(&text);
}

void reply_explain_login(const struct wire_reply *reply, char *out, size_t cap)
{
    struct wire_reply bare = *reply;

    if (reply->status >= 200 && reply->status <= 299) {
        snprintf(out, cap, "%d without a usable key", reply->status);
        return;
    }
    if (!outcome_refuses(reply->status) && reply->status != 401) {
        bare.body = "";
        bare.body_len = 0;
    }
    reply_explain(&bare, out, cap);
}
