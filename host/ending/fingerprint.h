/* fingerprint.h: which texts speak of the same trouble. */
#ifndef ENDING_FINGERPRINT_H
#define ENDING_FINGERPRINT_H

#include <stddef.h>
#include <stdint.h>

/* What changes from run to run, and makes no other trouble. */
enum fingerprint_likeness {
    FINGERPRINT_TO_THE_LETTER,
    FINGERPRINT_BUT_TIMES,  // dates, times, durations, addresses
    FINGERPRINT_BUT_NUMBERS // any word with a digit in it: counts, request ids
};

/* The hash with the text in it, without what changes by itself. */
uint64_t fingerprint_text(
    enum fingerprint_likeness likeness, uint64_t hash, const char *text);

/* The hash with these bytes in it. */
uint64_t fingerprint_bytes(uint64_t hash, const char *bytes, size_t len);

#endif
