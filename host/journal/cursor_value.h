/* cursor_value.h: what is kept under a key between runs, as the journal has it:
 * one letter for the type, then the value, so that 10 and "10" differ.
 *
 * Scripts write it by omnitron.remember, people by `omnitron remember`. Knows
 * no Lua. */
#ifndef JOURNAL_CURSOR_VALUE_H
#define JOURNAL_CURSOR_VALUE_H

#include "base/buf.h"

#include <stdint.h>

enum {
    CURSOR_VALUE_KEY_MAX = 255
}; // bytes of a key, at least 1, none of them NUL

enum cursor_value_type {
    CURSOR_VALUE_TEXT,
    CURSOR_VALUE_INTEGER,
    CURSOR_VALUE_FLOAT
};

struct cursor_value {
    enum cursor_value_type type;
    const char *text; // of a text: borrowed, may hold a NUL
    size_t len;
    int64_t integer;
    double number; // of a float, finite
};

/* Adds it as it is kept. False: no memory. */
bool cursor_value_put(struct buf *out, const struct cursor_value *memo);

/* False: nothing of ours. A text is borrowed from `kept`. */
bool cursor_value_read(const char *kept, size_t len, struct cursor_value *memo);

/* What a person writes: digits, maybe with a minus in front, are an integer;
 * all else, and what does not fit in 64 bits or has a zero in front, is a
 * text. Borrowed. */
struct cursor_value cursor_value_of(const char *text, size_t len);

/* Adds it as people read it: a text in quotes, as JSON writes it. */
bool cursor_value_show(struct buf *out, const struct cursor_value *memo);

#endif
