/* clock.h: what time it is, and how a time is written. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/* Milliseconds that never go back: for time-outs and backoff. */
int64_t clock_monotonic_ms(void);
int64_t clock_monotonic_us(void);

/* The same, but never frozen: for threads that serve others. */
int64_t clock_running_ms(void);

/* Milliseconds since 1970, UTC: for what is written down. */
int64_t clock_wall_ms(void);

/* The same, but never frozen: to compare with another machine's. */
int64_t clock_real_ms(void);

/* Stops both clocks at the present moment; from then on they move by
 * clock_skip alone: the time that tests see. Before other threads start. */
void clock_freeze(void);
void clock_skip(int64_t ms);

/* CPU milliseconds of the calling thread. */
int64_t clock_thread_cpu_ms(void);

enum { CLOCK_TEXT_MAX = 40 };

/* "2025-11-22T02:14:07.123Z" into out[CLOCK_TEXT_MAX]; returns out. */
char *clock_rfc3339(int64_t wall_ms, char *out);

/* "2025-11-22 05:14:07 +0300", the machine's zone; returns out. */
char *clock_local(int64_t wall_ms, char *out);

#endif
