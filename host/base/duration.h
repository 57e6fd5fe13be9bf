/* duration.h: "24h", "500ms" and "256M", as profiles and options write them.
 *
 * A whole number and one unit, nothing around it. Neither owns anything, nor
 * depends on the locale. */
#ifndef BASE_DURATION_H
#define BASE_DURATION_H

#include <stdbool.h>
#include <stdint.h>

/* Units ms, s, m, h, d, w. False, *ms untouched: it is something else, or
 * does not fit. */
bool duration_read(const char *text, int64_t *ms);

/* Units K, M, G (1024 to the power of 1, 2, 3), or none for bytes. False,
 * *bytes untouched: likewise. */
bool duration_read_size(const char *text, int64_t *bytes);

#endif
