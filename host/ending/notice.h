/* notice.h: what of a run cron has to hear: what is wrong and new, what lasts
 * since it was said a day ago, and what is over. */
#ifndef ENDING_NOTICE_H
#define ENDING_NOTICE_H

#include "ending/ending.h"
#include "ending/notice_store.h"

/* Unknown items that are told apart; half of what troubles has room for, so
 * that rows have some. */
enum { NEWS_UNKNOWN_MOST = TROUBLES_ROWS_MOST / 2 };

struct news {                               // {0}, then news_fini
    bool rows, stop, unknown, fault, other; // this has to be said
    size_t told_rows;                       // that need a person still
    int64_t stop_since;                     // 0: since this run
    struct buf over;                        // sentences about what has ended
};

/* Judges the run by what was wrong before; `t` is then as it has to be kept.
 * Lines and items that were said are marked as told. `scope` is the script and
 * its arguments. False: no memory. */
bool news_gather(struct news *news, struct problems *problems,
    struct ending_run *run, struct troubles *t, uint32_t scope);

/* What was judged cannot be kept: everything is said, and nothing is over. */
void news_say_all(
    struct news *news, struct problems *problems, struct ending_run *run);

/* Whether there is anything to say. */
bool news_any(const struct news *news);
void news_fini(struct news *news);

#endif
