/* spelling.h: which word was meant. Pure, allocates nothing. */
#ifndef BASE_SPELLING_H
#define BASE_SPELLING_H

#include <stddef.h>

/* The one of `n` words in lower case that is nearest to `name`: a letter or
 * two apart, upper case of `name` aside, else one that begins with it. NULL:
 * none is near. Borrowed. */
const char *spelling_nearest(
    const char *name, const char *const *words, size_t n);

#endif
