#include "call/damage.h"

#include "call/answer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { HUGE_BODY = 2 << 20 };

void damage_close(struct call *call, unsigned arg)
{
    (void)arg;
    call->end = CALL_CLOSE;
}

void damage_reset(struct call *call, unsigned arg)
{
    (void)arg;
    call->end = CALL_RESET;
}

void damage_status(struct call *call, unsigned status)
{
    answer_detail(call, status, "This server was told to answer %u.", status);
    if (status == 204 || status == 304) // these have no body
        buf_clear(&call->out);
}

void damage_retry_after(struct call *call, unsigned seconds)
{
    answer_detail(call, 429, "Request was throttled.");
    answer_header(call, "Retry-After", "%u", seconds);
}

void damage_retry_date(struct call *call, unsigned seconds)
{
    time_t then = time(NULL) + (time_t)seconds;
    struct tm utc;
    char date[40];

    gmtime_r(&then, &utc);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc);
    answer_detail(call, 429, "Request was throttled.");
    answer_header(call, "Retry-After", "%s", date);
}

void damage_redirect(struct call *call, unsigned arg)
{
    (void)arg;
    answer_page(call, 302, "Found");
    answer_header(call, "Location", "/login/?next=%s", call->path);
}

void damage_empty(struct call *call, unsigned arg)
{
    (void)arg;
    answer_begin(call, 200);
}

void damage_html(struct call *call, unsigned arg)
{
    (void)arg;
    answer_page(call, 200, "Log in");
}

void damage_half_json(struct call *call, unsigned arg)
{
    (void)arg;
    call->out.len /= 2;
}

/* Puts `text` in place of `len` bytes at `at` of the answer. */
static void replace(struct call *call, size_t at, size_t len, const char *text)
{
    struct buf out = {0};
    bool ok =
        buf_add(&out, call->out.data, at) && buf_puts(&out, text) &&
        buf_add(&out, call->out.data + at + len, call->out.len - at - len);

    call->broken = call->broken || !ok;
    buf_free(&call->out);
    call->out = out;
}

void damage_other_id(struct call *call, unsigned arg)
{
    static const char name[] = "\"object_id\":";
    const char *found = strstr(buf_text(&call->out), name);
    char other[30];

    (void)arg;
    if (!found)
        return;
    found += strlen(name);
    snprintf(other, sizeof other, "%" PRId64, call->id + 1);
    replace(call, (size_t)(found - call->out.data), strspn(found, "0123456789"),
        other);
}

void damage_other_code(struct call *call, unsigned arg)
{
    static const char end[] = "\"}"; // the code is the last member

    (void)arg;
    if (call->out.len >= strlen(end))
        replace(call, call->out.len - strlen(end), 0, "-other");
}

void damage_huge(struct call *call, unsigned arg)
{
    (void)arg;
    if (!buf_reserve(&call->out, HUGE_BODY)) {
        call->broken = true;
        return;
    }
    memset(call->out.data + call->out.len, ' ', HUGE_BODY);
    call->out.len += HUGE_BODY;
    call->out.data[call->out.len] = '\0';
}

void damage_push(struct call *call, unsigned arg)
{
    (void)arg;
    call->push = true;
}
