#include "ending/clock_word.h"

#include "base/clock.h"
#include "base/log.h"
#include "journal/sidecar.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { DAY_MS = 24 * 60 * 60 * 1000, MINUTE_MS = 60 * 1000 };

static const char key[] = "clock";

const char *clock_word_amount(int64_t ahead_ms, char *out)
{
    int64_t off = ahead_ms < 0 ? -ahead_ms : ahead_ms;
    const char *side = ahead_ms < 0 ? "behind" : "ahead of";

    if (off < 2 * MINUTE_MS)
        snprintf(out, CLOCK_WORD_MAX, "%.1f s %s", (double)off / 1000, side);
    else if (off < 120 * (int64_t)MINUTE_MS)
        snprintf(out, CLOCK_WORD_MAX, "%" PRId64 " min %s",
            (off + MINUTE_MS / 2) / MINUTE_MS, side);
    else
        snprintf(out, CLOCK_WORD_MAX, "%" PRId64 " h %s",
            (off + 30 * MINUTE_MS) / (60 * (int64_t)MINUTE_MS), side);
    return out;
}

/* By the clock that is wrong; it was said today by that one, too. */
static bool was_said(struct sidecar *notes)
{
    struct buf text = {0};
    int64_t now = clock_wall_ms(), at = 0;

    if (sidecar_read(notes, key, &text))
        at = strtoll(buf_text(&text), NULL, 10);
    buf_free(&text);
    return at <= now && now - at < DAY_MS;
}

static void note(struct sidecar *notes)
{
    char text[24];

    snprintf(text, sizeof text, "%" PRId64, clock_wall_ms());
    (void)sidecar_write(notes, key, text);
}

void clock_word(const char *journal, const char *host, int64_t ahead_ms)
{
    int64_t off = ahead_ms < 0 ? -ahead_ms : ahead_ms;
    struct sidecar *notes =
        off > CLOCK_WORD_LARGE_MS ? sidecar_open(journal) : NULL;
    char amount[CLOCK_WORD_MAX];

    if (!notes)
        return;
    if (!was_said(notes)) {
        log_warn("this machine's clock is %s that of %s: certificates and "
                 "tokens may be refused for it. Have it set by the network: "
                 "timedatectl set-ntp true",
            clock_word_amount(ahead_ms, amount), host);
        note(notes);
    }
    sidecar_close(notes);
}
