/* advice.h: what the end of a run says beside its lines: why sending
 * stopped, what is kept, rejected or unknown, and what to do about it. */
#ifndef ENDING_ADVICE_H
#define ENDING_ADVICE_H

#include "ending/ending_run.h"

/* Each adds whole lines, or nothing. False: no memory. */
bool advice_stop(const struct ending_run *run, struct buf *out);
bool advice_kept(const struct problems *problems, const struct ending_run *run,
    struct buf *out);
bool advice_refused(const struct ending_run *run, struct buf *out);
bool advice_unknown(const struct problems *problems,
    const struct ending_run *run, struct buf *out);

/* Which hosts were away, and what that cost. */
bool advice_away(const struct ending_run *run, struct buf *out);

#endif
