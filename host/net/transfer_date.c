#include "base/clock.h"
#include "net/multi.h"

#include <stdio.h>

int64_t transfer_ahead_of(int64_t date_s, int64_t from_ms, int64_t to_ms)
{
    int64_t least = date_s * 1000, most = least + 999;

    if (from_ms > most)
        return from_ms - most;
    return to_ms < least ? to_ms - least : 0;
}

bool transfer_ahead(const struct transfer_reply *reply, int64_t *ahead_ms)
{
    int64_t now = clock_real_ms();
    const char *value;
    char text[64];
    size_t len;

    *ahead_ms = 0;
    if (!transfer_header(reply, "date", &value, &len))
        return false;
    snprintf(text, sizeof text, "%.*s", (int)len, value);
    time_t date = curl_getdate(text, NULL);
    if (date > 0)
        *ahead_ms = transfer_ahead_of((int64_t)date, now - reply->ms, now);
    return date > 0;
}
