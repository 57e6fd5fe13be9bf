#include "mock/requests.h"

#include <string.h>

/* A client may invent methods; the rows must not run out by that. */
static const char *known_method(const char *method)
{
    static const char *const known[] = {
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i], method) == 0)
            return known[i];
    return "other";
}

void requests_count(
    struct requests *requests, const char *method, const char *route)
{
    size_t i = 0;

    method = known_method(method);
    while (i < requests->used && (requests->rows[i].method != method ||
                                     requests->rows[i].route != route))
        i++;
    if (i == REQUESTS_MAX)
        return;
    if (i == requests->used)
        requests->rows[requests->used++] =
            (struct requests_row){method, route, 0};
    requests->rows[i].count++;
}

bool requests_write(const struct requests *requests, struct buf *out)
{
    bool ok = buf_putc(out, '{');

    for (size_t i = 0; ok && i < requests->used; i++)
        ok = buf_printf(out, "%s\"%s %s\":%lu", i ? "," : "",
            requests->rows[i].method, requests->rows[i].route,
            requests->rows[i].count);
    return ok && buf_putc(out, '}');
}
