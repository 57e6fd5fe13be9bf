/* limit.h: how many requests the mock takes, counted as servers do it.
 *
 * A rule is a number of requests for a length of time; of several each has to
 * be kept. What is over a limit is not counted. */
#ifndef MOCK_LIMIT_H
#define MOCK_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum limit_kind {
    LIMIT_BUCKET, // a token for each, refilled evenly
    LIMIT_DRF,    // Django REST framework: a log of those that were taken
    LIMIT_WINDOW, // so many in each window of the clock
    LIMIT_NGINX,  // limit_req: what is ahead of the rate, as a leaky bucket
    LIMIT_KINDS
};

enum { LIMIT_RULES_MAX = 4, LIMIT_NUMBER_MAX = 1000000 };

struct limit_rule {
    int64_t number;
    int64_t span_us;
};

struct limit_options {
    enum limit_kind kind;
    struct limit_rule rules[LIMIT_RULES_MAX];
    size_t count;  // 0: any number of requests is taken
    int64_t burst; // that a bucket holds, or nginx lets ahead; 0: of a bucket
                   // what a tenth of a second has, at least 1
    bool told;     // what is refused has Retry-After, in seconds
};

/* "bucket", "drf" …; false: none of them. What is told goes by the kind. */
bool limit_kind_read(const char *name, struct limit_options *out);

/* "bucket, drf, window, nginx": borrowed. */
const char *limit_kinds(void);

/* Reads "100" (a second), "100/s", "60/min", "20/10s", "10/s,1000/h". False:
 * it is none of that. */
bool limit_read(const char *text, struct limit_options *out);

struct limit; // owns its counts

/* From the options, which are copied. NULL: no memory. */
struct limit *limit_new(const struct limit_options *options);
void limit_free(struct limit *limit);

/* Whether one more is taken at that time, which may not go back. False: in
 * `*wait_us` it would be. */
bool limit_take(struct limit *limit, int64_t now_us, int64_t *wait_us);

/* How many nginx has taken ahead of the rate: without nodelay they wait. */
double limit_ahead(const struct limit *limit);

#endif
