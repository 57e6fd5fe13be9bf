#include "mock/page.h"

#include "call/answer.h"
#include "mock/site.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

enum { LIMIT = 10, LIMIT_MAX = 100 };

/* A positive number of the query; 0: it is none. */
static int64_t read_positive(
    const struct call *call, const char *name, int64_t absent)
{
    const char *text = call_query(call, name);
    char *end;
    int64_t number;

    if (!text)
        return absent;
    if (*text < '0' || *text > '9')
        return 0;
    errno = 0;
    number = strtoll(text, &end, 10);
    return errno == 0 && !*end ? number : 0;
}

static int64_t read_limit(const struct call *call)
{
    int64_t limit = read_positive(call, "limit", LIMIT);

    if (limit == 0)
        return LIMIT;
    return limit < LIMIT_MAX ? limit : LIMIT_MAX;
}

/* The whole URL of another page of this list; page 1 goes without a number. */
static void put_link(struct call *call, bool exists, int64_t number)
{
    struct buf link = {0};
    bool ok;

    if (!exists) {
        answer_text(call, "null");
        return;
    }
    ok = call_query_without(call, "page", &link);
    if (ok && number > 1)
        ok = (link.len == 0 || buf_putc(&link, '&')) &&
             buf_printf(&link, "page=%" PRId64, number);
    call->broken = call->broken || !ok;
    answer_printf(call, "\"%s", call->site->url);
    answer_text(call, call->path);
    answer_text(call, link.len > 0 ? "?" : "");
    answer_text(call, buf_text(&link));
    answer_text(call, "\"");
    buf_free(&link);
}

bool page_begin(struct call *call, int64_t count, struct page *page)
{
    int64_t limit = read_limit(call);
    int64_t number = read_positive(call, "page", 1);
    int64_t last = count > 0 ? (count - 1) / limit + 1 : 1;

    if (number < 1 || number > last) {
        answer_detail(call, 404, "Invalid page.");
        return false;
    }
    page->first = (number - 1) * limit;
    page->end = number < last ? page->first + limit : count;
    answer_begin(call, 200);
    answer_printf(call, "{\"count\":%" PRId64 ",\"next\":", count);
    put_link(call, number < last, number + 1);
    answer_text(call, ",\"previous\":");
    put_link(call, number > 1, number - 1);
    answer_text(call, ",\"results\":[");
    return true;
}

void page_comma(struct call *call, const struct page *page, int64_t i)
{
    if (i > page->first)
        answer_text(call, ",");
}

void page_end(struct call *call)
{
    answer_text(call, "]}");
}
