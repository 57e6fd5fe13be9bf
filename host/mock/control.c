#include "mock/control.h"

#include "call/answer.h"
#include "call/body.h"
#include "mock/fault.h"
#include "mock/fault_text.h"
#include "mock/options.h"
#include "mock/outage.h"
#include "mock/site.h"

#include <string.h>

static void end_outage(struct mock_options *options)
{
    options->outage = 0;
}

static void end_faults(struct mock_options *options)
{
    options->fault_count = 0;
}

static bool read_faults(
    const char *text, struct mock_options *options, struct error *err)
{
    return fault_text_read(text, options, err) && options_fit_tls(options, err);
}

struct control { // a body of one member, or null
    const char *member;
    void (*clear)(struct mock_options *options);
    bool (*read)(
        const char *text, struct mock_options *options, struct error *err);
};

static bool read_member(const struct control *control,
    const struct json_value *object, struct mock_options *options,
    struct error *err)
{
    struct json_value value = {0};
    struct buf text = {0};
    bool ok;

    json_member(object, control->member, &value);
    if (value.type != JSON_STRING && value.type != JSON_NULL)
        return error_set(err, ERROR_USAGE,
            "the body needs \"%s\": a text or null", control->member);
    control->clear(options);
    if (value.type == JSON_NULL)
        return true;
    ok = json_string(&value, &text)
             ? control->read(buf_text(&text), options, err)
             : error_memory(err);
    buf_free(&text);
    return ok;
}

static void change(struct call *call, const struct control *control)
{
    struct mock_options options = call->site->options;
    struct error err = {0};
    struct body body;
    bool read = body_read_own(call, &body);

    if (body.alien && body.object.type == JSON_NULL) {
        control->clear(&call->site->options);
        answer_begin(call, 200);
        answer_text(call, "{}");
    } else if (!read) {
        body_answer(call, &body);
    } else if (read_member(control, &body.object, &options, &err)) {
        call->site->options = options;
        answer_begin(call, 200);
        answer_text(call, "{}");
    } else {
        answer_detail(
            call, err.kind == ERROR_MEMORY ? 500 : 400, "%s", err.text);
    }
}

void control_outage(struct call *call)
{
    change(call, &(struct control){"kind", end_outage, outage_read});
}

void control_fault(struct call *call)
{
    change(call, &(struct control){"fault", end_faults, read_faults});
}

void control_who(struct call *call)
{
    answer_begin(call, 200);
    answer_text(call, "{\"who\":\"omnitron mock\"}");
}

void control_requests(struct call *call)
{
    answer_begin(call, 200);
    if (!requests_write(&call->site->requests, &call->out))
        call->broken = true;
}
