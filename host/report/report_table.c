#include "report/report_table.h"

#include "report/report_bar.h"
#include "report/report_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int between(int n, int least, int most)
{
    return n < least ? least : n > most ? most : n;
}

enum {
    NARROW = 64, // fewer columns have no room for the lesser ones
    BAR_MOST = 40,
    CODE_MAX = 24,
    EXIT_REST = 66, // of a line of the exits, without its bar
    SPAN_REST = 40, // likewise of the spans, without their names
    SLIM_REST = 26, // the same where it is narrow
    BAR_LEAST = 4   // below which there is none there
};

static int exit_bar(const struct paper *p)
{
    bool narrow = p->columns < NARROW;

    return between(p->columns - (narrow ? 18 : EXIT_REST), 4, BAR_MOST);
}

static void put_exit(
    struct paper *p, const struct overview *o, const struct tally_exit *exit)
{
    char code[WORDS_MAX], count[32], at[CALENDAR_TEXT_MAX];

    p->ok = p->ok &&
            buf_printf(p->out, "%8s %7s ", words_exit(exit->code, code),
                words_count(exit->runs, count)) &&
            bar_put(p->out, exit->runs, o->tally->runs.count, exit_bar(p),
                p->blocks);
    if (p->columns < NARROW)
        paper_line(p, "%s", "");
    else
        paper_line(p, " %16s  %s",
            words_moment(&o->tally->calendar, exit->last_at, at),
            words_exit_meaning(exit->code));
}

static void put_last(struct paper *p, const struct overview *o)
{
    const struct tally_runs *runs = &o->tally->runs;
    char at[CALENDAR_TEXT_MAX], took[WORDS_MAX], longest[WORDS_MAX];

    if (runs->last == 0)
        return;
    paper_say(p, 2,
        "The last was run %" PRId64 ", %s: exit %d after %s. The longest took "
        "%s.",
        runs->last, words_moment(&o->tally->calendar, runs->last_at, at),
        runs->last_exit, words_span(runs->last_ms, took),
        words_span(runs->longest_ms, longest));
}

void table_runs(struct paper *p, const struct overview *o)
{
    const struct tally_runs *runs = &o->tally->runs;
    char count[WORDS_MAX], idle[WORDS_MAX];

    if (runs->count == 0) {
        paper_head(p, "No run.");
        return;
    }
    words_many(runs->count, "run", "runs", count);
    p->ok = p->ok && buf_putc(p->out, '\n');
    words_idle(runs, idle);
    paper_say(p, 0, "%s%s%s", count, idle[0] ? ", " : "", idle);
    put_last(p, o);
    if (runs->exit_count && p->columns >= NARROW)
        paper_line(
            p, "%8s %7s %*s %16s", "exit", "runs", exit_bar(p), "", "last");
    for (size_t i = runs->exit_count; i > 0; i--)
        put_exit(p, o, &runs->exits[i - 1]);
}

/* The most that a cell, or a span, has of confirmed releases. */
static int64_t most_of(const struct tally *t, bool of_spans)
{
    size_t n = of_spans ? t->calendar.span_count : t->calendar.cell_count;
    int64_t most = 0;

    for (size_t i = 0; i < n; i++) {
        struct tally_cell span;
        const struct tally_cell *cell = &t->cells[i];

        if (of_spans) {
            tally_span(t, i, &span);
            cell = &span;
        }
        if (cell->by_state[JOURNAL_CONFIRMED] > most)
            most = cell->by_state[JOURNAL_CONFIRMED];
    }
    return most;
}

/* A column for each hour of a day; days have them, the rest has a bar. */
static bool has_hours(const struct paper *p, const struct calendar *c)
{
    return c->span == CALENDAR_DAY && p->columns >= NARROW;
}

static bool is_narrow(const struct paper *p)
{
    return p->columns < NARROW;
}

/* "Sat " goes where it is narrow. */
static int name_skip(const struct paper *p, const struct calendar *c)
{
    bool has_day = c->span == CALENDAR_HOUR || c->span == CALENDAR_DAY;

    return is_narrow(p) && has_day ? (int)strlen("Sat ") : 0;
}

static int name_width(const struct paper *p, const struct calendar *c)
{
    static const int widths[] = {[CALENDAR_HOUR] = 18,
        [CALENDAR_DAY] = 12,
        [CALENDAR_WEEK] = 13,
        [CALENDAR_MONTH] = 10};

    return widths[c->span] - name_skip(p, c);
}

/* 0: there is no room for bars beside the numbers. */
static int bar_width(const struct paper *p, const struct calendar *c)
{
    int rest = name_width(p, c) + (is_narrow(p) ? SLIM_REST : SPAN_REST);

    if (is_narrow(p) && p->columns - rest < BAR_LEAST)
        return 0;
    return has_hours(p, c) ? c->columns
                           : between(p->columns - rest, 4, BAR_MOST);
}

static bool put_hours(
    struct paper *p, const struct tally *t, size_t span, int64_t most)
{
    const struct calendar *c = &t->calendar;
    size_t at = c->spans[span].first, end = at + c->spans[span].len;
    bool ok = true;

    for (int hour = 0; ok && hour < c->columns; hour++) {
        if (at < end && c->cells[at].column == hour)
            ok = bar_put_small(p->out,
                t->cells[at++].by_state[JOURNAL_CONFIRMED], most, p->blocks);
        else
            ok = buf_putc(p->out, ' ');
    }
    return ok;
}

static bool put_bar(
    struct paper *p, const struct tally *t, size_t span, int64_t most)
{
    const struct calendar *c = &t->calendar;
    struct tally_cell sum;

    if (bar_width(p, c) == 0)
        return true;
    tally_span(t, span, &sum);
    return buf_putc(p->out, ' ') &&
           (has_hours(p, c) ? put_hours(p, t, span, most)
                            : bar_put(p->out, sum.by_state[JOURNAL_CONFIRMED],
                                  most, bar_width(p, c), p->blocks));
}

static void put_span(
    struct paper *p, const struct tally *t, size_t span, int64_t most)
{
    const struct calendar *c = &t->calendar;
    int64_t from = c->cells[c->spans[span].first].from;
    struct tally_cell sum;
    char name[CALENDAR_TEXT_MAX], released[32], refused[32], unknown[32],
        took[WORDS_MAX] = "";

    tally_span(t, span, &sum);
    if (sum.took.count > 0)
        words_span(histogram_at(&sum.took, 50), took);
    calendar_name(c->span, from, name);
    words_count(sum.by_state[JOURNAL_CONFIRMED], released);
    p->ok = p->ok &&
            buf_printf(p->out, "%*s %*s", name_width(p, c),
                name + name_skip(p, c), is_narrow(p) ? 8 : 9, released) &&
            put_bar(p, t, span, most);
    words_count(sum.by_state[JOURNAL_REJECTED], refused);
    words_count(sum.by_state[JOURNAL_UNKNOWN], unknown);
    if (is_narrow(p))
        paper_line(p, " %7s %7s", refused, unknown);
    else
        paper_line(p, " %8s %7s %9s", refused, unknown, took);
}

static void put_span_heads(struct paper *p, const struct calendar *c)
{
    int bar = bar_width(p, c);

    if (is_narrow(p))
        paper_line(p, "%*s released%*s refused unknown", name_width(p, c), "",
            bar ? bar + 1 : 0, "");
    else
        paper_line(p, "%*s %9s %-*s %8s %7s %9s", name_width(p, c), "",
            "released", bar, has_hours(p, c) ? "at hours 0 to 23" : "",
            "refused", "unknown", "median");
}

void table_spans(struct paper *p, const struct overview *o)
{
    const struct tally *t = o->tally;
    const struct calendar *c = &t->calendar;
    int64_t most = most_of(t, !has_hours(p, c));

    if (t->took.count == 0 && most == 0)
        return;
    p->ok = p->ok && buf_putc(p->out, '\n');
    put_span_heads(p, c);
    for (size_t i = 0; i < c->span_count; i++)
        put_span(p, t, i, most);
}

static void put_slow(
    struct paper *p, const struct tally *t, const struct tally_row *row)
{
    char took[WORDS_MAX], at[CALENDAR_TEXT_MAX], lead[WORDS_MAX + 8];

    snprintf(lead, sizeof lead, "%10s  ", words_span(row->ms, took));
    paper_item(p, lead, "%" PRId64 " %s, %s, %s", row->order_item_id,
        paper_clean(p, row->code, CODE_MAX), journal_state_name(row->state),
        words_moment(&t->calendar, row->at, at));
}

void table_slowest(struct paper *p, const struct overview *o)
{
    const struct tally *t = o->tally;
    char median[WORDS_MAX], high[WORDS_MAX];

    if (t->took.count == 0)
        return;
    paper_head(p, "The slowest answers");
    paper_say(p, 2, "Half of all within %s, 95 of 100 within %s.",
        words_span(histogram_at(&t->took, 50), median),
        words_span(histogram_at(&t->took, 95), high));
    for (size_t i = 0; i < t->slowest.len; i++)
        put_slow(p, t, &t->slowest.list[i]);
}
