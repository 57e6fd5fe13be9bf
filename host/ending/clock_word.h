/* clock_word.h: a word about this machine's clock when it is far from the
 * host's: certificates and tokens are refused for it. */
#ifndef ENDING_CLOCK_WORD_H
#define ENDING_CLOCK_WORD_H

#include <stdint.h>

enum { CLOCK_WORD_SMALL_MS = 60 * 1000, CLOCK_WORD_LARGE_MS = 10 * 60 * 1000 };

/* Warns when it is more than CLOCK_WORD_LARGE_MS off, once a day: that it was
 * said is kept beside the journal at `journal` (NULL: in memory). */
void clock_word(const char *journal, const char *host, int64_t ahead_ms);

/* "60 min ahead of", "89.1 s behind": into out[CLOCK_WORD_MAX]; returns it. */
enum { CLOCK_WORD_MAX = 60 };
const char *clock_word_amount(int64_t ahead_ms, char *out);

#endif
