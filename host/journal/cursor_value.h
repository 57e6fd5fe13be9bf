/* cursor_value.h: what is kept under a key between runs, as the journal has it:
 * one letter for the type, then the value, so that 10 and "10" differ.
 *
 * Scripts write it by omnitron.remember, people by `omnitron remember`. Knows
 * no Lua. */
#ifndef JOURNAL_CURSOR_VALUE_H
#define JOURNAL_CURSOR_VALUE_H

#include "base/buf.h"

#include <stdint.h>

enum { MEMO_KEY_MAX = 255 }; // bytes of a key, at least 1, none of them NUL

enum memo_type { MEMO_TEXT, MEMO_INTEGER, MEMO_FLOAT };

struct memo {
    enum memo_type type;
    const char *text; // of a text: borrowed, may hold a NUL
    size_t len;
    int64_t integer;
    double number; // of a float, finite
};

/* Adds it as it is kept. False: no memory. */
bool memo_put(struct buf *out, const struct memo *memo);

/* False: nothing of ours. A text is borrowed from `kept`. */
bool memo_read(const char *kept, size_t len, struct memo *memo);

/* What a person writes: digits, maybe with a minus in front, are an integer;
 * all else, and what does not fit in 64 bits or has a zero in front, is a
 * text. Borrowed. */
struct memo memo_of(const char *text, size_t len);

/* Adds it as people read it: a text in quotes, as JSON writes it. */
bool memo_show(struct buf *out, const struct memo *memo);

#endif
