/* shown.h: a text of others, made fit to be looked at.
 *
 * What a terminal or a browser would obey, or what would make a text look
 * like another one, is written out instead: a control character, a mark that
 * turns the direction of writing, a character that takes no room and a
 * separator of lines become "[U+202E]"; what is no UTF-8 becomes U+FFFD. */
#ifndef BASE_SHOWN_H
#define BASE_SHOWN_H

#include "base/buf.h"

/* Adds at most `most` characters of it, then "…". False: no memory. */
bool shown_put(struct buf *out, const char *text, size_t most);

/* The same for HTML and XML: fit for a text and for a quoted attribute. */
bool shown_put_html(struct buf *out, const char *text, size_t most);

#endif
