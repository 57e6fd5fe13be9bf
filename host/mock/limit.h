/* limit.h: how many requests a second the mock takes. A bucket that gets so
 * many tokens a second and holds those of a tenth of one. */
#ifndef MOCK_LIMIT_H
#define MOCK_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

struct limit { // {0} is full
    double used;
    int64_t at_us;
};

/* Takes a token; false: there is none. `per_second` 0: there always is. */
bool limit_take(struct limit *limit, unsigned per_second, int64_t now_us);

#endif
