#include "mock/serve.h"

#include "base/mem.h"
#include "mock/answer.h"
#include "mock/route.h"

enum { BODY_MAX = 2621440 }; // Django's DATA_UPLOAD_MAX_MEMORY_SIZE

static void call_free(struct call *call)
{
    buf_free(&call->body);
    buf_free(&call->out);
    buf_free(&call->header_value);
    mem_free(call);
}

void serve_forget(void *cls, struct MHD_Connection *connection, void **state,
    enum MHD_RequestTerminationCode why)
{
    (void)cls;
    (void)connection;
    (void)why;
    if (*state)
        call_free(*state);
    *state = NULL;
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
    if (route_is_mapping(call))
        call->fault = fault_choose(&site->options, site->create_mappings++);
    return MHD_YES;
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
    static char text[] = "{\"detail\":\"The mock is out of memory.\"}";

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

static bool add_headers(const struct call *call, struct MHD_Response *response)
{
    return MHD_add_response_header(
               response, MHD_HTTP_HEADER_CONTENT_TYPE, call->type) == MHD_YES &&
           (!call->header || MHD_add_response_header(response, call->header,
                                 buf_text(&call->header_value)) == MHD_YES);
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

/* A request that is there as a whole; called again when it has waited.
 * MHD_NO closes the connection, without a byte of a reply. */
static enum MHD_Result finish(struct serve *serve, struct call *call)
{
    unsigned latency_ms = serve->site->options.latency_ms;

    if (!call->answered) {
        call->answered = true;
        route_answer(call);
        if (latency_ms > 0 &&
            pause_add(serve->pause, &call->slot, call->connection, latency_ms))
            return MHD_YES;
    }
    return call->drop ? MHD_NO : reply(call);
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
