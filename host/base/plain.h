/* plain.h: text of others, for a line and for a terminal.
 *
 * A host's words, a rule's message, a name out of a file may hold anything.
 * What a terminal obeys or what hides text is escaped: control characters
 * (also U+0080 to U+009F), what turns the direction of writing, characters
 * without width, line ends of Unicode's own, what is no character, bytes that
 * are no UTF-8. shown.h writes the same ones out for a page. */
#ifndef BASE_PLAIN_H
#define BASE_PLAIN_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether a character is one of those. */
bool plain_is_odd(uint32_t point);

/* Adds the text as one line: "\n", "\x1B", "\u{202E}" stand for what is
 * escaped. Of more than `most` bytes the rest is left out, and "…" says so;
 * no character is cut. False: no memory. */
bool plain_add(struct buf *out, const char *text, size_t len, size_t most);
bool plain_put(struct buf *out, const char *text, size_t most);

/* The same into out[cap], NUL included; returns out. */
char *plain_copy(const char *text, char *out, size_t cap);

/* Escapes, in the JSON that begins at out->data[from], what is left in it
 * that plain_is_odd and is not within ASCII: "\u202E". It means the same. */
bool plain_json(struct buf *out, size_t from);

/* The columns that a valid text takes: wide characters take two, marks that
 * are put on others none. */
size_t plain_width(const char *text, size_t len);

#endif
