/* json_escape.h: what a \ in a string begins. For the other files of json. */
#ifndef JSON_JSON_ESCAPE_H
#define JSON_JSON_ESCAPE_H

#include "base/utf8.h"

/* The bytes of the whole escape at `text` (the second half of a surrogate
 * pair is part of it); 0: *why is what is wrong with it, and *half the unit
 * of a pair that stands alone, else -1. */
size_t json_escape_length(
    const char *text, size_t len, const char **why, int *half);

/* The bytes that the escape at *p stands for; *p goes behind it. Only what
 * json_escape_length has a length for may come here. */
size_t json_escape_read(const char **p, const char *end, char out[UTF8_MAX]);

#endif
