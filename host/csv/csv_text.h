/* csv_text.h: what the bytes of one cell are worth. Pure, allocates nothing. */
#ifndef CSV_CSV_TEXT_H
#define CSV_CSV_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Where the first byte is that is not UTF-8 or is NUL; `len` when none is. */
size_t csv_text_bad(const char *text, size_t len);

/* Whether it is ASCII without a NUL byte throughout. */
bool csv_text_plain(const char *text, size_t len);

enum { CSV_TEXT_QUOTE_MAX = 440 };

/* The text between two `mark`s as a message may show it, into
 * out[CSV_TEXT_QUOTE_MAX]: cut after some 40 characters, what is not printable,
 * or looks like a blank and is none, escaped. Returns out. */
const char *csv_text_quote(const char *text, size_t len, char mark, char *out);

/* Of ="0012", and of '0012, makes 0012; leaves any other text. */
void csv_text_unguard(const char **text, size_t *len);

enum { CSV_TEXT_NUMBER_MAX = 64 };

/* Reads a number as people write it: a sign, digits, perhaps in groups of
 * three with the comma between (the dot, if `point` is a comma), `point` and
 * more digits; spaces around it. Puts it into out[CSV_TEXT_NUMBER_MAX] as
 * "-1234.56". False: it is not one, or has too many digits. */
bool csv_text_number(const char *text, size_t len, char point, char *out);

#endif
