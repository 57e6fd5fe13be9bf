/* notice_list.h: what of a run cron has to hear: what is wrong and new, what
 * lasts since it was said a day ago, and what is over. */
#ifndef ENDING_NOTICE_LIST_H
#define ENDING_NOTICE_LIST_H

#include "ending/ending_run.h"
#include "ending/notice.h"

/* Items of a kind (unknown; rejected or in conflict) that are told apart; a
 * third of what troubles has room for, so that rows have some. */
enum { NOTICE_LIST_ITEMS_MOST = NOTICES_ROWS_MOST / 3 };

struct notice_list {                        // {0}, then notice_list_fini
    bool rows, stop, unknown, fault, other; // this has to be said
    bool away, refused;                     // likewise
    size_t notice_rows;                     // that need a person still
    int64_t stop_since;                     // 0: since this run
    struct buf over;                        // sentences about what has ended
};

/* Judges the run by what was wrong before; `t` is then as it has to be kept.
 * Lines and items that were said are marked as told. `scope` is the script and
 * its arguments. False: no memory. */
bool notice_list_gather(struct notice_list *news, struct problems *problems,
    struct ending_run *run, struct notices *t, uint32_t scope);

/* What was judged cannot be kept: everything is said, and nothing is over. */
void notice_list_say_all(struct notice_list *news, struct problems *problems,
    struct ending_run *run);

/* Whether there is anything to say. */
bool notice_list_any(const struct notice_list *news);
void notice_list_fini(struct notice_list *news);

#endif
