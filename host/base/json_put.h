/* json_put.h: JSON texts, written. The log writes them too, so they are here;
 * json/json.h has those that read. */
#ifndef BASE_JSON_PUT_H
#define BASE_JSON_PUT_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each adds to *b and is false when there is no memory; the buffer
 * is then as before. Invalid UTF-8 bytes become U+FFFD, so that what is
 * written is always JSON. */
bool json_put_string(struct buf *b, const char *text, size_t len);
bool json_put_int(struct buf *b, int64_t value);

/* The comma before an element, unless it is the first after [ or {. */
bool json_put_comma(struct buf *b);

/* A member's name with its colon, and the comma before it if one is due. */
bool json_put_name(struct buf *b, const char *name);

/* A whole member; text NULL is written as null. */
bool json_put_member_text(struct buf *b, const char *name, const char *text);
bool json_put_member_int(struct buf *b, const char *name, int64_t value);
bool json_put_member_bool(struct buf *b, const char *name, bool value);
bool json_put_member_null(struct buf *b, const char *name);

#endif
