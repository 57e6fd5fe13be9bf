#include "mock/serve.h"

#include "base/clock.h"
#include "base/mem.h"
#include "call/answer.h"
#include "mock/canned_own.h"
#include "mock/fault.h"
#include "mock/mapping.h"
#include "mock/outage.h"
#include "mock/router.h"

enum {
    BODY_MAX = 2621440, // Django's DATA_UPLOAD_MAX_MEMORY_SIZE
    US_PER_S = 1000000
};

static void call_free(struct call *call)
{
    buf_free(&call->body);
    buf_free(&call->out);
    buf_free(&call->header_value);
    buf_free(&call->script.bytes);
    mem_free(call);
}

/* Nobody asked for it: it waits on the idle connection. */
static const char unasked[] = "HTTP/1.1 400 Bad Request\r\n"
                              "Content-Type: application/json\r\n"
                              "Content-Length: 20\r\n\r\n"
                              "{\"detail\":\"Unasked\"}";

void serve_forget(void *cls, struct MHD_Connection *connection, void **state,
    enum MHD_RequestTerminationCode why)
{
    struct call *call = *state;

    (void)cls;
    *state = NULL;
    if (!call)
        return;
    if (call->push && why == MHD_REQUEST_TERMINATED_COMPLETED_OK)
        breaker_push(connection, unasked);
    call_free(call);
}

/* No byte of a reply goes out: the entry says so. */
static void settle_entry(struct call *call)
{
    struct ledger_entry *entry = call->entry;
    bool silent = call->end == CALL_CLOSE || call->end == CALL_RESET ||
                  (call->end == CALL_SCRIPT && call->script.bytes.len == 0);

    if (!entry)
        return;
    entry->dropped = silent && !call->broken;
    if (call->broken)
        entry->status = 500;
    else if (!silent)
        entry->status = (uint16_t)call->status;
}

static void act(struct call *call)
{
    call->fault->act(call, call->fault_arg);
    if (call->entry)
        call->entry->fault = call->fault->name;
}

/* Closes, or resets, what is to have no reply. */
static enum MHD_Result close_now(const struct call *call)
{
    if (call->end == CALL_RESET ||
        (call->end == CALL_SCRIPT && call->script.reset))
        breaker_reset(call->connection);
    return MHD_NO;
}

/* Chooses the fault of a create_mapping; one that comes before the body is
 * read comes now. */
static enum MHD_Result befall(struct site *site, struct call *call)
{
    if (!route_is_mapping(call))
        return MHD_YES;
    uint64_t n = site->create_mappings++;
    if (outage_of(&site->options))
        return MHD_YES;
    call->fault = fault_choose(&site->options, n, call->id, &call->fault_arg);
    if (!call->fault || call->fault->stage != FAULT_UNREAD)
        return MHD_YES;
    mapping_unread(call);
    act(call);
    settle_entry(call);
    return close_now(call);
}

static enum MHD_Result begin(struct serve *serve,
    struct MHD_Connection *connection, const char *path, const char *method,
    void **state)
{
    struct site *site = serve->site;
    struct call *call = mem_calloc(1, sizeof *call);

    if (!call)
        return MHD_NO;
    *state = call;
    call->site = site;
    call->connection = connection;
    call->path = path;
    call->method = method;
    route_find(call);
    if (route_is_own(call))
        return MHD_YES;
    requests_count(&site->requests, method, route_name(call));
    return befall(site, call);
}

static enum MHD_Result collect(
    struct call *call, const char *bytes, size_t *size)
{
    bool ok = true;

    if (*size > BODY_MAX - call->body.len)
        call->body_too_long = true;
    else
        ok = buf_add(&call->body, bytes, *size);
    *size = 0;
    return ok ? MHD_YES : MHD_NO;
}

/* The answer in place of one for which there was no memory. */
static struct MHD_Response *no_memory_response(struct call *call)
{
    static char text[] = "{\"detail\":\"This server is out of memory.\"}";

    call->status = 500;
    call->type = "application/json";
    call->header = NULL;
    return MHD_create_response_from_buffer(
        sizeof text - 1, text, MHD_RESPMEM_PERSISTENT);
}

/* Takes the answer's bytes out of the call. */
static struct MHD_Response *make_response(struct call *call)
{
    struct MHD_Response *response;

    if (call->broken)
        return no_memory_response(call);
    if (call->out.len == 0)
        return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    response = MHD_create_response_from_buffer_with_free_callback(
        call->out.len, call->out.data, mem_free);
    if (response)
        call->out = (struct buf){0};
    return response;
}

static bool add_header(
    struct MHD_Response *response, const char *name, const char *value)
{
    return MHD_add_response_header(response, name, value) == MHD_YES;
}

static bool add_canned(
    const struct canned_reply *canned, struct MHD_Response *response)
{
    bool ok = true;

    for (size_t i = 0; ok && i < canned->header_count; i++)
        ok = add_header(
            response, canned->headers[i].name, canned->headers[i].value);
    return ok;
}

static bool add_headers(const struct call *call, struct MHD_Response *response)
{
    return (!call->type || add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                               call->type)) &&
           (!call->header || add_header(response, call->header,
                                 buf_text(&call->header_value))) &&
           (!call->canned || add_canned(call->canned, response));
}

static enum MHD_Result reply(struct call *call)
{
    struct MHD_Response *response = make_response(call);
    enum MHD_Result result = MHD_NO;

    if (!response)
        return MHD_NO;
    if (add_headers(call, response))
        result = MHD_queue_response(call->connection, call->status, response);
    MHD_destroy_response(response);
    return result;
}

/* Above the limit none does either. */
static void answer_throttled(struct call *call, int64_t wait_us)
{
    const struct limit_options *limit = &call->site->options.limit;

    answer_detail(call, 429, "Request was throttled.");
    if (limit->told)
        answer_header(call, "Retry-After", "%lld",
            (long long)((wait_us + US_PER_S - 1) / US_PER_S));
    if (route_is_mapping(call))
        mapping_denied(call);
}

static bool is_over_limit(struct call *call, int64_t *wait_us)
{
    return !route_is_own(call) &&
           !limit_take(call->site->limit, clock_monotonic_us(), wait_us);
}

/* In an outage no handler sees it. */
static void answer_outage(struct call *call, const struct outage_row *outage)
{
    outage->act(call, outage->arg);
    if (route_is_mapping(call))
        mapping_denied(call);
    if (call->entry)
        call->entry->outage = outage->name;
}

static void answer_fault(struct call *call)
{
    if (call->fault->stage == FAULT_REFUSED) {
        mapping_denied(call);
        act(call);
        return;
    }
    route_answer(call);
    if (call->fault->stage == FAULT_REPLY ||
        (call->entry && call->entry->applied))
        act(call);
}

static void answer(struct call *call)
{
    const struct outage_row *outage = outage_of(&call->site->options);
    int64_t wait_us;

    call->answered = true;
    if (outage && !route_is_own(call))
        answer_outage(call, outage);
    else if (is_over_limit(call, &wait_us))
        answer_throttled(call, wait_us);
    else if (call->fault)
        answer_fault(call);
    else
        route_answer(call);
    settle_entry(call);
}

/* Sends what the call came to; called again when a script is through. */
static enum MHD_Result deliver(struct serve *serve, struct call *call)
{
    if (call->end == CALL_REPLY || call->broken)
        return reply(call);
    if (call->end == CALL_SCRIPT && !call->scripted) {
        call->scripted = true;
        if (breaker_add(serve->breaker, &call->script, call->connection))
            return MHD_YES;
    }
    return close_now(call);
}

/* A request that is there as a whole; called again when it has waited.
 * MHD_NO closes the connection, without a byte of a reply. */
static enum MHD_Result finish(struct serve *serve, struct call *call)
{
    if (!call->answered) {
        answer(call);
        unsigned latency_ms = serve->site->options.latency_ms + call->delay_ms;
        if (latency_ms > 0 &&
            pause_add(serve->pause, &call->slot, call->connection, latency_ms))
            return MHD_YES;
    }
    return deliver(serve, call);
}

enum MHD_Result serve_request(void *cls, struct MHD_Connection *connection,
    const char *path, const char *method, const char *version,
    const char *bytes, size_t *size, void **state)
{
    struct serve *serve = cls;

    (void)version;
    if (!*state)
        return begin(serve, connection, path, method, state);
    if (*size > 0)
        return collect(*state, bytes, size);
    return finish(serve, *state);
}
