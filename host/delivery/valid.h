/* valid.h: what may be released at all. Pure; rules of a release's fields. */
#ifndef DELIVERY_VALID_H
#define DELIVERY_VALID_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* An order item's id written as text: plain decimal digits, no sign, no
 * leading zero, within 64 bits, not 0. False names what is wrong. */
bool valid_item_text(
    const char *text, size_t len, int64_t *item, struct error *err);

/* A code: 1 to 255 bytes of UTF-8, no control character, no white space at
 * either end, and nothing that was surely ruined on its way (ruin.h). */
bool valid_code(const char *code, size_t len, struct error *err);

#endif
