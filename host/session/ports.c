#include "session/ports.h"

#include "base/clock.h"
#include "base/log.h"
#include "delivery/learned.h"
#include "ending/clock_word.h"

#include <stddef.h>
#include <sys/random.h>

static void port_submit(void *self, struct journal_op *op)
{
    struct ports *ports = self;

    journal_submit(ports->journal, op);
}

/* A connection may take long to be made, and the journal fail meanwhile. */
static bool may_write(void *self)
{
    struct ports *ports = self;

    return journal_may_send(ports->journal);
}

static bool port_send(void *self, struct wire_call *call, struct error *err)
{
    struct ports *ports = self;

    return wire_send(ports->wire, call, err);
}

static void looked(void *self, const struct wire_reply *reply)
{
    struct ports *ports = self;

    clock_word(ports->journal_path, ports->host, reply->ahead_ms);
    delivery_looked(ports->delivery, reply);
}

static void port_look(void *self)
{
    struct ports *ports = self;

    request_look(ports->visit, token_text(ports->token), looked, ports);
}

/* From now on releases have the present token, whose number it is; 0: no
 * memory. */
static int take_token(struct ports *ports)
{
    int number = token_number(ports->token);
    struct error err;

    return wire_set_token(ports->wire, token_text(ports->token), number, &err)
               ? number
               : 0;
}

static void logged_in(struct token_wait *wait, const struct wire_reply *reply)
{
    struct ports *ports =
        (struct ports *)(void *)((char *)wait - offsetof(struct ports, waits));
    bool renewed = token_number(ports->token) > wire_token_no(ports->wire);

    delivery_logged_in(ports->delivery, reply, renewed ? take_token(ports) : 0);
}

static void port_log_in(void *self)
{
    struct ports *ports = self;
    struct stop_note note = {.why = STOP_NONE};
    int had = wire_token_no(ports->wire), has = 0;

    switch (token_want(ports->token, had, &ports->waits)) {
    case TOKEN_ASKED:
        return;
    case TOKEN_NONE:
        note = *token_failure(ports->token);
        break;
    case TOKEN_HERE:
        has = take_token(ports);
        if (has == 0)
            note.why = STOP_NO_ANSWER; // no memory
    }
    delivery_token_known(ports->delivery, &note, has);
}

static int64_t port_wall_ms(void *self)
{
    (void)self;
    return clock_wall_ms();
}

static int64_t port_ticks_us(void *self)
{
    (void)self;
    return clock_monotonic_us();
}

/* xorshift64*: for the jitter of waits, nothing more. */
static double port_draw(void *self)
{
    struct ports *ports = self;
    uint64_t x = ports->random;

    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    ports->random = x;
    return (double)((x * UINT64_C(0x2545f4914f6cdd1d)) >> 11) * 0x1p-53;
}

/* The last chance to say it: the journal cannot keep it any more. */
static void port_lost(
    void *self, const struct release_result *result, const char *outcome)
{
    (void)self;
    log_error("not in the journal, keep this line: item %lld, code \"%s\", "
              "update_stock %s: %s, mapping %lld",
        (long long)result->order_item_id, result->code,
        result->update_stock ? "true" : "false", outcome,
        result->mapping.known ? (long long)result->mapping.pk : 0LL);
}

static void port_carried(void *self, const struct release_result *result)
{
    struct ports *ports = self;

    if (ports->carried)
        ports->carried(ports->carried_arg, result);
}

static bool open_net(
    struct ports *ports, const struct ports_options *o, struct error *err)
{
    const struct profile *p = o->profile;
    struct wire_options wire = {.origin = o->endpoint->origin,
        .prefix = p->prefix,
        .at_once = o->at_once ? o->at_once : GOVERNOR_MOST,
        .route = p->route};
    struct token_options token =
        endpoint_token_options(o->endpoint, p, o->journal_path);

    net_guard(ports->net, may_write, ports);
    ports->wire = wire_new(ports->net, &wire, err);
    ports->visit =
        ports->wire ? request_new(ports->net, &token.visit, err) : NULL;
    ports->token = ports->visit ? token_new(ports->net, &token, err) : NULL;
    ports->waits.done = logged_in;
    if (!ports->token)
        return false;
    return !token_text(ports->token) || take_token(ports) || error_memory(err);
}

static bool open_delivery(
    struct ports *ports, const struct ports_options *o, struct error *err)
{
    const struct profile *p = o->profile;
    struct delivery_ports calls = {ports, port_submit, port_send, port_look,
        port_log_in, port_wall_ms, port_ticks_us, port_draw, port_lost,
        port_carried};
    struct delivery_rules rules = {.host = o->endpoint->name,
        .run = journal_run(ports->journal),
        .at_once = o->at_once,
        .per_second = p->per_second,
        .tries = p->tries,
        .first_look = p->first_look != NULL,
        .logs_in = o->endpoint->token == NULL,
        .resend = p->when_unknown == PROFILE_RESEND,
        .unique_codes = p->unique_codes,
        .retry_rejected_ms = p->retry_rejected_ms,
        .not_done = p->not_done,
        .account = o->account};

    if (!o->at_once)
        learned_read(o->journal_path, clock_wall_ms(), &rules.learned);
    ports->journal_path = o->journal_path;
    ports->carried = o->carried;
    ports->carried_arg = o->carried_arg;
    ports->host = o->endpoint->name;
    ports->delivery = delivery_new(&calls, &rules);
    return ports->delivery || error_memory(err);
}

bool ports_open(
    struct ports *ports, const struct ports_options *options, struct error *err)
{
    if (getrandom(&ports->random, sizeof ports->random, GRND_NONBLOCK) < 0 ||
        ports->random == 0)
        ports->random = (uint64_t)clock_monotonic_us() | 1;
    return open_net(ports, options, err) && open_delivery(ports, options, err);
}

void ports_stop(struct ports *ports)
{
    wire_free(ports->wire);
    request_free(ports->visit);
    token_free(ports->token);
    ports->wire = NULL;
    ports->visit = NULL;
    ports->token = NULL;
}

static void keep_learned(const struct ports *ports)
{
    struct governor_learned learned;

    if (ports->delivery && delivery_learned(ports->delivery, &learned))
        learned_write(ports->journal_path, clock_wall_ms(), &learned);
}

void ports_close(struct ports *ports)
{
    ports_stop(ports);
    keep_learned(ports);
    delivery_free(ports->delivery);
    ports->delivery = NULL;
}
