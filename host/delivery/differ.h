/* differ.h: where two texts differ that may look the same: an accent that is a
 * character of its own in one of them, a letter of another alphabet. Pure. */
#ifndef DELIVERY_DIFFER_H
#define DELIVERY_DIFFER_H

enum { DIFFER_MAX = 120 };

/* Of two valid UTF-8 texts: "; at character 1 that is U+0053 U+0327, this
 * U+015E" into out[DIFFER_MAX]. "": they are the same, or differ in plain
 * characters, as everybody sees. Returns out. */
const char *differ_words(const char *that, const char *one, char *out);

#endif
