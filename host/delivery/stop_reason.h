/* stop_reason.h: why a run stops sending. */
#ifndef DELIVERY_STOP_REASON_H
#define DELIVERY_STOP_REASON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum stop_reason {
    STOP_NONE,
    STOP_TOKEN,     // 401, 407, and no log-in cures it
    STOP_PASSWORD,  // the log-in itself was refused
    STOP_LOG_IN,    // too many log-ins: a later run may
    STOP_PREFIX,    // the first look: 404, or no JSON
    STOP_FORBIDDEN, // 403 or 405, again and again
    STOP_NO_ANSWER, // no connection, 429, 5xx
    STOP_UNKNOWN,   // one unknown outcome after the other
    STOP_REJECTED,  // one refusal after the other, nothing applied
    STOP_REDIRECT,  // 3xx
    STOP_LEAVE,     // a signal or the deadline: the run has to end
};

/* "token", "prefix" …: the word for scripts and summaries; "" for STOP_NONE
 * and STOP_LEAVE, which is no judgement of the host. */
const char *stop_reason_name(enum stop_reason stop);

/* Nothing is sent before a person has mended it. */
bool stop_reason_waits(enum stop_reason stop);

/* A person must act, or else a later run goes on by itself. */
bool stop_reason_needs_person(enum stop_reason stop);

enum { STOP_WORDS_MAX = 300 };

struct stop_note {
    enum stop_reason why;
    const char *kind; // how far it got, as transfer_reply's; NULL: not known
    int status;       // of the reply that it was read from, 0
    char words[STOP_WORDS_MAX + 1]; // the host's or libcurl's, ""
    int64_t next_at;                // STOP_LOG_IN: wall clock, ms
};

/* A sentence for people, as "acme.omnitron.net refused the token (401 …)". */
void stop_reason_say(
    const struct stop_note *note, const char *host, char *out, size_t cap);

#endif
