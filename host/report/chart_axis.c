#include "report/chart_axis.h"

#include "report/report_words.h"

#include <string.h>

enum { NAME_WIDTH = 72 }; // of a span, with some space beside it

void chart_begin(struct html *h, const char *title, int height)
{
    html_put(h,
        "<div class=\"wide\"><svg class=\"chart\" viewBox=\"0 0 %d %d\" "
        "role=\"img\">\n<title>",
        (int)CHART_WIDTH, height);
    html_text(h, title, WORDS_MAX);
    html_put(h, "</title>\n");
}

void chart_end(struct html *h)
{
    html_put(h, "</svg></div>\n");
}

double chart_x(size_t i, size_t n)
{
    return CHART_LEFT +
           (double)(CHART_RIGHT - CHART_LEFT) * (double)i / (double)n;
}

double chart_time_x(const struct calendar *c, int64_t at)
{
    size_t cell = calendar_find(c, at);
    int64_t from = c->cells[cell].from;
    int64_t to = cell + 1 < c->cell_count ? c->cells[cell + 1].from : c->to + 1;
    double part = (double)(at - from) / (double)(to > from ? to - from : 1);
    double left = chart_x(cell, c->cell_count);

    part = part < 0 ? 0 : part > 1 ? 1 : part;
    return left + part * (chart_x(cell + 1, c->cell_count) - left);
}

int64_t chart_round(int64_t n)
{
    static const int tenths[] = {10, 15, 20, 25, 30, 40, 50, 60, 80, 100};

    if (n <= 1)
        return 1;
    for (int64_t ten = 1; ten <= INT64_MAX / 1000; ten *= 10)
        for (size_t i = 0; i < sizeof tenths / sizeof *tenths; i++)
            if (n <= ten * tenths[i] / 10)
                return ten * tenths[i] / 10;
    return n;
}

/* "Thu 19 Nov"; of an hour its time alone. */
static const char *name_of(
    const struct calendar *c, size_t span, char name[CALENDAR_TEXT_MAX])
{
    calendar_name(c->span, c->cells[c->spans[span].first].from, name);
    return c->span == CALENDAR_HOUR ? strrchr(name, ' ') + 1 : name;
}

void chart_names(struct html *h, const struct calendar *c, int y)
{
    double width = chart_x(1, c->span_count) - chart_x(0, c->span_count);
    size_t step = width >= NAME_WIDTH ? 1 : (size_t)(NAME_WIDTH / width) + 1;
    char name[CALENDAR_TEXT_MAX];

    for (size_t i = 0; i < c->span_count; i += step)
        html_put(h,
            "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
            chart_x(i, c->span_count) + width / 2, y, name_of(c, i, name));
}

void chart_level(struct html *h, double y, const char *class, const char *label)
{
    html_put(h, "<path class=\"%s\" d=\"M%d %.1fH%d\"/>", class,
        (int)CHART_LEFT, y, (int)CHART_RIGHT);
    html_put(h, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
        CHART_LEFT - 8, y + 4, label);
}
