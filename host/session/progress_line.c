#include "session/progress_line.h"

#include "base/escape.h"
#include "ending/counts.h"
#include "terminal/colour.h"

#include <stdio.h>
#include <string.h>

enum {
    BAR = 20, // columns of the bar, if there is room
    BAR_LEAST = 5,
    PART_MAX = 80,
    PARTS = 12,
    FEW_ROWS = 10 // too few to foretell the rest
};

/* One word of the line. */
struct part {
    char text[PART_MAX];
    enum colour colour;
};

struct line {
    struct part counts[PARTS];
    size_t n;
    char head[PART_MAX], pace[PART_MAX], left[PART_MAX];
};

static void count(
    struct line *line, int64_t n, const char *word, enum colour colour)
{
    if (n == 0)
        return;
    struct part *part = &line->counts[line->n++];
    snprintf(part->text, sizeof part->text, "%lld %s", (long long)n, word);
    part->colour = colour;
}

/* What needs somebody comes early: the end is cut first. */
static void put_counts(
    struct line *line, const struct run_progress *p, bool in_flight)
{
    enum { IN_FLIGHT = -1 };
    static const int order[] = {VERDICT_CONFIRMED, VERDICT_UNKNOWN, IN_FLIGHT,
        VERDICT_REJECTED, VERDICT_CONFLICT, COUNTS_FAILED, COUNTS_INVALID,
        VERDICT_PENDING, COUNTS_LATER, VERDICT_ALREADY, COUNTS_SKIPPED};

    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        int end = order[i];
        if (end != IN_FLIGHT)
            count(line, counts_of(end, p->rows, p->tally->by_verdict),
                counts_ends[end].brief, counts_ends[end].colour);
        else if (in_flight)
            count(line, (int64_t)p->in_flight, "in flight", COLOUR_NONE);
    }
}

static void put_span(char *out, size_t cap, int64_t s, const char *word)
{
    if (s < 120)
        snprintf(out, cap, "%lld s%s", (long long)s, word);
    else if (s < 120 * 60)
        snprintf(out, cap, "%lld min%s", (long long)s / 60, word);
    else
        snprintf(out, cap, "%lld h%s", (long long)s / 3600, word);
}

static void put_times(
    struct line *line, const struct run_progress *p, int64_t ms)
{
    long long rows = (long long)p->rows->rows;
    long long rate = ms > 0 ? rows * 1000 / ms : 0;
    char span[PART_MAX];

    put_span(span, sizeof span, ms / 1000, "");
    snprintf(line->pace, sizeof line->pace, "   %.20s  %lld/s", span, rate);
    if (rows < FEW_ROWS || p->expected <= rows)
        return;
    put_span(
        span, sizeof span, ms * (p->expected - rows) / rows / 1000, " left");
    snprintf(line->left, sizeof line->left, "  %.40s", span);
}

static void fill(
    struct line *line, const struct run_progress *p, int64_t ms, bool in_flight)
{
    long long rows = (long long)p->rows->rows;

    if (p->expected > 0)
        snprintf(line->head, sizeof line->head, "%lld of %lld: ", rows,
            (long long)(p->expected > rows ? p->expected : rows));
    else
        snprintf(line->head, sizeof line->head, "%lld lines: ", rows);
    line->n = 0;
    put_counts(line, p, in_flight);
    put_times(line, p, ms);
}

static size_t width_of_counts(const struct line *line)
{
    size_t width = 0;

    for (size_t i = 0; i < line->n; i++)
        width += strlen(line->counts[i].text) + (i ? 2 : 0);
    return width;
}

static bool put_bar(
    struct buf *out, const struct run_progress *p, size_t columns)
{
    int64_t rows = p->rows->rows;
    size_t full = p->expected <= rows
                      ? columns
                      : (size_t)(rows * (int64_t)columns / p->expected);
    bool ok = buf_putc(out, '[');

    for (size_t i = 0; ok && i < columns; i++)
        ok = buf_putc(out, i < full ? '#' : '.');
    return ok && buf_puts(out, "] ");
}

/* As many as fit; those that do not leave an ellipsis. */
static bool put_counts_within(
    struct buf *out, const struct line *line, size_t room, bool colour)
{
    size_t used = 0;
    bool ok = true;

    for (size_t i = 0; ok && i < line->n; i++) {
        const struct part *part = &line->counts[i];
        size_t gap = i ? 2 : 0, width = gap + strlen(part->text);
        size_t rest = i + 1 < line->n ? strlen(", x") : 0;
        if (used + width + rest > room)
            return used + gap + 1 > room ||
                   (buf_puts(out, i ? ", " : "") && buf_puts(out, "…"));
        ok = buf_puts(out, i ? ", " : "") &&
             colour_put(out, colour ? part->colour : COLOUR_NONE, part->text);
        used += width;
    }
    return ok;
}

/* How many columns are over when these are taken; never below 0. */
static size_t over(size_t columns, size_t taken)
{
    return columns > taken ? columns - taken : 0;
}

/* What a bar would have, of all columns; a colon makes way for it. */
static size_t room_for_bar(const struct line *line, size_t all)
{
    return over(all, strlen(line->head) + width_of_counts(line) +
                         strlen(line->pace) + strlen(line->left) +
                         strlen("[]"));
}

bool progress_line_put(struct buf *out, const struct run_progress *p,
    int64_t ms, int columns, bool colour)
{
    struct line line = {0};
    size_t all = columns > 0 ? (size_t)columns : 0;

    fill(&line, p, ms, true);
    if (room_for_bar(&line, all) < BAR_LEAST && line.n > 1)
        fill(&line, p, ms, false); // the first to go
    size_t bar = room_for_bar(&line, all), head = strlen(line.head);
    size_t tail = strlen(line.pace) + strlen(line.left);
    bool has_bar = p->expected > 0 && bar >= BAR_LEAST;
    size_t least = head + (line.n ? strlen(line.counts[0].text) + 3 : 0);
    bool has_left = all >= least + tail;
    bool has_pace = all >= least + strlen(line.pace);

    if (!has_left)
        tail = has_pace ? strlen(line.pace) : 0;
    bar = bar > BAR ? BAR : bar;
    if (has_bar) {
        head--;
        memcpy(line.head + head - 1, " ", sizeof " ");
    }
    if (head > all)
        return true;
    size_t room = over(all, head + tail + (has_bar ? bar + 3 : 0));
    return buf_puts(out, line.head) && (!has_bar || put_bar(out, p, bar)) &&
           put_counts_within(out, &line, room, colour) &&
           (!has_pace || buf_puts(out, line.pace)) &&
           (!has_left || buf_puts(out, line.left));
}
