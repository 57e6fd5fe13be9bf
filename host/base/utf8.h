/* utf8.h: the characters of a UTF-8 text.
 *
 * A character is one of Unicode's table 3-7, "Well-Formed UTF-8 Byte
 * Sequences": overlong forms, surrogates and what lies beyond U+10FFFF are
 * none. NUL is one. Pure, allocates nothing. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UTF8_MAX = 4 }; // bytes of a character

/* The bytes (1 to 4) of the character at `text`; 0 when there is none: a
 * stray or missing byte, or len 0. */
size_t utf8_next(const char *text, size_t len);

/* The same; *point is its code point, and as before when there is none. */
size_t utf8_read(const char *text, size_t len, uint32_t *point);

/* Writes the character of a code point, without a NUL; its bytes. */
size_t utf8_write(uint32_t point, char out[UTF8_MAX]);

/* How many bytes from the start are characters; len: all of them. */
size_t utf8_valid(const char *text, size_t len);

/* The characters of a valid text; of any, the bytes that begin one. */
size_t utf8_count(const char *text, size_t len);

/* How many of the `len` bytes are kept when at most `max` may be: no
 * character is cut in two. */
size_t utf8_cut(const char *text, size_t len, size_t max);

/* Puts '?' for each byte that is of no character. */
void utf8_mend(char *text, size_t len);

/* Whether the byte is the second or a later one of a character. */
bool utf8_is_tail(char byte);

/* Unicode's White_Space beyond the controls: a blank, a no-break space … */
bool utf8_is_space(uint32_t point);

/* U+0000 to U+001F and U+007F to U+009F: a terminal may obey them. */
bool utf8_is_control(uint32_t point);

#endif
