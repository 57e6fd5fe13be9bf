#include "history/calendar.h"

#include "base/mem.h"

#include <string.h>
#include <time.h>

enum { DAY_MS = 24 * 60 * 60 * 1000 };

/* How long a stretch is, at most, for its cells and spans. */
static const struct scale {
    int days;
    enum calendar_unit cell, span;
} scales[] = {
    {2, CALENDAR_HOUR, CALENDAR_HOUR},
    {31, CALENDAR_HOUR, CALENDAR_DAY},
    {400, CALENDAR_DAY, CALENDAR_WEEK},
    {CALENDAR_DAYS_MAX, CALENDAR_DAY, CALENDAR_MONTH},
};

enum { SCALES = sizeof scales / sizeof *scales };

static const struct scale *scale_of(int64_t ms)
{
    size_t i = 0;

    while (i < SCALES - 1 && ms > (int64_t)scales[i].days * DAY_MS)
        i++;
    return &scales[i];
}

static int64_t moment(struct tm *tm)
{
    tm->tm_isdst = -1;
    return (int64_t)mktime(tm) * 1000;
}

static struct tm local(int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;

    localtime_r(&seconds, &tm);
    return tm;
}

/* Where the unit that a moment is in begins. */
static struct tm floor_of(int64_t at, enum calendar_unit unit)
{
    struct tm tm = local(at);

    tm.tm_sec = tm.tm_min = 0;
    if (unit > CALENDAR_HOUR)
        tm.tm_hour = 0;
    if (unit == CALENDAR_WEEK)
        tm.tm_mday -= (tm.tm_wday + 6) % 7;
    if (unit == CALENDAR_MONTH)
        tm.tm_mday = 1;
    return tm;
}

/* Whether a cell is the first of a row, or of a span. */
static bool begins(
    enum calendar_unit unit, const struct tm *now, const struct tm *before)
{
    switch (unit) {
    case CALENDAR_HOUR:
        return true;
    case CALENDAR_DAY:
        return now->tm_yday != before->tm_yday;
    case CALENDAR_WEEK:
        return now->tm_wday == 1;
    case CALENDAR_MONTH:
        return now->tm_mon != before->tm_mon;
    }
    return true;
}

static void add_cell(struct calendar *c, int64_t from, const struct tm *now,
    const struct tm *before)
{
    bool hours = c->cell == CALENDAR_HOUR;
    bool first = c->cell_count == 0;
    struct calendar_cell *cell = &c->cells[c->cell_count];

    if (first || begins(hours ? CALENDAR_DAY : CALENDAR_MONTH, now, before))
        c->rows++;
    if (first || begins(c->span, now, before))
        c->spans[c->span_count++].first = c->cell_count;
    c->spans[c->span_count - 1].len++;
    cell->from = from;
    cell->row = c->rows - 1;
    cell->column = hours ? now->tm_hour : now->tm_mday - 1;
    c->cell_count++;
}

/* The hour that a change of the clocks leaves out has no cell; the one that
 * it brings twice is one long cell. */
static void fill(struct calendar *c, struct tm tm, size_t most)
{
    struct tm before = tm;
    int64_t from = moment(&tm), last = INT64_MIN;

    for (; from <= c->to && c->cell_count < most; from = moment(&tm)) {
        if (from > last)
            add_cell(c, from, &tm, &before);
        last = from;
        before = tm;
        if (c->cell == CALENDAR_HOUR)
            tm.tm_hour++;
        else
            tm.tm_mday++;
    }
}

bool calendar_init(struct calendar *c, int64_t from, int64_t to)
{
    int64_t longest = (int64_t)CALENDAR_DAYS_MAX * DAY_MS;

    from = to - from > longest ? to - longest : from;
    const struct scale *scale = scale_of(to - from);
    struct tm start = floor_of(from, scale->span);

    memset(c, 0, sizeof *c);
    c->cell = scale->cell;
    c->span = scale->span;
    c->from = moment(&start);
    c->to = to;
    c->columns = scale->cell == CALENDAR_HOUR ? 24 : 31;
    /* A day more at either end: of a change of the clocks, of the floor. */
    size_t most = (size_t)((to - c->from) / DAY_MS + 3) *
                  (scale->cell == CALENDAR_HOUR ? 24 : 1);
    c->cells = mem_calloc(most, sizeof *c->cells);
    c->spans = mem_calloc(most, sizeof *c->spans);
    if (!c->cells || !c->spans) {
        calendar_fini(c);
        return false;
    }
    fill(c, start, most);
    return true;
}

void calendar_fini(struct calendar *c)
{
    mem_free(c->cells);
    mem_free(c->spans);
    c->cells = NULL;
    c->spans = NULL;
}

size_t calendar_find(const struct calendar *c, int64_t at)
{
    size_t low = 0, high = c->cell_count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (c->cells[middle].from <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}
