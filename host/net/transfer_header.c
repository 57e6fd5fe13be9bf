/* The headers of a reply. */
#include "base/ascii.h"
#include "net/transfer.h"

#include <string.h>

static bool name_is(const char *line, size_t len, const char *name)
{
    size_t n = strlen(name);

    return len > n && line[n] == ':' && ascii_begins(line, name);
}

bool transfer_header(const struct transfer_reply *reply, const char *name,
    const char **value, size_t *len)
{
    const char *line = buf_text(&reply->head);
    const char *end = line + reply->head.len;
    bool found = false;

    while (line < end) {
        const char *eol = memchr(line, '\n', (size_t)(end - line));
        const char *stop = eol ? eol : end;
        if (name_is(line, (size_t)(stop - line), name)) {
            const char *from = line + strlen(name) + 1;
            while (from < stop && (*from == ' ' || *from == '\t'))
                from++;
            const char *to = stop;
            while (to > from && (to[-1] == '\r' || to[-1] == ' '))
                to--;
            *value = from;
            *len = (size_t)(to - from);
            found = true;
        }
        line = stop + 1;
    }
    return found;
}
