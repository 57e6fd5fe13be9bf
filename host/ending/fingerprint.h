/* fingerprint.h: which texts speak of the same trouble. */
#ifndef ENDING_FINGERPRINT_H
#define ENDING_FINGERPRINT_H

#include "ending/notice.h"

#include <stdint.h>

/* The hash with the text in it, without what changes by itself. */
uint64_t liken(enum notice_likeness likeness, uint64_t hash, const char *text);

/* The hash with these bytes in it. */
uint64_t fingerprint_bytes(uint64_t hash, const char *bytes, size_t len);

#endif
