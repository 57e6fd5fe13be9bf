#include "delivery/logins.h"

#include <stdlib.h>

static const char key[] = "logins";

/* The latest log-ins that still count, in the order of their writing. */
struct times {
    int64_t at[LOGINS_MOST];
    int count;
};

static void push(struct times *times, int64_t at)
{
    int i;

    if (times->count == LOGINS_MOST) {
        for (i = 1; i < LOGINS_MOST; i++)
            times->at[i - 1] = times->at[i];
        times->count--;
    }
    times->at[times->count++] = at;
}

/* A clock that was set back a little leaves times in the future; they count,
 * or every correction would be a log-in more. One that was far ahead would
 * lock out for years: what it wrote does not count. */
static bool counts(int64_t at, int64_t now_ms)
{
    return at > now_ms - LOGINS_SPAN_MS && at <= now_ms + LOGINS_SPAN_MS;
}

static void read_times(
    struct sidecar *notes, int64_t now_ms, struct times *times)
{
    struct buf text = {0};
    const char *at;
    char *end;

    times->count = 0;
    (void)sidecar_read(notes, key, &text);
    for (at = buf_text(&text);; at = end) {
        long long ms = strtoll(at, &end, 10);

        if (end == at)
            break;
        if (counts(ms, now_ms))
            push(times, ms);
    }
    buf_free(&text);
}

bool logins_allowed(struct sidecar *notes, int64_t now_ms, int64_t *next_ms)
{
    struct times times;
    int64_t first = now_ms;
    int i;

    read_times(notes, now_ms, &times);
    *next_ms = now_ms;
    if (times.count < LOGINS_MOST)
        return true;
    for (i = 0; i < times.count; i++) {
        if (times.at[i] < first)
            first = times.at[i];
    }
    *next_ms = first + LOGINS_SPAN_MS;
    return false;
}

void logins_add(struct sidecar *notes, int64_t now_ms)
{
    struct times times;
    struct buf text = {0};
    bool ok = true;
    int i;

    read_times(notes, now_ms, &times);
    push(&times, now_ms);
    for (i = 0; ok && i < times.count; i++)
        ok = buf_printf(&text, "%s%lld", i ? " " : "", (long long)times.at[i]);
    if (ok)
        (void)sidecar_write(notes, key, buf_text(&text));
    buf_free(&text);
}
