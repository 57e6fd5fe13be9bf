#include "delivery/learned.h"

#include "journal/sidecar.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum {
    DAY_MS = 24 * 3600 * 1000,
    RATE_MOST = 100000, // a second
    SILENCE_MOST_S = 24 * 3600
};

static const char key[] = "pace";

static bool is_between(double value, double most)
{
    return isfinite(value) && value >= 0 && value <= most;
}

/* Anybody may have written there. */
static bool parse(const char *text, int64_t now_ms, struct governor_learned *to)
{
    int64_t at;
    struct quota_learned *quota = &to->quota;
    int carries = 0;
    bool ok = sscanf(text, "%3d %12lf %12lf %12" SCNd64 " %1d %15" SCNd64,
                  &to->window, &quota->per_second, &quota->silence_s,
                  &quota->calm, &carries, &at) == 6;

    quota->carries = carries == 1;

    return ok && at <= now_ms && now_ms - at < DAY_MS && to->window >= 1 &&
           to->window <= GOVERNOR_MOST &&
           is_between(quota->per_second, RATE_MOST) &&
           is_between(quota->silence_s, SILENCE_MOST_S) && quota->calm >= 0;
}

void learned_read(
    const char *journal, int64_t now_ms, struct governor_learned *learned)
{
    struct sidecar *notes = journal ? sidecar_open(journal) : NULL;
    struct buf text = {0};

    if (!notes || !sidecar_read(notes, key, &text) ||
        !parse(buf_text(&text), now_ms, learned))
        *learned = (struct governor_learned){0};
    buf_free(&text);
    sidecar_close(notes);
}

void learned_write(
    const char *journal, int64_t now_ms, const struct governor_learned *learned)
{
    struct sidecar *notes = journal ? sidecar_open(journal) : NULL;
    const struct quota_learned *quota = &learned->quota;
    char text[120];

    snprintf(text, sizeof text, "%d %.5f %.3f %" PRId64 " %d %" PRId64,
        learned->window, quota->per_second, quota->silence_s, quota->calm,
        quota->carries, now_ms);
    if (notes)
        (void)sidecar_write(notes, key, text);
    sidecar_close(notes);
}
