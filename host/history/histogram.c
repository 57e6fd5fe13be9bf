#include "history/histogram.h"

/* Below STEPS a class is one millisecond. From there on each doubling of the
 * time has STEPS classes. */
enum { STEP_BITS = 4, STEPS = 1 << STEP_BITS };

static int class_of(int64_t ms)
{
    int octave, class;

    if (ms < STEPS)
        return ms < 0 ? 0 : (int)ms;
    octave = 63 - __builtin_clzll((unsigned long long)ms) - STEP_BITS;
    class = (octave + 1) * STEPS + (int)((ms >> octave) & (STEPS - 1));
    return class < HISTOGRAM_CLASSES ? class : HISTOGRAM_CLASSES - 1;
}

/* Its middle. */
static int64_t time_of(int class)
{
    int octave = class / STEPS - 1;
    int64_t low;

    if (octave < 1)
        return class;
    low = (int64_t)(STEPS + class % STEPS) << octave;
    return low + ((int64_t)1 << octave) / 2;
}

void histogram_add(struct histogram *s, int64_t ms)
{
    s->count++;
    s->classes[class_of(ms)]++;
    if (ms > s->longest)
        s->longest = ms;
}

void histogram_merge(struct histogram *s, const struct histogram *other)
{
    s->count += other->count;
    for (int i = 0; i < HISTOGRAM_CLASSES; i++)
        s->classes[i] += other->classes[i];
    if (other->longest > s->longest)
        s->longest = other->longest;
}

int64_t histogram_at(const struct histogram *s, int percent)
{
    int64_t wanted = (s->count * percent + 99) / 100, seen = 0;

    if (s->count == 0)
        return -1;
    for (int i = 0; i < HISTOGRAM_CLASSES - 1; i++) {
        seen += s->classes[i];
        if (seen >= wanted)
            return time_of(i) < s->longest ? time_of(i) : s->longest;
    }
    return s->longest;
}
