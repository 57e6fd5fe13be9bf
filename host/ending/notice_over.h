/* notice_over.h: the sentence about a trouble that has ended. */
#ifndef ENDING_NOTICE_OVER_H
#define ENDING_NOTICE_OVER_H

#include "ending/ending_run.h"
#include "ending/notice.h"

/* Adds a line; nothing for a trouble whose end is no news. False: no memory.
 */
bool notice_over_put(struct buf *out, const struct notice *trouble,
    const struct ending_run *run);

/* "1 h 02 min", "45 s", "3 days 2 h". */
bool notice_over_put_span(struct buf *out, int64_t ms);

#endif
