#include "cmd/since.h"

#include "base/duration.h"
#include "base/instant.h"

#include <string.h>

bool since_read(const struct arguments *args, int64_t now_ms, int64_t otherwise,
    int64_t *since, struct error *err)
{
    const char *text = arguments_text(args, "since");
    struct instant instant;
    int64_t ms;

    *since = otherwise;
    if (!text)
        return true;
    if (duration_read(text, &ms))
        *since = now_ms - ms;
    else if (instant_read(text, strlen(text), &instant))
        *since = instant.seconds * 1000 + instant.nanoseconds / 1000000;
    else
        return error_set(err, ERROR_USAGE,
            "--since needs a time such as 7d, or a moment such as 2025-11-22 "
            "or 2025-11-22T02:14:07+03:00, not \"%s\"",
            text);
    return true;
}
