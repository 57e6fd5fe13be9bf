#include "delivery/wire.h"

#include "base/buf.h"
#include "base/mem.h"

#include <string.h>

enum { REPLY_MAX = 1 << 20 }; // a larger one says nothing for sure

struct slot {
    struct transfer *transfer; // owns; NULL: not made yet
    struct buf path;
    struct wire_call *call; // NULL: idle
    int token_no;           // that its headers have; 0: none
};

struct wire {
    struct net *net;             // borrows
    struct wire_options options; // but for the route, its texts are not kept
    struct slot *slots;
    int count;
    struct buf origin; // "https://host"
    struct buf base;   // "/api/i1/order_items/", of a path
    struct buf token;
    int token_no; // 0: there is none
};

static bool prepare_slot(
    struct wire *wire, struct slot *slot, struct error *err)
{
    static const char *const headers[] = {
        "Content-Type: application/json", "Accept: application/json", NULL};
    struct transfer_request request = {.method = "POST",
        .headers = headers,
        .only_origin = buf_text(&wire->origin),
        .only_api = true,
        .token = buf_text(&wire->token),
        .writes = true,
        .route = wire->options.route,
        .body_max = REPLY_MAX,
        .save_fd = -1};

    if (!transfer_prepare(slot->transfer, &request, err) ||
        !transfer_set_base(slot->transfer, buf_text(&wire->origin), err))
        return false;
    slot->token_no = wire->token_no; // or it is prepared again
    return true;
}

bool wire_set_token(
    struct wire *wire, const char *token, int token_no, struct error *err)
{
    wire->token_no = 0;
    buf_wipe(&wire->token);
    if (!buf_puts(&wire->token, token))
        return error_memory(err);
    wire->token_no = token_no;
    return true;
}

int wire_token_no(const struct wire *wire)
{
    return wire->token_no;
}

/* Of the places for transfers; each is made when it is needed. */
static bool make_slots(struct wire *wire, struct net *net, struct error *err)
{
    int count = wire->options.at_once;

    wire->net = net;
    wire->slots = mem_calloc((size_t)count, sizeof *wire->slots);
    if (!wire->slots)
        return error_memory(err);
    wire->count = count;
    return true;
}

static bool fill(struct wire *wire, struct net *net,
    const struct wire_options *o, struct error *err)
{
    wire->options = *o;
    if (!buf_puts(&wire->origin, o->origin) ||
        !buf_printf(&wire->base, "/api/%s/order_items/", o->prefix))
        return error_memory(err);
    return make_slots(wire, net, err);
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

struct wire_reply wire_reply_of(const struct transfer_reply *from)
{
    struct wire_reply reply = {
        .sent = from->sent,
        .complete = from->complete,
        .curl = from->curl,
        .status = from->status,
        .error = from->error,
        .body = buf_text(&from->body),
        .body_len = from->body.len,
        .kind = from->kind,
        .timed_out = strcmp(from->kind, "timeout") == 0,
        .ms = from->ms,
        .wait_us = from->wait_us,
    };

    if (!transfer_header(
            from, "retry-after", &reply.retry_after, &reply.retry_after_len))
        reply.retry_after = NULL;
    if (from->status < 300 || from->status > 399 ||
        !transfer_header(
            from, "location", &reply.location, &reply.location_len))
        reply.location = NULL;
    return reply;
}

static void replied(struct transfer *t, void *arg)
{
    struct slot *slot = arg;
    struct wire_call *call = slot->call;
    struct wire_reply reply = wire_reply_of(transfer_reply(t));

    slot->call = NULL;
    call->replied(call, &reply);
}

static struct slot *idle_slot(struct wire *wire)
{
    for (int i = 0; i < wire->count; i++)
        if (!wire->slots[i].call)
            return &wire->slots[i];
    return NULL;
}

static bool make_transfer(
    struct wire *wire, struct slot *slot, struct error *err)
{
    if (!slot->transfer)
        slot->transfer = transfer_new(wire->net);
    return slot->transfer || error_memory(err);
}

static bool aim(struct slot *slot, const struct wire *wire,
    const struct wire_call *call, struct error *err)
{
    buf_clear(&slot->path);
    if (!buf_add(&slot->path, wire->base.data, wire->base.len) ||
        !buf_int(&slot->path, call->order_item_id) ||
        !buf_puts(&slot->path, "/create_mapping/"))
        return error_memory(err);
    return transfer_aim_path(
        slot->transfer, slot->path.data, call->body, call->body_len, err);
}

/* Without a token its headers say nothing, and it is not to be sent. */
bool wire_send(struct wire *wire, struct wire_call *call, struct error *err)
{
    struct slot *slot = idle_slot(wire);

    if (!slot || wire->token_no == 0)
        return error_set(err, ERROR_OTHER,
            slot ? "there is no token" : "no request slot is free");
    if (!make_transfer(wire, slot, err))
        return false;
    if (slot->token_no != wire->token_no && !prepare_slot(wire, slot, err))
        return false;
    slot->call = call; // until `replied`, if it starts
    if (aim(slot, wire, call, err) &&
        transfer_start(slot->transfer, replied, slot, err))
        return true;
    slot->call = NULL;
    return false;
}

void wire_free(struct wire *wire)
{
    if (!wire)
        return;
    for (int i = 0; i < wire->count; i++) {
        transfer_free(wire->slots[i].transfer);
        buf_free(&wire->slots[i].path);
    }
    mem_free(wire->slots);
    buf_free(&wire->origin);
    buf_free(&wire->base);
    buf_wipe(&wire->token);
    mem_free(wire);
}
