#include "delivery/wire.h"

#include "base/buf.h"
#include "base/mem.h"
#include "net/transfer.h"

enum { REPLY_MAX = 1 << 20 }; // a larger one says nothing for sure

struct slot {
    struct wire *wire;
    struct transfer *transfer; // owns
    struct buf url;
    struct wire_call *call; // NULL: idle
};

struct wire {
    struct slot *slots;
    int count;
    struct buf base; // "https://host/api/i1/order_items/"
    struct buf auth; // holds the token
};

static bool prepare_slot(struct wire *wire, struct slot *slot, struct net *net,
    const struct wire_options *o, struct error *err)
{
    const char *headers[] = {buf_text(&wire->auth),
        "Content-Type: application/json", "Accept: application/json",
        "User-Agent: omnitron", NULL};
    struct transfer_request request = {.method = "POST",
        .headers = headers,
        .writes = true,
        .timeout_ms = o->timeout_ms,
        .connect_timeout_ms = o->connect_timeout_ms,
        .body_max = REPLY_MAX,
        .save_fd = -1,
        .ca_file = o->ca_file,
        .proxy = o->proxy};

    slot->wire = wire;
    slot->transfer = transfer_new(net);
    if (!slot->transfer)
        return error_memory(err);
    return transfer_prepare(slot->transfer, &request, err);
}

static bool fill(struct wire *wire, struct net *net,
    const struct wire_options *o, struct error *err)
{
    if (!buf_printf(
            &wire->base, "%s/api/%s/order_items/", o->origin, o->prefix) ||
        !buf_printf(&wire->auth, "Authorization: Token %s", o->token))
        return error_memory(err);
    wire->slots = mem_calloc((size_t)o->at_once, sizeof *wire->slots);
    if (!wire->slots)
        return error_memory(err);
    wire->count = o->at_once;
    for (int i = 0; i < wire->count; i++)
        if (!prepare_slot(wire, &wire->slots[i], net, o, err))
            return false;
    return true;
}

struct wire *wire_new(
    struct net *net, const struct wire_options *options, struct error *err)
{
    struct wire *wire = mem_calloc(1, sizeof *wire);

    if (!wire) {
        error_memory(err);
        return NULL;
    }
    if (!fill(wire, net, options, err)) {
        wire_free(wire);
        return NULL;
    }
    return wire;
}

static void replied(struct transfer *t, void *arg)
{
    struct slot *slot = arg;
    struct wire_call *call = slot->call;
    const struct transfer_reply *reply = transfer_reply(t);

    slot->call = NULL;
    delivery_replied(call, &(struct wire_reply){
                               .sent = reply->sent,
                               .complete = reply->complete,
                               .curl = reply->curl,
                               .status = reply->status,
                               .error = reply->error,
                               .body = buf_text(&reply->body),
                               .body_len = reply->body.len,
                               .ms = reply->ms,
                           });
}

static struct slot *idle_slot(struct wire *wire)
{
    for (int i = 0; i < wire->count; i++)
        if (!wire->slots[i].call)
            return &wire->slots[i];
    return NULL;
}

bool wire_send(struct wire *wire, struct wire_call *call, struct error *err)
{
    struct slot *slot = idle_slot(wire);

    if (!slot)
        return error_set(err, ERROR_OTHER, "no request slot is free");
    buf_clear(&slot->url);
    if (!buf_add(&slot->url, wire->base.data, wire->base.len) ||
        !buf_printf(
            &slot->url, "%lld/create_mapping/", (long long)call->order_item_id))
        return error_memory(err);
    if (!transfer_aim(
            slot->transfer, slot->url.data, call->body, call->body_len, err) ||
        !transfer_start(slot->transfer, replied, slot, err))
        return false;
    slot->call = call;
    return true;
}

void wire_free(struct wire *wire)
{
    if (!wire)
        return;
    for (int i = 0; i < wire->count; i++) {
        transfer_free(wire->slots[i].transfer);
        buf_free(&wire->slots[i].url);
    }
    mem_free(wire->slots);
    buf_free(&wire->base);
    buf_wipe(&wire->auth);
    mem_free(wire);
}
