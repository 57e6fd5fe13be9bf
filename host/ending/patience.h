/* patience.h: for how long a run that has to end is waited for. Pure: who
 * looks brings the time.
 *
 * The time begins with the reason to end, and anew with each turn of the loop
 * that waits for releases which are under way: these have the profile's
 * time-out. It passes only as far as somebody looks: a machine that slept, or
 * a process that was stopped, has lost no patience. */
#ifndef ENDING_PATIENCE_H
#define ENDING_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    PATIENCE_LOOK_MS = 100,   // between two looks
    PATIENCE_STILL_MS = 1100, // without a turn, which sleeps for 1,000 at most
    PATIENCE_LATE_MS = 4000,
    PATIENCE_LAST_MS = 4500,
    PATIENCE_OVER_MS = 5000,
};

enum patience_end {
    PATIENCE_WAITS,
    PATIENCE_LATE,  // what the script itself has under way is ended
    PATIENCE_STOPS, // its Lua is stopped until the loop has turned
    PATIENCE_LAST,  // and for good
    PATIENCE_OVER,  // the process ends where it stands
};

struct patience {
    int64_t looked_ms; // when; 0: not yet, there is no reason
    int64_t held_ms;   // since the time began
    int64_t still_ms;  // since the loop turned
    int64_t left_ms;   // for releases that are under way
    uint64_t turns;
};

/* There is a reason to end; releases that are under way take `most_ms`. */
void patience_begin(
    struct patience *p, int64_t now_ms, uint64_t turns, int64_t most_ms);

/* What is to be done now. `turns`: of the loop so far; `in_flight`: at the
 * last one releases were under way. */
enum patience_end patience_look(
    struct patience *p, int64_t now_ms, uint64_t turns, bool in_flight);

#endif
