/* The charts whose marks are the cells of the calendar, side by side. */
#include "report/chart.h"
#include "report/chart_axis.h"
#include "report/report_words.h"

#include <math.h>
#include <stdio.h>

enum {
    PACE = 110, // the heights of the planes
    ANSWERS = 150,
    CELLS_MOST = 800 // more would be less than a pixel wide each
};

static const char *cell_name(
    const struct calendar *c, size_t cell, char name[CALENDAR_TEXT_MAX])
{
    return calendar_name(c->cell, c->cells[cell].from, name);
}

bool chart_has_pace(const struct tally *t)
{
    const struct calendar *c = &t->calendar;

    return (c->cell != c->span || t->runs.stop_count) &&
           c->cell_count <= CELLS_MOST;
}

static void put_stops(struct html *h, const struct overview *o)
{
    const struct tally *t = o->tally;
    char says[WORDS_MAX], name[CALENDAR_TEXT_MAX];

    for (size_t i = 0; i < t->runs.stop_count; i++) {
        const struct tally_stop *stop = &t->runs.stops[i];
        double from = chart_time_x(&t->calendar, stop->from);
        double to =
            chart_time_x(&t->calendar, stop->over ? stop->to : t->calendar.to);

        html_put(h,
            "<rect class=\"stop\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" "
            "height=\"%d\"><title>%s: ",
            from, (int)CHART_TOP, to - from < 2 ? 2 : to - from, (int)PACE,
            words_moment(&t->calendar, stop->from, name));
        html_text(h, words_stop(o->host, stop->why, says), WORDS_MAX);
        html_put(h, "</title></rect>\n");
    }
}

static int64_t most_released(const struct tally *t)
{
    int64_t most = 0;

    for (size_t i = 0; i < t->calendar.cell_count; i++)
        if (t->cells[i].by_state[JOURNAL_CONFIRMED] > most)
            most = t->cells[i].by_state[JOURNAL_CONFIRMED];
    return chart_round(most);
}

/* Each with a title, or all in one path. */
static void put_pace(struct html *h, const struct tally *t, int64_t most)
{
    const struct calendar *c = &t->calendar;
    bool titles = c->cell_count <= CHART_TITLES;
    double width = (chart_x(1, c->cell_count) - CHART_LEFT) * 0.86;
    char name[CALENDAR_TEXT_MAX], count[32];

    if (!titles)
        html_put(h, "<path class=\"confirmed\" d=\"");
    for (size_t i = 0; i < c->cell_count; i++) {
        int64_t n = t->cells[i].by_state[JOURNAL_CONFIRMED];
        double height = (double)n / (double)most * PACE;

        height = height < 1 ? 1 : height;
        if (n == 0)
            continue;
        if (titles)
            html_put(h, "<path class=\"confirmed\" d=\"");
        html_put(h, "M%.1f %dh%.1fv-%.1fh-%.1fz", chart_x(i, c->cell_count),
            CHART_TOP + PACE, width, height, width);
        if (titles)
            html_put(h, "\"><title>%s: %s</title></path>\n",
                cell_name(c, i, name), words_count(n, count));
    }
    if (!titles)
        html_put(h, "\"/>\n");
}

void chart_pace(struct html *h, const struct overview *o)
{
    const struct tally *t = o->tally;
    int64_t most = most_released(t);
    char count[32];

    chart_begin(h,
        t->calendar.cell == CALENDAR_HOUR ? "Releases each hour"
                                          : "Releases each day",
        CHART_TOP + PACE + 24);
    chart_level(h, CHART_TOP, "grid", words_count(most, count));
    if (most % 2 == 0)
        chart_level(
            h, CHART_TOP + PACE / 2.0, "grid", words_count(most / 2, count));
    put_stops(h, o);
    put_pace(h, t, most);
    chart_level(h, CHART_TOP + PACE, "base", "0");
    chart_names(h, &t->calendar, CHART_TOP + PACE + 18);
    chart_end(h);
}

/* The vertical scale: powers of ten of a millisecond. */
struct decades {
    int low, high;
};

/* A journal that somebody else wrote into may hold any time: 31 years are
 * enough, and their ends can be reckoned with. */
static double decade(int64_t ms)
{
    return log10(fmin(fmax(1, (double)ms), 1e12));
}

static struct decades decades_of(const struct tally *t)
{
    struct decades d = {9, 0};

    for (size_t i = 0; i < t->calendar.cell_count; i++) {
        const struct histogram *took = &t->cells[i].took;

        if (took->count == 0)
            continue;
        int low = (int)floor(decade(histogram_at(took, 50)));
        int high = (int)ceil(decade(histogram_at(took, 95)));
        d.low = low < d.low ? low : d.low;
        d.high = high > d.high ? high : d.high;
    }
    if (d.high <= d.low)
        d.high = d.low + 1;
    return d;
}

static double answer_y(const struct decades *d, int64_t ms)
{
    double part = (decade(ms) - d->low) / (d->high - d->low);

    return CHART_TOP + ANSWERS * (1 - part);
}

static void put_decades(struct html *h, const struct decades *d)
{
    char label[WORDS_MAX];
    int64_t ms = 1;

    for (int i = 0; i < d->low; i++)
        ms *= 10;
    for (int i = d->low; i <= d->high; i++, ms *= 10) {
        if (ms >= 1000 && ms < 60000)
            snprintf(label, sizeof label, "%d s", (int)(ms / 1000));
        else
            words_span(ms, label);
        chart_level(h, answer_y(d, ms), i == d->low ? "base" : "grid", label);
    }
}

/* The upright line from the one number to the other; the short one across. */
static void put_answer(
    struct html *h, const struct tally *t, const struct decades *d, size_t cell)
{
    const struct histogram *took = &t->cells[cell].took;
    size_t n = t->calendar.cell_count;
    double left = chart_x(cell, n), width = chart_x(1, n) - CHART_LEFT;
    int64_t half = histogram_at(took, 50), most = histogram_at(took, 95);
    double stroke = width * 0.6 > 10 ? 10 : width * 0.6;
    char name[CALENDAR_TEXT_MAX], a[WORDS_MAX], b[WORDS_MAX];

    html_put(h, "<g>");
    if (n <= CHART_TITLES)
        html_put(h, "<title>%s: half within %s, 95 of 100 within %s</title>",
            cell_name(&t->calendar, cell, name), words_span(half, a),
            words_span(most, b));
    html_put(h,
        "<path class=\"range\" stroke-width=\"%.1f\" d=\"M%.1f %.1fV%.1f\"/>"
        "<path class=\"middle\" d=\"M%.1f %.1fh%.1f\"/></g>\n",
        stroke, left + width / 2, answer_y(d, half), answer_y(d, most) - 0.5,
        left + width / 2 - stroke / 2, answer_y(d, half), stroke);
}

void chart_answers(struct html *h, const struct tally *t)
{
    struct decades d = decades_of(t);

    chart_begin(
        h, "How long answers took, over time", CHART_TOP + ANSWERS + 24);
    put_decades(h, &d);
    for (size_t i = 0; i < t->calendar.cell_count; i++)
        if (t->cells[i].took.count)
            put_answer(h, t, &d, i);
    chart_names(h, &t->calendar, CHART_TOP + ANSWERS + 18);
    chart_end(h);
}
