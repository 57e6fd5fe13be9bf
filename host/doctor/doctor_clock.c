/* This machine's clock against the host's. */
#include "doctor/doctor_own.h"
#include "ending/clock_word.h"

/* Says nothing of a right one: that stands in the network's line. */
void doctor_clock(struct doctor *d)
{
    int64_t ahead = d->probe.ahead_ms, off = ahead < 0 ? -ahead : ahead;
    const char *host = d->customer.profile.host;
    char text[CLOCK_WORD_MAX];

    if (!d->probe.kind || !d->probe.dated || off == 0)
        return;
    clock_word_amount(ahead, text);
    if (off <= CLOCK_WORD_SMALL_MS) {
        doctor_ok(d, "clock", "%s that of %s", text, host);
        return;
    }
    if (off <= CLOCK_WORD_LARGE_MS)
        doctor_look(d, "clock",
            "this machine's clock is %s that of %s. Have it set by the "
            "network:",
            text, host);
    else
        doctor_bad(d, EXIT_STOPPED, "clock",
            "this machine's clock is %s that of %s: certificates and "
            "tokens may be refused for it, and what is kept has wrong times. "
            "Have it set by the network:",
            text, host);
    doctor_way(d, "timedatectl set-ntp true");
}
