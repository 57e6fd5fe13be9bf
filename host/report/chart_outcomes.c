#include "report/chart.h"
#include "report/chart_axis.h"
#include "report/report_words.h"

enum {
    DONE = 150,      // the height of what is above the line
    NOT_DONE = 64,   // and below
    BAR_MOST = 54,   // the width of a bar
    VALUES_MOST = 16 // bars that have their number above
};

/* What is below the line, from there on. */
static const enum journal_state below[] = {JOURNAL_REJECTED, JOURNAL_UNKNOWN,
    JOURNAL_PENDING, JOURNAL_SENDING, JOURNAL_CANCELLED};

enum { BELOW = sizeof below / sizeof *below };

/* The two scales. */
struct plane {
    size_t n;
    int64_t done, not_done; // what the full heights stand for; 0: no such part
    double line;            // where it is 0
};

static int64_t sum_below(const struct tally_cell *cell)
{
    int64_t sum = 0;

    for (int i = 0; i < BELOW; i++)
        sum += cell->by_state[below[i]];
    return sum;
}

static struct plane measure(const struct tally *t)
{
    struct plane plane = {
        .n = t->calendar.span_count, .line = CHART_TOP + DONE};

    for (size_t i = 0; i < plane.n; i++) {
        struct tally_cell sum;
        int64_t done, not_done;

        tally_span(t, i, &sum);
        done = sum.by_state[JOURNAL_CONFIRMED];
        not_done = sum_below(&sum);
        plane.done = done > plane.done ? done : plane.done;
        plane.not_done = not_done > plane.not_done ? not_done : plane.not_done;
    }
    plane.done = chart_round(plane.done);
    if (plane.not_done)
        plane.not_done = chart_round(plane.not_done);
    return plane;
}

static void put_levels(struct html *h, const struct plane *plane)
{
    char count[32];

    if (plane->done % 2 == 0)
        chart_level(h, plane->line - DONE / 2.0, "grid",
            words_count(plane->done / 2, count));
    chart_level(h, plane->line - DONE, "grid", words_count(plane->done, count));
    if (plane->not_done)
        chart_level(h, plane->line + NOT_DONE, "grid",
            words_count(plane->not_done, count));
}

static void put_title(struct html *h, const struct tally *t, size_t span,
    const struct tally_cell *sum)
{
    const struct calendar *c = &t->calendar;
    char name[CALENDAR_TEXT_MAX], count[32];

    html_put(h, "<title>%s: %s released",
        calendar_name(c->span, c->cells[c->spans[span].first].from, name),
        words_count(sum->by_state[JOURNAL_CONFIRMED], count));
    for (int i = 0; i < BELOW; i++)
        if (sum->by_state[below[i]])
            html_put(h, ", %s %s", words_count(sum->by_state[below[i]], count),
                journal_state_name(below[i]));
    html_put(h, "</title>");
}

static void put_rect(
    struct html *h, const char *class, double x, double y, double w, double hi)
{
    html_put(h,
        "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
        "height=\"%.1f\"/>",
        class, x, y, w, hi);
}

/* What is not nothing is seen: a pixel and a half at least. */
static double height_of(int64_t n, int64_t full, int height)
{
    double exact = (double)n / (double)full * height;

    return n == 0 ? 0 : exact < 1.5 ? 1.5 : exact;
}

static void put_below(struct html *h, const struct plane *plane,
    const struct tally_cell *sum, double x, double width)
{
    double y = plane->line + 1.5;

    for (int i = 0; i < BELOW; i++) {
        int64_t n = sum->by_state[below[i]];
        const char *class = below[i] == JOURNAL_SENDING
                                ? "pending"
                                : journal_state_name(below[i]);

        if (n == 0)
            continue;
        double height = height_of(n, plane->not_done, NOT_DONE - 2);
        put_rect(h, class, x, y, width, height);
        y += height;
    }
}

static void put_bar(struct html *h, const struct tally *t,
    const struct plane *plane, size_t span)
{
    struct tally_cell sum;
    double left = chart_x(span, plane->n);
    double room = chart_x(span + 1, plane->n) - left;
    double width = room * 0.72 > BAR_MOST ? BAR_MOST : room * 0.72;
    double x = left + (room - width) / 2;
    char count[32];

    tally_span(t, span, &sum);
    int64_t done = sum.by_state[JOURNAL_CONFIRMED];
    double height = height_of(done, plane->done, DONE);
    html_put(h, "<g>");
    put_title(h, t, span, &sum);
    put_rect(h, "hit", left, CHART_TOP, room,
        DONE + (plane->not_done ? NOT_DONE : 0));
    if (done)
        put_rect(h, "confirmed", x, plane->line - height, width, height);
    if (plane->not_done)
        put_below(h, plane, &sum, x, width);
    if (done && plane->n <= VALUES_MOST)
        html_put(h,
            "<text class=\"value\" x=\"%.1f\" y=\"%.1f\" "
            "text-anchor=\"middle\">%s</text>",
            left + room / 2, plane->line - height - 5,
            words_count(done, count));
    html_put(h, "</g>\n");
}

void chart_outcomes(struct html *h, const struct tally *t)
{
    struct plane plane = measure(t);
    int bottom = CHART_TOP + DONE + (plane.not_done ? NOT_DONE : 0);

    chart_begin(h, "What became of the releases, over time", bottom + 24);
    put_levels(h, &plane);
    for (size_t i = 0; i < plane.n; i++)
        put_bar(h, t, &plane, i);
    chart_level(h, plane.line, "base", "0");
    chart_names(h, &t->calendar, bottom + 18);
    chart_end(h);
}
