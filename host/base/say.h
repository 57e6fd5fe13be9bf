/* say.h: the one door to stdout and stderr.
 *
 * Whatever is printed may hold words of others: a host's, a rule's, a
 * journal's, a file's name. Here secrets are masked, and what a terminal obeys
 * is escaped (base/escape.h), so that no place can forget it. A line end in a
 * word is not seen here: who puts a word into a line uses escape_put. */
#ifndef BASE_SAY_H
#define BASE_SAY_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdio.h>

/* Writes the text, of one line or several, as it should be, and leaves it so.
 * False: no memory, and nothing was written; or the stream did not take it.
 * errno says which. */
bool say_text(FILE *to, struct buf *text);

/* The same for who has put colours into it: they stay. */
bool say_coloured(FILE *to, struct buf *text);

/* The same, formatted. */
bool say_format(FILE *to, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* What is made of words that went through escape_put one by one, in a format
 * with bytes of its own, as CSV's line ends: secrets are masked, that is all.
 */
bool say_ready(FILE *to, struct buf *text);

/* What a script prints: bytes of its own into a file or a pipe, but for
 * secrets; a text of lines and tabs on a terminal. The bytes are changed, and
 * there is one more behind them. */
bool say_bytes(FILE *to, char *bytes, size_t len);

#endif
