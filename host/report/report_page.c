/* The page: the verdict, the figures, the pictures, the tables. */
#include "base/clock.h"
#include "base/version.h"
#include "lua/embedded.h"
#include "report/chart.h"
#include "report/report.h"
#include "report/report_section.h"
#include "report/report_words.h"

#include <stdio.h>

enum { HOST_MAX = 200, PATH_SHOWN = 400 };

static void put_head(struct html *h, const struct overview *o)
{
    const struct embedded *style = embedded_find("report.css");

    html_put(h,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
        "<meta charset=\"utf-8\"/>\n"
        "<meta http-equiv=\"Content-Security-Policy\" "
        "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
        "<meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\"/>\n"
        "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>");
    html_text(h, o->host, HOST_MAX);
    html_put(h, ": what was released</title>\n<style>\n");
    if (style)
        html_put(h, "%.*s", (int)style->len, (const char *)style->bytes);
    html_put(h, "</style>\n</head>\n<body>\n");
}

static void put_header(struct html *h, const struct overview *o)
{
    const struct calendar *c = &o->tally->calendar;
    char from[CALENDAR_TEXT_MAX], to[CALENDAR_TEXT_MAX], stretch[WORDS_MAX];

    html_put(h, "<header>\n<p class=\"what\">omnitron report</p>\n<h1>");
    html_text(h, o->host, HOST_MAX);
    html_put(h, "</h1>\n<p class=\"when\">%s to %s · %s%s%s</p>\n</header>\n",
        words_moment(c, c->from, from), words_moment(c, c->to, to),
        words_stretch(c, stretch),
        o->tally->from_start ? ", since the journal began" : "",
        o->tally->run_alive ? " · a run is at work" : "");
}

/* "8 unknown", behind what is there already. */
static void put_part(
    struct html *h, int64_t n, const char *words, bool *is_first)
{
    char count[32];

    if (n == 0)
        return;
    html_put(h, "%s%s %s", *is_first ? "" : ", ", words_count(n, count), words);
    *is_first = false;
}

static bool is_stopped(const struct tally_runs *runs)
{
    return runs->stop_count && !runs->stops[runs->stop_count - 1].over;
}

static void put_stopped(struct html *h, const struct overview *o)
{
    const struct tally_runs *runs = &o->tally->runs;
    char says[WORDS_MAX];

    if (!is_stopped(runs))
        return;
    html_text(h,
        words_stop(o->host, runs->stops[runs->stop_count - 1].why, says),
        WORDS_MAX);
    html_put(h, ": the latest run did not send all. ");
}

static void put_verdict(struct html *h, const struct overview *o)
{
    const struct tally *t = o->tally;
    bool is_first = true;
    int64_t look = t->unknown.count + t->rejected.count + t->conflicts.count;

    html_put(h, "<p class=\"verdict%s\">",
        t->unknown.count || is_stopped(&t->runs) ? " now"
        : look                                   ? " look"
                                                 : "");
    put_stopped(h, o);
    put_part(h, t->unknown.count, "unknown", &is_first);
    put_part(h, t->rejected.count, "rejected", &is_first);
    put_part(h, t->conflicts.count, "in conflict", &is_first);
    html_put(h, is_first
                    ? "Nothing waits for a person."
                    : ": a person has to look, <a href=\"#open\">below</a>.");
    if (t->pending.count) {
        is_first = true;
        html_put(h, " ");
        put_part(
            h, t->pending.count, "pending: sent by the next run.", &is_first);
    }
    html_put(h, "</p>\n");
}

static void put_figure(
    struct html *h, const char *name, const char *value, const char *note)
{
    html_put(h, "<div><dt>%s</dt><dd>%s</dd><dd class=\"note\">%s</dd></div>\n",
        name, value, note);
}

static void put_count_figure(
    struct html *h, const char *name, int64_t n, const char *note)
{
    char count[32];

    put_figure(h, name, words_count(n, count), note);
}

static void put_figures(struct html *h, const struct tally *t)
{
    char note[WORDS_MAX + 40], took[WORDS_MAX], count[32];

    html_put(h, "<dl class=\"figures\">\n");
    snprintf(note, sizeof note, "%s in the journal",
        words_count(t->all[JOURNAL_CONFIRMED], count));
    put_count_figure(h, "Released", t->by_state[JOURNAL_CONFIRMED], note);
    put_count_figure(
        h, "Rejected", t->by_state[JOURNAL_REJECTED], "and not released since");
    words_idle(&t->runs, note);
    put_count_figure(h, "Runs", t->runs.count, note);
    if (t->took.count) {
        snprintf(note, sizeof note, "95 of 100 within %s",
            words_span(histogram_at(&t->took, 95), took));
        put_figure(h, "Half of the answers within",
            words_span(histogram_at(&t->took, 50), took), note);
    }
    html_put(h, "</dl>\n");
}

struct key {
    const char *class, *words;
};

static void put_keys(struct html *h, const struct key *keys)
{
    html_put(h, "<ul class=\"key\">");
    for (; keys->class; keys++)
        html_put(h,
            "<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect "
            "class=\"%s\" width=\"10\" height=\"10\"/></svg>%s</li>",
            keys->class, keys->words);
    html_put(h, "</ul>\n");
}

static bool is_empty(const struct tally *t)
{
    for (int i = 0; i < JOURNAL_STATES; i++)
        if (t->by_state[i])
            return false;
    return t->runs.count == 0;
}

static void put_outcomes(struct html *h, const struct tally *t)
{
    static const struct key keys[] = {{"confirmed", "released"},
        {"rejected", "rejected"}, {"unknown", "unknown"},
        {"pending", "pending"}, {"cancelled", "cancelled"}, {NULL, NULL}};

    html_section(h, "outcomes", "What became of the releases");
    if (is_empty(t)) {
        html_put(h, "<p>No release was written in this time.</p>\n");
        html_end_section(h);
        return;
    }
    html_put(h,
        "<p>Each release counts where its row was written last. What was not "
        "released hangs below the line, on a scale of its own.</p>\n<figure>");
    put_keys(h, keys);
    chart_outcomes(h, t);
    html_put(h, "</figure>\n");
    section_spans(h, t);
    html_end_section(h);
}

static void put_pace(struct html *h, const struct overview *o)
{
    const struct tally *t = o->tally;
    bool hours = t->calendar.cell == CALENDAR_HOUR;
    const struct key keys[] = {
        {"confirmed", hours ? "released each hour" : "released each day"},
        {"stop", "sending was stopped"}, {NULL, NULL}};

    if (!chart_has_pace(t))
        return;
    html_section(h, "pace", "Pace");
    html_put(h, "<figure>");
    put_keys(h, keys);
    chart_pace(h, o);
    html_put(h, "</figure>\n");
    html_end_section(h);
}

static void put_answers(struct html *h, const struct tally *t)
{
    if (!t->took.count)
        return;
    html_section(h, "answers", "How long answers took");
    html_put(h,
        "<p>The mark is the time within which half of them came; the bar above "
        "it reaches to that of 95 of 100.</p>\n<figure>");
    chart_answers(h, t);
    html_put(h, "</figure>\n");
    html_end_section(h);
}

static void put_runs(struct html *h, const struct tally *t)
{
    static const struct key keys[] = {{"busy", "wrote releases"},
        {"quiet", "ran, and wrote none"}, {"pending", "5: pending"},
        {"rejected", "3: rows"}, {"unknown", "4: unknown"},
        {"alarm", "1, 2, 6, 7, 70, killed (×)"}, {"absent", "no run"},
        {NULL, NULL}};
    const struct tally_runs *runs = &t->runs;
    char at[CALENDAR_TEXT_MAX], took[WORDS_MAX], longest[WORDS_MAX];

    if (runs->count == 0)
        return;
    html_section(h, "runs", "Runs");
    if (runs->last)
        html_put(h,
            "<p>The latest began on %s and ended with exit code %d after %s. "
            "The longest took %s. A field shows the exit code that weighs "
            "most.</p>\n",
            words_moment(&t->calendar, runs->last_at, at), runs->last_exit,
            words_span(runs->last_ms, took),
            words_span(runs->longest_ms, longest));
    html_put(h, "<figure>");
    put_keys(h, keys);
    chart_exits(h, t);
    html_put(h, "</figure>\n");
    section_exits(h, t);
    html_end_section(h);
}

static void put_reasons(struct html *h, const struct tally *t)
{
    const struct section_groups all[] = {
        {"refused", "Refused, by the host's words",
            "Long numbers, and the row's own code, are left out, so that the "
            "same reason is one line.",
            &t->refused, NULL, "rejected"},
        {"inputs", "Rows that came to no release",
            "failed: the rule. invalid: the data. later: not yet. skipped: "
            "never. Each counts once, however often it was read, and also when "
            "it "
            "became a release later.",
            &t->inputs, "kind", "pending"},
        {"tries", "Tried again after", NULL, &t->tries, "status", "pending"},
        {"decisions", "Decided by hand", NULL, &t->decisions, "who", "busy"},
        {"scripts", "Runs, by script and its version", NULL, &t->runs.scripts,
            "version", "busy"}};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].groups != &t->runs.scripts || all[i].groups->len > 1)
            section_groups(h, t, &all[i]);
}

static void put_footer(struct html *h, const struct overview *o)
{
    char at[CLOCK_TEXT_MAX];

    html_put(h, "<footer><p>Made %s by omnitron %s from ",
        clock_local(o->tally->calendar.to, at), OMNITRON_VERSION);
    html_text(h, o->journal, PATH_SHOWN);
    html_put(h, ". This page loads nothing and runs nothing.</p></footer>\n"
                "</body>\n</html>\n");
}

bool report_page(const struct overview *o, struct buf *out)
{
    struct html h = {.out = out, .ok = true};
    const struct tally *t = o->tally;

    put_head(&h, o);
    put_header(&h, o);
    html_put(&h, "<main>\n");
    put_verdict(&h, o);
    put_figures(&h, t);
    put_outcomes(&h, t);
    section_open(&h, o);
    put_pace(&h, o);
    put_answers(&h, t);
    put_runs(&h, t);
    section_stops(&h, o);
    put_reasons(&h, t);
    section_slowest(&h, t);
    html_put(&h, "</main>\n");
    put_footer(&h, o);
    return h.ok;
}
