/* escape.h: text of others, for a line, a terminal, HTML, a shell.
 *
 * A host's words, a rule's message, a name out of a file may hold anything.
 * What a terminal obeys or what hides text is escaped: control characters
 * (also U+0080 to U+009F), what turns the direction of writing, characters
 * without width, line ends of Unicode's own, what is no character, bytes that
 * are no UTF-8. */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether a character is one of those. */
bool escape_is_odd(uint32_t point);

/* Adds the text as one line: "\n", "\x1B", "\u{202E}" stand for what is
 * escaped. Of more than `most` bytes the rest is left out, and "…" says so;
 * no character is cut. False: no memory. */
bool escape_add(struct buf *out, const char *text, size_t len, size_t most);
bool escape_put(struct buf *out, const char *text, size_t most);

/* Escapes what is left in out->data[from] and on, a text of several lines, but
 * for its line ends and what `keep` says. False: no memory, and no change. */
enum escape_keep {
    ESCAPE_LINES = 0,
    ESCAPE_TABS = 1,   // tabs, too
    ESCAPE_COLOURS = 2 // and what makes words red, green and yellow
};
bool escape_lines(struct buf *out, size_t from, unsigned keep);

/* As escape_put, of a text that a secret may be in: masked first, for what is
 * escaped or cut might not be recognized. */
bool escape_put_masked(struct buf *out, const char *text, size_t most);

/* The same for HTML and XML, fit for a text and for a quoted attribute: `most`
 * is as it is read, "&lt;" is one. */
bool escape_put_html(struct buf *out, const char *text, size_t most);

/* The same into out[cap], NUL included; returns out. */
char *escape_copy(const char *text, char *out, size_t cap);

/* Escapes, in the JSON that begins at out->data[from], what is left in it
 * that escape_is_odd and is not within ASCII: "\u202E". It means the same. */
bool escape_json(struct buf *out, size_t from);

/* Adds a word as a shell reads it back, quoted where it has to be. False: no
 * memory. */
bool escape_put_word(struct buf *out, const char *text);

/* The columns that a valid text takes: wide characters take two, marks that
 * are put on others none. */
size_t escape_width(const char *text, size_t len);

#endif
