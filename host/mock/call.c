#include "mock/call.h"

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
