/* This machine's clock against the host's. */
#include "cmd/doctor_own.h"

#include <stdio.h>

enum { SMALL_MS = 60 * 1000, LARGE_MS = 10 * 60 * 1000, TEXT_MAX = 40 };

static const char *amount(int64_t ms, char out[TEXT_MAX])
{
    if (ms < SMALL_MS * 2)
        snprintf(out, TEXT_MAX, "%.1f s", (double)ms / 1000);
    else if (ms < (int64_t)120 * SMALL_MS)
        snprintf(out, TEXT_MAX, "%lld min", (long long)(ms / 60000));
    else
        snprintf(out, TEXT_MAX, "%lld h", (long long)(ms / 3600000));
    return out;
}

/* Says nothing of a right one: that stands in the network's line. */
void doctor_clock(struct doctor *d)
{
    int64_t ahead = d->probe.ahead_ms, off = ahead < 0 ? -ahead : ahead;
    const char *host = d->customer.profile.host;
    const char *side = ahead < 0 ? "behind" : "ahead of";
    char text[TEXT_MAX];

    if (!d->probe.kind || !d->probe.dated || off == 0)
        return;
    amount(off, text);
    if (off <= SMALL_MS) {
        doctor_ok(d, "clock", "%s %s that of %s", text, side, host);
        return;
    }
    if (off <= LARGE_MS)
        doctor_look(d, "clock",
            "this machine's clock is %s %s that of %s. Have it set by the "
            "network:",
            text, side, host);
    else
        doctor_bad(d, EXIT_STOPPED, "clock",
            "this machine's clock is %s %s that of %s: certificates and "
            "tokens may be refused for it, and what is kept has wrong times. "
            "Have it set by the network:",
            text, side, host);
    doctor_way("timedatectl set-ntp true");
}
