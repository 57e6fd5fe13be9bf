/* report_words.h: numbers, times and codes as people read them. */
#ifndef REPORT_REPORT_WORDS_H
#define REPORT_REPORT_WORDS_H

#include "base/exit_code.h"
#include "report/report.h"

/* Each function fills and returns `out`, which has room for WORDS_MAX; 32
 * are enough for words_count, CALENDAR_TEXT_MAX for words_moment. */
enum { WORDS_MAX = 400 };

/* "4,183" */
char *words_count(int64_t n, char *out);

/* "1 run", "4,183 runs" */
char *words_many(int64_t n, const char *one, const char *many, char *out);

/* "45 ms", "1.2 s", "12 min", "3 h 20 min", "3 d 4 h" */
char *words_span(int64_t ms, char *out);

/* "Wed 19 Nov 14:00"; in a stretch of more than a month "19 Nov 2025". */
char *words_moment(const struct calendar *c, int64_t at, char *out);

/* "7 days", "26 hours", "1 h 22 min", "22 minutes": how long a stretch is. */
char *words_stretch(const struct calendar *c, char *out);

/* "nothing to send in 3 of them", "": in how many runs there was nothing. */
char *words_idle(const struct tally_runs *runs, char *out);

/* "0", "killed"; and what it means, as README has it. */
char *words_exit(int code, char *out);
const char *words_exit_meaning(int code);

/* Who acts on it. */
enum exit_weight words_exit_weight(int code);

/* What the page's style calls it. */
const char *words_exit_class(enum exit_weight weight);

/* "acme.omnitron.net does not answer", for the summary's "no answer". */
char *words_stop(const char *host, const char *why, char *out);

/* "3 throttled (429)": one group of what was tried again. */
char *words_try(const struct tally_group *group, char *out);

#endif
