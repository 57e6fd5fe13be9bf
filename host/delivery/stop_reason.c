#include "delivery/stop_reason.h"

#include "base/clock.h"

#include <stdio.h>

static const struct {
    const char *name;
    bool needs_person;
    const char *says; // after the host's name
} rows[] = {
    [STOP_NONE] = {"", false, "may be sent to"},
    [STOP_TOKEN] = {"token", true, "refused the token"},
    [STOP_PASSWORD] = {"token", true, "refused the user name or the password"},
    [STOP_LOG_IN] = {"token", false,
        "allows 3 log-ins within 6 minutes, and the next is due"},
    [STOP_PREFIX] = {"prefix", true,
        "does not know the API where the profile says it is"},
    [STOP_FORBIDDEN] = {"forbidden", true, "forbids it, three times in a row"},
    [STOP_NO_ANSWER] = {"no answer", false, "does not answer"},
    [STOP_UNKNOWN] = {"unknown", true, "stopped answering in the middle"},
    [STOP_REJECTED] = {"rejected", true,
        "refused 20 releases in a row and applied none"},
    [STOP_REDIRECT] = {"redirect", true,
        "sends requests elsewhere, and that is never followed"},
    [STOP_LEAVE] = {"", false, ""},
};

const char *stop_reason_name(enum stop_reason stop)
{
    return rows[stop].name;
}

bool stop_reason_needs_person(enum stop_reason stop)
{
    return rows[stop].needs_person;
}

bool stop_reason_waits(enum stop_reason stop)
{
    return stop == STOP_TOKEN || stop == STOP_PASSWORD || stop == STOP_PREFIX ||
           stop == STOP_FORBIDDEN || stop == STOP_REDIRECT;
}

void stop_reason_say(
    const struct stop_note *note, const char *host, char *out, size_t cap)
{
    char at[CLOCK_TEXT_MAX];
    const char *words =
        note->why == STOP_LOG_IN ? clock_local(note->next_at, at) : note->words;

    const char *says = note->why == STOP_NO_ANSWER && note->status == 429
                           ? "asks for fewer requests"
                           : rows[note->why].says;

    if (note->why == STOP_LEAVE)
        snprintf(out, cap, "the run had to end");
    else
        snprintf(out, cap, "%s %s%s%s%s", host, says, words[0] ? " (" : "",
            words, words[0] ? ")" : "");
}
