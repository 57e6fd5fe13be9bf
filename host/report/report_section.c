#include "report/report_section.h"

#include "report/report_words.h"

#include <inttypes.h>
#include <string.h>

enum {
    MESSAGE_MAX = 240, // characters of the host's words
    NAME_MAX = 120,    // of a code, a name, a source
    OPEN_SPANS = 15    // of a longer table the reader opens the rest
};

static bool has_words(const struct tally_rows *rows)
{
    for (size_t i = 0; i < rows->len; i++)
        if (rows->list[i].message[0])
            return true;
    return false;
}

static void put_open_row(
    struct html *h, const struct tally_row *row, int64_t now, bool words)
{
    const char *name = row->name[0] ? row->name : row->source;
    char age[WORDS_MAX];

    html_put(h, "<tr><td class=\"n\">%" PRId64 "</td>", row->order_item_id);
    html_line(h, row->code, NAME_MAX);
    html_put(h, "<td class=\"n\">%s</td>", words_span(now - row->at, age));
    if (words)
        html_cell(h, row->message, MESSAGE_MAX);
    html_line(h, strcmp(name, row->code) == 0 ? row->source : name, NAME_MAX);
    html_put(h, "</tr>\n");
}

static void put_open_table(
    struct html *h, const struct overview *o, const struct tally_open *open)
{
    bool words = has_words(&open->rows);
    const char *const heads[] = {"#item", "ERP line", "#for",
        words ? "words" : "from", words ? "from" : NULL, NULL};
    int64_t more = open->count - (int64_t)open->rows.len;
    char count[32];

    html_table(h, heads);
    for (size_t i = 0; i < open->rows.len; i++)
        put_open_row(h, &open->rows.list[i], o->tally->calendar.to, words);
    html_end_table(h);
    if (more > 0)
        html_put(h, "<p>… and %s more, newer.</p>\n", words_count(more, count));
}

/* One line of a <pre>. */
static void put_command(struct html *h, const struct overview *o,
    const char *word, const char *rest)
{
    html_put(h, "omnitron journal ");
    html_text(h, word, WORDS_MAX);
    html_text(h, o->profile, WORDS_MAX);
    html_text(h, rest, WORDS_MAX);
    html_put(h, "\n");
}

static void put_settle(struct html *h, const struct overview *o)
{
    html_put(h, "<p>Look there, then say of one, or of all:</p>\n<pre>");
    html_put(h, "omnitron journal settle");
    html_text(h, o->profile, WORDS_MAX);
    html_put(h, " %" PRId64 " --done|--not-done --note \"…\"\n",
        o->tally->unknown.rows.list[0].order_item_id);
    put_command(
        h, o, "settle", " --all-unknown --done|--not-done --note \"…\"");
    html_put(h, "</pre>\n");
}

static void put_open_kind(struct html *h, const struct overview *o,
    const struct tally_open *open, const char *head, const char *says)
{
    char count[32];

    if (open->count == 0)
        return;
    html_put(h, "<h3>%s %s</h3>\n<p>", words_count(open->count, count), head);
    html_text(h, says, WORDS_MAX);
    html_put(h, "</p>\n");
    put_open_table(h, o, open);
    if (open == &o->tally->unknown)
        put_settle(h, o);
}

void section_open(struct html *h, const struct overview *o)
{
    const struct tally *t = o->tally;

    if (!t->unknown.count && !t->rejected.count && !t->conflicts.count &&
        !t->pending.count)
        return;
    html_section(h, "open", "Open now");
    put_open_kind(h, o, &t->unknown, "unknown",
        "Sent, and no answer came that can be relied on: the host may have "
        "done it. It is not sent again before somebody has looked.");
    put_open_kind(h, o, &t->rejected, "rejected",
        "The host said no. Mend the rule or the data and run it again.");
    put_open_kind(h, o, &t->conflicts, "in conflict",
        "The item has another code already, or has let its stock go.");
    put_open_kind(h, o, &t->pending, "pending",
        "Kept, and certainly not applied: the next run sends it by itself.");
    if (t->rejected.count || t->conflicts.count) {
        html_put(h, "<p>What can be said of each:</p>\n<pre>");
        put_command(h, o, "open", "");
        html_put(h, "</pre>\n");
    }
    html_end_section(h);
}

static void put_moment(struct html *h, const struct tally *t, int64_t at)
{
    char name[CALENDAR_TEXT_MAX];

    html_put(
        h, "<td class=\"line\">%s</td>", words_moment(&t->calendar, at, name));
}

static void put_took(struct html *h, int64_t ms)
{
    char took[WORDS_MAX];

    html_put(h, "<td class=\"n\">%s</td>", ms < 0 ? "" : words_span(ms, took));
}

static void put_span_row(struct html *h, const struct tally *t, size_t span)
{
    static const enum journal_state states[] = {
        JOURNAL_REJECTED, JOURNAL_UNKNOWN, JOURNAL_PENDING, JOURNAL_CANCELLED};
    const struct calendar *c = &t->calendar;
    struct tally_cell sum;
    char code[WORDS_MAX] = "", name[CALENDAR_TEXT_MAX];

    tally_span(t, span, &sum);
    if (sum.exit != TALLY_NO_RUN)
        words_exit(sum.exit, code);
    html_put(h, "<tr>");
    html_put(h, "<td>%s</td>",
        calendar_name(c->span, c->cells[c->spans[span].first].from, name));
    html_quiet_count(h, sum.runs);
    html_put(h, "<td class=\"n\">%s</td>", code);
    html_count(h, sum.by_state[JOURNAL_CONFIRMED]);
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        html_quiet_count(h, sum.by_state[states[i]]);
    put_took(h, histogram_at(&sum.took, 50));
    put_took(h, histogram_at(&sum.took, 95));
    html_put(h, "</tr>\n");
}

void section_spans(struct html *h, const struct tally *t)
{
    static const char *const heads[] = {"", "#runs", "#worst exit", "#released",
        "#rejected", "#unknown", "#pending", "#cancelled", "#half within",
        "#95 % within", NULL};
    static const char *const names[] = {[CALENDAR_HOUR] = "Hour by hour",
        [CALENDAR_DAY] = "Day by day",
        [CALENDAR_WEEK] = "Week by week",
        [CALENDAR_MONTH] = "Month by month"};
    size_t n = t->calendar.span_count;

    html_put(h, "<details%s><summary>%s, in numbers</summary>\n",
        n <= OPEN_SPANS ? " open=\"open\"" : "", names[t->calendar.span]);
    html_table(h, heads);
    for (size_t i = 0; i < n; i++)
        put_span_row(h, t, i);
    html_end_table(h);
    html_put(h, "</details>\n");
}

void section_exits(struct html *h, const struct tally *t)
{
    static const char *const heads[] = {
        "exit", "what it says", "#runs", "", "the latest", NULL};
    const struct tally_runs *runs = &t->runs;
    char code[WORDS_MAX];

    if (runs->exit_count == 0)
        return;
    html_table(h, heads);
    for (size_t i = 0; i < runs->exit_count; i++) {
        const struct tally_exit *exit = &runs->exits[i];

        html_put(h, "<tr>");
        html_cell(h, words_exit(exit->code, code), WORDS_MAX);
        html_line(h, words_exit_meaning(exit->code), WORDS_MAX);
        html_count(h, exit->runs);
        html_bar(h, exit->runs, runs->count,
            words_exit_class(words_exit_weight(exit->code)));
        put_moment(h, t, exit->last_at);
        html_put(h, "</tr>\n");
    }
    html_end_table(h);
}

static void put_stop(
    struct html *h, const struct overview *o, const struct tally_stop *stop)
{
    int64_t to = stop->over ? stop->to : o->tally->calendar.to;
    char says[WORDS_MAX], span[WORDS_MAX];

    html_put(h, "<tr>");
    put_moment(h, o->tally, stop->from);
    html_put(h, "<td class=\"n\">%s</td>", words_span(to - stop->from, span));
    html_count(h, stop->runs);
    html_cell(h, words_stop(o->host, stop->why, says), WORDS_MAX);
    html_put(h, "<td>%s</td></tr>\n", stop->over ? "over" : "still so");
}

void section_stops(struct html *h, const struct overview *o)
{
    static const char *const heads[] = {
        "from", "#for", "#runs", "why", "", NULL};
    const struct tally_runs *runs = &o->tally->runs;
    char count[32];

    if (runs->stop_count == 0)
        return;
    html_section(h, "stops", "When sending was stopped");
    html_table(h, heads);
    for (size_t i = 0; i < runs->stop_count; i++)
        put_stop(h, o, &runs->stops[i]);
    html_end_table(h);
    if (runs->stops_before)
        html_put(h, "<p>And %s times before.</p>\n",
            words_count(runs->stops_before, count));
    html_end_section(h);
}

void section_slowest(struct html *h, const struct tally *t)
{
    static const char *const heads[] = {
        "#took", "#item", "ERP line", "became", "when", "from", NULL};

    if (t->slowest.len == 0)
        return;
    html_section(h, "slowest", "The slowest answers");
    html_table(h, heads);
    for (size_t i = 0; i < t->slowest.len; i++) {
        const struct tally_row *row = &t->slowest.list[i];

        html_put(h, "<tr>");
        put_took(h, row->ms);
        html_put(h, "<td class=\"n\">%" PRId64 "</td>", row->order_item_id);
        html_line(h, row->code, NAME_MAX);
        html_cell(h, journal_state_name(row->state), WORDS_MAX);
        put_moment(h, t, row->at);
        html_line(h, row->source, NAME_MAX);
        html_put(h, "</tr>\n");
    }
    html_end_table(h);
    html_end_section(h);
}

static bool has_examples(const struct tally_groups *groups)
{
    for (size_t i = 0; i < groups->len; i++)
        if (groups->list[i].example[0])
            return true;
    return false;
}

static void put_group(struct html *h, const struct tally *t,
    const struct section_groups *s, const struct tally_group *group)
{
    html_put(h, "<tr>");
    html_count(h, group->count);
    html_bar(h, group->count, s->groups->list[0].count, s->class);
    if (s->kind)
        html_line(h, group->kind, NAME_MAX);
    html_put(h, "<td class=\"words\">");
    html_text(h, group->words, MESSAGE_MAX);
    html_put(h, "</td>");
    if (has_examples(s->groups))
        html_line(h, group->example, NAME_MAX);
    put_moment(h, t, group->last_at);
    html_put(h, "</tr>\n");
}

static void put_group_heads(struct html *h, const struct section_groups *s)
{
    const char *heads[7] = {"#how many", ""};
    size_t n = 2;

    if (s->kind)
        heads[n++] = s->kind;
    heads[n++] = "what";
    if (has_examples(s->groups))
        heads[n++] = "the first";
    heads[n] = "the latest";
    html_table(h, heads);
}

static void put_others(struct html *h, const struct tally_groups *groups)
{
    char count[32];

    if (groups->others)
        html_put(h, "<p>And %s more, of other kinds.</p>\n",
            words_count(groups->others, count));
}

void section_groups(
    struct html *h, const struct tally *t, const struct section_groups *s)
{
    const struct tally_groups *groups = s->groups;

    if (groups->len == 0)
        return;
    html_section(h, s->id, s->head);
    if (s->says) {
        html_put(h, "<p>");
        html_text(h, s->says, WORDS_MAX);
        html_put(h, "</p>\n");
    }
    put_group_heads(h, s);
    for (size_t i = 0; i < groups->len; i++)
        put_group(h, t, s, &groups->list[i]);
    html_end_table(h);
    put_others(h, groups);
    html_end_section(h);
}
