/* The report for a terminal: what needs a person first, then what happened. */
#include "report/report.h"
#include "report/report_paper.h"
#include "report/report_table.h"
#include "report/report_words.h"

#include <inttypes.h>
#include <stdio.h>

enum { MESSAGE_MAX = 240, NAME_MAX = 80, GROUPS_SHOWN = 10 };

/* Of a name that has no spaces, as much as stands in a line of its own. */
static size_t name_most(const struct paper *p)
{
    int most = p->columns - 16;

    return most < 16 ? 16 : most > NAME_MAX ? NAME_MAX : (size_t)most;
}

static void put_states(struct paper *p, const struct tally *t)
{
    static const struct {
        enum journal_state state;
        const char *word;
    } words[] = {{JOURNAL_CONFIRMED, "released"},
        {JOURNAL_REJECTED, "rejected"}, {JOURNAL_UNKNOWN, "unknown"},
        {JOURNAL_PENDING, "pending"}, {JOURNAL_SENDING, "on the way"},
        {JOURNAL_CANCELLED, "cancelled"}};
    char line[WORDS_MAX] = "", count[32];
    size_t len = 0;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (t->by_state[words[i].state] > 0)
            len += (size_t)snprintf(line + len, sizeof line - len, "%s%s %s",
                len ? ", " : "",
                words_count(t->by_state[words[i].state], count), words[i].word);
    paper_say(p, 0, "%s.", len ? line : "No release was written");
}

static void put_head(struct paper *p, const struct overview *o)
{
    const struct calendar *c = &o->tally->calendar;
    char from[CALENDAR_TEXT_MAX], to[CALENDAR_TEXT_MAX], stretch[WORDS_MAX];

    paper_say(p, 0, "%s: %s to %s (%s%s)%s", o->host,
        words_moment(c, c->from, from), words_moment(c, c->to, to),
        words_stretch(c, stretch),
        o->tally->from_start ? ", since the journal began" : "",
        o->tally->run_alive ? ". A run is at work." : "");
    put_states(p, o->tally);
}

static void put_open_rows(struct paper *p, const struct overview *o,
    const struct tally_open *open, const char *state)
{
    for (size_t i = 0; i < open->rows.len; i++) {
        const struct tally_row *row = &open->rows.list[i];
        char age[WORDS_MAX];

        paper_say(p, 6, "%" PRId64 " %s, for %s%s%s", row->order_item_id,
            paper_clean(p, row->code, NAME_MAX),
            words_span(o->tally->calendar.to - row->at, age),
            row->message[0] ? ": " : "",
            paper_clean(p, row->message, MESSAGE_MAX));
    }
    if (open->count > (int64_t)open->rows.len && state)
        paper_line(p, "      … all: omnitron journal list --state %s%s", state,
            o->profile);
}

static void put_unknown(struct paper *p, const struct overview *o)
{
    const struct tally_open *open = &o->tally->unknown;
    char count[32];

    if (open->count == 0)
        return;
    paper_say(p, 2, "%s unknown: sent, and %s may have done %s.",
        words_count(open->count, count), o->host,
        open->count == 1 ? "it" : "them");
    put_open_rows(p, o, open, "unknown");
    paper_say(p, 4, "Look there, then say of one, or of all:");
    paper_line(p,
        "      omnitron journal settle%s %" PRId64
        " --done|--not-done --note \"…\"",
        o->profile, open->rows.list[0].order_item_id);
    paper_line(p,
        "      omnitron journal settle%s --all-unknown --done|--not-done "
        "--note \"…\"",
        o->profile);
}

static void put_rest(struct paper *p, const struct overview *o)
{
    const struct tally *t = o->tally;
    const struct {
        const struct tally_open *open;
        const char *says;
    } kinds[] = {{&t->rejected, "rejected: the host said no"},
        {&t->conflicts, "in conflict: the item has another code already"},
        {&t->pending, "pending: the next run sends what is left"}};
    char count[32], age[WORDS_MAX];

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].open->count > 0)
            paper_say(p, 2, "%s %s. The oldest: %s.",
                words_count(kinds[i].open->count, count), kinds[i].says,
                words_span(t->calendar.to - kinds[i].open->oldest, age));
    if (t->rejected.count || t->conflicts.count)
        paper_line(p, "      omnitron journal open%s", o->profile);
}

static void put_open(struct paper *p, const struct overview *o)
{
    const struct tally *t = o->tally;

    if (!t->unknown.count && !t->rejected.count && !t->conflicts.count &&
        !t->pending.count) {
        paper_head(p, "Open now: nothing.");
        return;
    }
    paper_head(p, "Open now");
    put_unknown(p, o);
    put_rest(p, o);
}

static void put_stops(struct paper *p, const struct overview *o)
{
    const struct tally_runs *runs = &o->tally->runs;
    char count[32];

    if (runs->stop_count)
        paper_head(p, "When sending was stopped");
    for (size_t i = 0; i < runs->stop_count; i++) {
        const struct tally_stop *stop = &runs->stops[i];
        char from[CALENDAR_TEXT_MAX], says[WORDS_MAX], span[WORDS_MAX],
            many[WORDS_MAX];

        words_stop(o->host, stop->why, says);
        words_many(stop->runs, "run", "runs", many);
        paper_say(p, 2, "%s: %s, %s%s, %s",
            words_moment(&o->tally->calendar, stop->from, from),
            paper_clean(p, says, MESSAGE_MAX),
            stop->over ? "for " : "and still, for ",
            words_span(
                (stop->over ? stop->to : o->tally->calendar.to) - stop->from,
                span),
            many);
    }
    if (runs->stops_before)
        paper_say(p, 2, "and %s times before",
            words_count(runs->stops_before, count));
}

/* "      43  404: Not found. (first: lines.csv:15)" */
static void put_group(
    struct paper *p, const struct tally_group *group, const char *kind)
{
    char count[32], lead[32];
    const char *more = group->count > 1 ? "first: " : "";

    snprintf(lead, sizeof lead, "%8s  ", words_count(group->count, count));
    paper_item(p, lead, "%s%s%s%s%s%s%s", paper_clean(p, kind, NAME_MAX),
        kind[0] ? ": " : "", paper_clean(p, group->words, MESSAGE_MAX),
        group->example[0] ? " (" : "", group->example[0] ? more : "",
        paper_clean(p, group->example, name_most(p)),
        group->example[0] ? ")" : "");
}

static void put_groups(struct paper *p, const char *head,
    const struct tally_groups *groups, bool with_kind)
{
    if (groups->len)
        paper_head(p, head);
    for (size_t i = 0; i < groups->len && i < GROUPS_SHOWN; i++)
        put_group(p, &groups->list[i], with_kind ? groups->list[i].kind : "");
    if (groups->len > GROUPS_SHOWN || groups->others)
        paper_say(p, 10, "… and other kinds (--html shows more)");
}

static void put_tries(struct paper *p, const struct tally *t)
{
    char words[WORDS_MAX];

    if (t->tries.len)
        paper_head(p, "Tried again after");
    for (size_t i = 0; i < t->tries.len; i++)
        paper_say(p, 2, "%s",
            paper_clean(p, words_try(&t->tries.list[i], words), MESSAGE_MAX));
}

bool report_text(
    const struct overview *o, int columns, bool blocks, struct buf *out)
{
    struct paper p = {
        .out = out, .columns = columns, .blocks = blocks, .ok = true};
    const struct tally *t = o->tally;

    put_head(&p, o);
    put_open(&p, o);
    table_runs(&p, o);
    put_stops(&p, o);
    table_spans(&p, o);
    put_groups(&p, "Refused, by the host's words", &t->refused, false);
    put_groups(&p, "Rows that came to no release", &t->inputs, true);
    put_tries(&p, t);
    table_slowest(&p, o);
    put_groups(&p, "Decided by hand", &t->decisions, true);
    if (t->runs.scripts.len > 1)
        put_groups(
            &p, "Runs, by script and its version", &t->runs.scripts, true);
    paper_fini(&p);
    return p.ok;
}
