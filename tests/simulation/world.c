#include "world.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINES = 48, LINE_MAX = 200 };

static char lines[LINES][LINE_MAX];
static int line_count;
static char reason[400];

void world_log(struct world *w, const char *fmt, ...)
{
    char *line = lines[line_count % LINES];
    va_list args;

    if (!w->logging)
        return;
    int n = snprintf(line, LINE_MAX, "%10.3f ms  ", (double)w->now_us / MS);
    va_start(args, fmt);
    vsnprintf(line + n, (size_t)(LINE_MAX - n), fmt, args);
    va_end(args);
    line_count++;
}

void world_show_log(const struct world *w)
{
    int first = line_count > LINES ? line_count - LINES : 0;

    for (int i = first; i < line_count; i++)
        printf("#   %s\n", lines[i % LINES]);
    printf("# run %d, event %lld: %s\n", w->run, (long long)w->events, reason);
    line_count = 0;
}

void world_fail(struct world *w, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(reason, sizeof reason, fmt, args);
    va_end(args);
    longjmp(*w->failed, 1);
}

/* splitmix64 */
static uint64_t roll(struct world *w)
{
    uint64_t x = w->dice += UINT64_C(0x9e3779b97f4a7c15);

    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

int64_t dice_below(struct world *w, int64_t n)
{
    return (int64_t)(roll(w) % (uint64_t)n);
}

int64_t dice_between(struct world *w, int64_t low, int64_t high)
{
    return low + dice_below(w, high - low + 1);
}

bool dice_chance(struct world *w, int percent)
{
    return dice_below(w, 100) < percent;
}

int64_t item_id(int item)
{
    return 46000 + item;
}

int item_of(int64_t id)
{
    return (int)(id - 46000);
}

/* The last variant is the same code for all. */
const char *code_of(int item, int variant)
{
    static char text[ITEMS][VARIANTS][16];
    char *code = text[item][variant];

    if (!code[0])
        snprintf(code, sizeof text[item][variant], "%c-%d", "EMS"[variant],
            variant == VARIANTS - 1 ? 1 : item);
    return code;
}

int variant_of(struct world *w, int item, const char *code)
{
    for (int i = 0; i < VARIANTS; i++)
        if (strcmp(code_of(item, i), code) == 0)
            return i;
    world_fail(w, "item %lld has the code %s, which nobody asked for",
        (long long)item_id(item), code);
}

int64_t wall_now(const struct world *w)
{
    return w->wall_ms + w->now_us / MS;
}

bool world_in(const struct world *w, const struct phase *phase)
{
    return w->now_us >= phase->from && w->now_us < phase->until;
}
