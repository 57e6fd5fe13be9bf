#include "call/call.h"

#include "base/ascii.h"
#include "json/json.h"

#include <microhttpd.h>
#include <string.h>

const char *call_header(const struct call *call, const char *name)
{
    return MHD_lookup_connection_value(call->connection, MHD_HEADER_KIND, name);
}

const char *call_query(const struct call *call, const char *name)
{
    return MHD_lookup_connection_value(
        call->connection, MHD_GET_ARGUMENT_KIND, name);
}

struct query_copy {
    const char *without;
    struct buf *out;
    bool ok;
};

static bool put_encoded(struct buf *out, const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789-._~";
    bool ok = true;

    for (; ok && *text; text++)
        if (strchr(plain, *text))
            ok = buf_putc(out, *text);
        else
            ok = buf_printf(out, "%%%02X", (unsigned char)*text);
    return ok;
}

static enum MHD_Result copy_query(
    void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct query_copy *copy = cls;

    (void)kind;
    if (strcmp(name, copy->without) == 0)
        return MHD_YES;
    copy->ok = (copy->out->len == 0 || buf_putc(copy->out, '&')) &&
               put_encoded(copy->out, name) && buf_putc(copy->out, '=') &&
               put_encoded(copy->out, value ? value : "");
    return copy->ok ? MHD_YES : MHD_NO;
}

bool call_query_without(
    const struct call *call, const char *name, struct buf *out)
{
    struct query_copy copy = {.without = name, .out = out, .ok = true};

    MHD_get_connection_values(
        call->connection, MHD_GET_ARGUMENT_KIND, copy_query, &copy);
    return copy.ok;
}

static bool decode(struct buf *out, const char *text, size_t len)
{
    bool ok = true;

    for (size_t i = 0; ok && i < len; i++) {
        int high = i + 2 < len ? ascii_hex(text[i + 1]) : -1;
        int low = high >= 0 ? ascii_hex(text[i + 2]) : -1;
        if (text[i] == '%' && low >= 0) {
            ok = buf_putc(out, (char)(high * 16 + low));
            i += 2;
        } else {
            ok = buf_putc(out, text[i] == '+' ? ' ' : text[i]);
        }
    }
    return ok;
}

/* Decoded and encoded again, so that two spellings of it are one. */
static bool put_part(struct buf *out, const char *text, size_t len)
{
    struct buf plain = {0};
    bool ok = decode(&plain, text, len) && put_encoded(out, buf_text(&plain));

    buf_free(&plain);
    return ok;
}

static bool put_pair(struct buf *out, const char *text, size_t len)
{
    const char *equals = memchr(text, '=', len);
    size_t name = equals ? (size_t)(equals - text) : len;
    size_t value = equals ? name + 1 : len;

    return (out->len == 0 || buf_putc(out, '&')) && put_part(out, text, name) &&
           buf_putc(out, '=') && put_part(out, text + value, len - value);
}

bool call_query_is(const struct call *call, const char *query, bool *is)
{
    struct buf want = {0}, got = {0};
    bool ok = call_query_without(call, "", &got);

    while (ok && *query) {
        size_t len = strcspn(query, "&");
        ok = put_pair(&want, query, len);
        query += len + (query[len] == '&');
    }
    *is = ok && strcmp(buf_text(&want), buf_text(&got)) == 0;
    buf_free(&want);
    buf_free(&got);
    return ok;
}

struct header_copy {
    const struct call *call;
    struct buf *out;
    bool ok;
};

/* ASCII alone, as names of headers are. */
static bool put_lower_name(struct buf *out, const char *name)
{
    struct buf lower = {0};
    bool ok = true;

    for (; ok && *name; name++)
        ok = buf_putc(&lower, ascii_lower(*name));
    ok = ok && json_put_name(out, buf_text(&lower));
    buf_free(&lower);
    return ok;
}

static enum MHD_Result copy_header(
    void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct header_copy *copy = cls;

    (void)kind;
    if (call_header(copy->call, name) != value)
        return MHD_YES; // the first of a name is enough
    copy->ok = put_lower_name(copy->out, name) &&
               json_put_string(
                   copy->out, value ? value : "", value ? strlen(value) : 0);
    return copy->ok ? MHD_YES : MHD_NO;
}

bool call_put_headers(const struct call *call, struct buf *out)
{
    struct header_copy copy = {.call = call, .out = out};

    copy.ok = buf_putc(out, '{');
    MHD_get_connection_values(
        call->connection, MHD_HEADER_KIND, copy_header, &copy);
    return copy.ok && buf_putc(out, '}');
}
