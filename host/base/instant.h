/* instant.h: a moment as text.
 *
 * Reads what ERPs write: ISO 8601 with or without a zone, a date alone, the
 * `YYYY-MM-DD HH:MM:SS` of Odoo, the /Date(milliseconds)/ of OData. Without a
 * zone it is UTC. Owns nothing; knows no locale and no time zone. */
#ifndef BASE_INSTANT_H
#define BASE_INSTANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct instant {
    int64_t seconds; // since 1970, UTC
    int nanoseconds; // 0 to 999999999, on top of them
};

enum { INSTANT_TEXT_MAX = 40 };

/* False: the text is no moment between the years 1 and 9999. */
bool instant_read(const char *text, size_t len, struct instant *out);

/* "2025-11-22T02:14:07Z" into out[INSTANT_TEXT_MAX], with milliseconds or
 * microseconds where it has some. False: not between the years 1 and 9999. */
bool instant_write(struct instant instant, char *out);

/* Whether a text that instant_read takes names the zone that it is in; the
 * milliseconds of OData are in UTC. */
bool instant_has_zone(const char *text, size_t len);

/* Such a text as it would be `seconds` (0 or more) earlier, written as it is
 * itself, into out[INSTANT_TEXT_MAX]; what it does not have, such as seconds,
 * is cut off. False: it is no such text, too long, or before the year 1. */
bool instant_earlier(const char *text, size_t len, int64_t seconds, char *out);

#endif
