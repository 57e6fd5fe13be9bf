#include "call/answer.h"

#include "json/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void need(struct call *call, bool ok)
{
    if (!ok)
        call->broken = true;
}

void answer_begin(struct call *call, unsigned status)
{
    buf_clear(&call->out);
    buf_clear(&call->header_value);
    call->header = NULL;
    call->status = status;
    call->type = "application/json";
}

void answer_text(struct call *call, const char *text)
{
    need(call, buf_puts(&call->out, text));
}

/* For short pieces: numbers and names of our own. */
void answer_printf(struct call *call, const char *fmt, ...)
{
    char piece[400];
    va_list args;

    va_start(args, fmt);
    vsnprintf(piece, sizeof piece, fmt, args);
    va_end(args);
    answer_text(call, piece);
}

void answer_string(struct call *call, const char *text, size_t len)
{
    need(call, json_put_string(&call->out, text, len));
}

void answer_header(struct call *call, const char *name, const char *fmt, ...)
{
    char value[400];
    va_list args;

    va_start(args, fmt);
    vsnprintf(value, sizeof value, fmt, args);
    va_end(args);
    call->header = name;
    buf_clear(&call->header_value);
    need(call, buf_puts(&call->header_value, value));
}

void answer_detail(struct call *call, unsigned status, const char *fmt, ...)
{
    char detail[300];
    va_list args;

    va_start(args, fmt);
    vsnprintf(detail, sizeof detail, fmt, args);
    va_end(args);
    answer_begin(call, status);
    answer_text(call, "{\"detail\":");
    answer_string(call, detail, strlen(detail));
    answer_text(call, "}");
}

void answer_not_found(struct call *call)
{
    answer_detail(call, 404, "Not found.");
}

void answer_bad_field(struct call *call, const char *field, const char *message)
{
    bool more = call->status == 400 && call->out.len > 0;

    if (more)
        call->out.data[call->out.len - 1] = ','; // was the closing brace
    else
        answer_begin(call, 400);
    answer_text(call, more ? "" : "{");
    answer_string(call, field, strlen(field));
    answer_text(call, ":[");
    answer_string(call, message, strlen(message));
    answer_text(call, "]}");
}

void answer_page(struct call *call, unsigned status, const char *title)
{
    answer_begin(call, status);
    call->type = "text/html; charset=utf-8";
    answer_printf(call, "<!doctype html>\n<title>%s</title>\n<h1>%s</h1>\n",
        title, title);
}
