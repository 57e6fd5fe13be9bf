/* ascii.h: letters and digits by their bytes: no locale decides what they
 * are. */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>

/* Of a capital letter the small one; any other byte as it is. */
static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether two texts differ in their case at most. */
static inline bool ascii_same(const char *a, const char *b)
{
    while (*a && ascii_lower(*a) == ascii_lower(*b)) {
        a++;
        b++;
    }
    return ascii_lower(*a) == ascii_lower(*b);
}

/* Whether a text begins with a word in small letters, in whatever case. Of the
 * text no byte is read behind the first that differs. */
static inline bool ascii_begins(const char *text, const char *word)
{
    while (*word && ascii_lower(*text) == *word) {
        text++;
        word++;
    }
    return *word == '\0';
}

/* The value of a hexadecimal digit; -1: it is none. */
static inline int ascii_hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif
