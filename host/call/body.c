#include "call/body.h"

#include "call/answer.h"

#include <stdio.h>
#include <string.h>

static bool is_json(const char *type)
{
    static const char json[] = "application/json";
    size_t len = sizeof json - 1;

    return type && strncmp(type, json, len) == 0 &&
           strchr(" \t;", type[len]); // or its end
}

static bool read(const struct call *call, bool any_type, struct body *body)
{
    const struct buf *bytes = &call->body;

    memset(body, 0, sizeof *body);
    if (call->body_too_long) {
        body->status = 413;
        return false;
    }
    if (bytes->len == 0) // the framework sees no data, of whatever type
        return json_parse("{}", 2, &body->object, &body->why);
    if (!any_type && !is_json(call_header(call, "Content-Type"))) {
        body->status = 415;
        return false;
    }
    body->status = 400;
    if (!json_parse(bytes->data, bytes->len, &body->object, &body->why))
        return false;
    body->alien = body->object.type != JSON_OBJECT;
    return !body->alien;
}

bool body_read(const struct call *call, struct body *body)
{
    return read(call, false, body);
}

bool body_read_own(const struct call *call, struct body *body)
{
    return read(call, true, body);
}

static const char *type_name(enum json_type type)
{
    switch (type) {
    case JSON_ARRAY:
        return "list";
    case JSON_STRING:
        return "str";
    case JSON_NUMBER:
        return "int";
    case JSON_BOOL:
        return "bool";
    default:
        return "NoneType";
    }
}

static void answer_alien(struct call *call, enum json_type type)
{
    char text[100];

    snprintf(text, sizeof text,
        "Invalid data. Expected a dictionary, but got %s.", type_name(type));
    answer_bad_field(call, "non_field_errors", text);
}

void body_answer(struct call *call, const struct body *body)
{
    const char *type = call_header(call, "Content-Type");

    if (body->alien)
        answer_alien(call, body->object.type);
    else if (body->status == 413)
        answer_detail(call, 413, "The request body is too large.");
    else if (body->status == 415)
        answer_detail(call, 415, "Unsupported media type \"%s\" in request.",
            type ? type : "");
    else
        answer_detail(call, 400, "JSON parse error - %s", body->why.text);
}
