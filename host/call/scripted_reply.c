#include "call/scripted_reply.h"

#include <microhttpd.h>
#include <string.h>

/* A repeated piece is long, so that a fast reader is kept busy. */
enum { REPEATED = 16384 };

static void need(struct call *call, bool ok)
{
    call->broken = call->broken || !ok;
}

static void put(struct call *call, const char *text)
{
    need(call, buf_puts(&call->script.bytes, text));
}

static void begin(struct call *call)
{
    call->end = CALL_SCRIPT;
    buf_clear(&call->script.bytes);
}

static void put_status(struct call *call)
{
    need(call, buf_printf(&call->script.bytes, "HTTP/1.1 %u %s\r\n",
                   call->status, MHD_get_reason_phrase_for(call->status)));
}

/* All but the framing and the empty line. */
static void put_head(struct call *call)
{
    struct buf *bytes = &call->script.bytes;

    begin(call);
    put_status(call);
    need(call, buf_printf(bytes, "Content-Type: %s\r\n", call->type));
    if (call->header)
        need(call, buf_printf(bytes, "%s: %s\r\n", call->header,
                       buf_text(&call->header_value)));
}

static void put_length(struct call *call, size_t len)
{
    need(call, buf_printf(&call->script.bytes, "Content-Length: %zu\r\n", len));
}

static void put_body(struct call *call)
{
    put(call, "\r\n");
    need(call,
        buf_add(&call->script.bytes, buf_text(&call->out), call->out.len));
}

static void put_whole(struct call *call)
{
    put_head(call);
    put_length(call, call->out.len);
    put_body(call);
}

/* What follows is written again and again. */
static void put_repeated(struct call *call, const char *piece)
{
    struct breaker_slot *slot = &call->script;

    slot->endless = true;
    slot->again = slot->bytes.len;
    while (!call->broken && slot->bytes.len < slot->again + REPEATED)
        put(call, piece);
}

void scripted_silence(struct call *call, unsigned arg)
{
    (void)arg;
    begin(call);
    call->script.hold = true;
}

void scripted_cut(struct call *call, unsigned bytes)
{
    put_whole(call);
    if (call->script.bytes.len > bytes)
        call->script.bytes.len = bytes;
}

void scripted_cut_reset(struct call *call, unsigned bytes)
{
    scripted_cut(call, bytes);
    call->script.reset = true;
}

void scripted_drip(struct call *call, unsigned delay_ms)
{
    put_whole(call);
    call->script.delay_ms = delay_ms;
}

void scripted_unframed(struct call *call, unsigned arg)
{
    (void)arg;
    put_head(call);
    put(call, "Connection: close\r\n");
    put_body(call);
}

void scripted_lengths(struct call *call, unsigned arg)
{
    (void)arg;
    put_head(call);
    put_length(call, call->out.len);
    put_length(call, 2 * call->out.len);
    put_body(call);
}

void scripted_endless(struct call *call, unsigned arg)
{
    (void)arg;
    put_head(call);
    put(call, "Transfer-Encoding: chunked\r\n\r\n");
    put_repeated(call, "10\r\n{\"pk\": 1}       \r\n");
}

void scripted_headers(struct call *call, unsigned arg)
{
    (void)arg;
    put_head(call);
    put_repeated(call, "X-More: and one more header\r\n");
}

void scripted_continues(struct call *call, unsigned arg)
{
    (void)arg;
    begin(call);
    put_repeated(call, "HTTP/1.1 100 Continue\r\n\r\n");
}
