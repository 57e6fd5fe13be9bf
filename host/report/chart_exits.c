#include "report/chart.h"
#include "report/chart_axis.h"
#include "report/report_words.h"

enum { LEFT = 82, TOP = 18, ROW = 18, GAP = 2 };

static double width_of(const struct calendar *c)
{
    return (double)(CHART_RIGHT - LEFT) / c->columns;
}

static bool has_news(const struct tally_cell *cell)
{
    return words_exit_weight(cell->exit) != EXIT_WEIGHT_FINE;
}

/* What has no news is one path for each kind. */
enum kind { ABSENT, QUIET, BUSY, KINDS };

static enum kind kind_of(const struct tally_cell *cell)
{
    int64_t written = 0;

    if (cell->exit == TALLY_NO_RUN)
        return ABSENT;
    for (int i = 0; i < JOURNAL_STATES; i++)
        written += cell->by_state[i];
    return written ? BUSY : QUIET;
}

static void put_plain(struct html *h, const struct tally *t, enum kind kind)
{
    static const char *const names[KINDS] = {"absent", "quiet", "busy"};
    const struct calendar *c = &t->calendar;
    double width = width_of(c) - GAP;

    html_put(h, "<path class=\"%s\" d=\"", names[kind]);
    for (size_t i = 0; i < c->cell_count; i++) {
        const struct calendar_cell *at = &c->cells[i];
        double x = LEFT + at->column * width_of(c);
        int y = TOP + at->row * ROW;

        if (has_news(&t->cells[i]) || kind_of(&t->cells[i]) != kind)
            continue;
        if (kind == ABSENT)
            html_put(h, "M%.1f %dh3v3h-3z", x + width / 2 - 1.5,
                y + (ROW - GAP) / 2 - 1);
        else
            html_put(
                h, "M%.1f %dh%.1fv%dh-%.1fz", x, y, width, ROW - GAP, width);
    }
    html_put(h, "\"/>\n");
}

static void put_news(struct html *h, const struct tally *t, size_t i)
{
    const struct calendar *c = &t->calendar;
    const struct tally_cell *cell = &t->cells[i];
    double x = LEFT + c->cells[i].column * width_of(c);
    int y = TOP + c->cells[i].row * ROW;
    char name[CALENDAR_TEXT_MAX], runs[WORDS_MAX], code[WORDS_MAX];

    words_exit(cell->exit, code);
    html_put(h, "<g>");
    if (c->cell_count <= 2 * CHART_TITLES)
        html_put(h, "<title>%s: %s, %s%s: %s</title>",
            calendar_name(c->cell, c->cells[i].from, name),
            words_many(cell->runs, "run", "runs", runs),
            cell->exit < 0 ? "" : "exit ", code,
            words_exit_meaning(cell->exit));
    html_put(h,
        "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>"
        "<text class=\"on\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s"
        "</text></g>\n",
        words_exit_class(words_exit_weight(cell->exit)), x, y,
        width_of(c) - GAP, ROW - GAP, x + (width_of(c) - GAP) / 2, y + 12,
        cell->exit == TALLY_KILLED ? "×" : code);
}

static void put_columns(struct html *h, const struct calendar *c)
{
    bool hours = c->cell == CALENDAR_HOUR;

    for (int i = 0; i < c->columns; i += hours ? 3 : 5)
        html_put(h,
            "<text x=\"%.1f\" y=\"12\" text-anchor=\"middle\">%d%s</text>\n",
            LEFT + i * width_of(c) + (width_of(c) - GAP) / 2, hours ? i : i + 1,
            hours ? ":00" : "");
}

static void put_rows(struct html *h, const struct calendar *c)
{
    enum calendar_unit unit =
        c->cell == CALENDAR_HOUR ? CALENDAR_DAY : CALENDAR_MONTH;
    char name[CALENDAR_TEXT_MAX];

    for (size_t i = 0; i < c->cell_count; i++)
        if (i == 0 || c->cells[i].row != c->cells[i - 1].row)
            html_put(h,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n",
                LEFT - 8, TOP + c->cells[i].row * ROW + 12,
                calendar_name(unit, c->cells[i].from, name));
}

void chart_exits(struct html *h, const struct tally *t)
{
    const struct calendar *c = &t->calendar;

    chart_begin(
        h, "Exit codes of the runs, as a calendar", TOP + c->rows * ROW + 2);
    put_columns(h, c);
    put_rows(h, c);
    for (enum kind kind = ABSENT; kind < KINDS; kind++)
        put_plain(h, t, kind);
    for (size_t i = 0; i < c->cell_count; i++)
        if (has_news(&t->cells[i]))
            put_news(h, t, i);
    chart_end(h);
}
