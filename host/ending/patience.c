#include "ending/patience.h"

enum { LONGEST_LOOK_MS = 3 * PATIENCE_LOOK_MS };

void patience_begin(
    struct patience *p, int64_t now_ms, uint64_t turns, int64_t most_ms)
{
    *p = (struct patience){
        .looked_ms = now_ms, .turns = turns, .left_ms = most_ms};
}

static void pass(struct patience *p, int64_t ms)
{
    p->held_ms += ms;
    p->still_ms += ms;
    p->left_ms -= ms;
}

enum patience_end patience_look(
    struct patience *p, int64_t now_ms, uint64_t turns, bool in_flight)
{
    int64_t ms = now_ms - p->looked_ms;

    pass(p, ms < 0 ? 0 : ms > LONGEST_LOOK_MS ? LONGEST_LOOK_MS : ms);
    p->looked_ms = now_ms;
    if (turns != p->turns) {
        p->turns = turns;
        p->still_ms = 0;
        if (in_flight && p->left_ms > 0)
            p->held_ms = 0;
    }
    if (p->held_ms >= PATIENCE_OVER_MS)
        return PATIENCE_OVER;
    if (p->held_ms >= PATIENCE_LAST_MS)
        return PATIENCE_LAST;
    if (p->still_ms >= PATIENCE_STILL_MS)
        return PATIENCE_STOPS;
    return p->held_ms >= PATIENCE_LATE_MS ? PATIENCE_LATE : PATIENCE_WAITS;
}
