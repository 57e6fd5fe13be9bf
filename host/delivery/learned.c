#include "delivery/learned.h"

#include "journal/sidecar.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum { DAY_MS = 24 * 3600 * 1000, RATE_MOST = 100000 };

static const char key[] = "pace";

/* Anybody may have written there. */
static bool parse(const char *text, int64_t now_ms, struct governor_learned *to)
{
    int64_t at;
    bool ok = sscanf(text, "%3d %12lf %15" SCNd64, &to->window, &to->per_second,
                  &at) == 3;

    return ok && at <= now_ms && now_ms - at < DAY_MS && to->window >= 1 &&
           to->window <= GOVERNOR_MOST && isfinite(to->per_second) &&
           to->per_second >= 0 && to->per_second <= RATE_MOST;
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
    char text[80];

    snprintf(text, sizeof text, "%d %.3f %" PRId64, learned->window,
        learned->per_second, now_ms);
    if (notes)
        (void)sidecar_write(notes, key, text);
    sidecar_close(notes);
}
