/* logins.h: at most 3 log-ins in 6 minutes, kept across runs.
 *
 * A host locks a user out who logs in too often; cron would do it within the
 * hour. The times are wall clock, in the notes beside the journal. */
#ifndef DELIVERY_LOGINS_H
#define DELIVERY_LOGINS_H

#include "journal/sidecar.h"

#include <stdint.h>

enum { LOGINS_MOST = 3, LOGINS_SPAN_MS = 6 * 60 * 1000 };

/* Whether one may log in at `now_ms`. `*next_ms` is when: now, or at most
 * LOGINS_SPAN_MS later. */
bool logins_allowed(struct sidecar *notes, int64_t now_ms, int64_t *next_ms);

/* Before a log-in is sent: it counts whatever becomes of it. */
void logins_add(struct sidecar *notes, int64_t now_ms);

#endif
