/* This machine's clock against the host's. */
#include "doctor/doctor_own.h"
#include "ending/clock_word.h"

/* Says nothing of a right one: that stands in the network's line. */
void doctor_clock(struct doctor *d)
{
    int64_t ahead = d->probe.ahead_ms, off = ahead < 0 ? -ahead : ahead;
    char text[CLOCK_WORD_MAX];

    if (!d->probe.kind || !d->probe.dated || off == 0)
        return;
    const struct doctor_fact facts[] = {
        DOCTOR_TEXT("amount", clock_word_amount(ahead, text)), {0}};
    if (off <= CLOCK_WORD_SMALL_MS)
        doctor_ok(d, "clock", "clock_close", facts);
    else if (off <= CLOCK_WORD_LARGE_MS)
        doctor_look(d, "clock", "clock_off", facts);
    else
        doctor_bad(d, EXIT_STOPPED, "clock", "clock_wrong", facts);
}
