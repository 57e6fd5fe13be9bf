/* Numbers as they are, moments as RFC 3339. */
#include "history/tally_json.h"

#include "base/clock.h"
#include "json/json.h"

static bool put_time(struct buf *out, const char *name, int64_t at)
{
    char text[CLOCK_TEXT_MAX];

    return json_put_member_text(out, name, clock_rfc3339(at, text));
}

/* A member of a struct: a name, then "{", and at the end "}". */
static bool open_member(struct buf *out, const char *name, char bracket)
{
    return json_put_name(out, name) && buf_putc(out, bracket);
}

static bool open_element(struct buf *out)
{
    return json_put_comma(out) && buf_putc(out, '{');
}

static bool put_states(struct buf *out, const int64_t by_state[JOURNAL_STATES])
{
    bool ok = true;

    for (int i = 0; ok && i < JOURNAL_STATES; i++)
        ok = json_put_member_int(
            out, journal_state_name((enum journal_state)i), by_state[i]);
    return ok;
}

static bool put_took(struct buf *out, const struct histogram *took)
{
    if (took->count == 0)
        return true;
    return json_put_member_int(out, "median_ms", histogram_at(took, 50)) &&
           json_put_member_int(out, "p95_ms", histogram_at(took, 95)) &&
           json_put_member_int(out, "longest_ms", took->longest);
}

/* What a run ended with, or the worst of several: null for one that was killed,
 * and where none has ended. */
static bool put_exit(struct buf *out, int exit)
{
    bool is_code = exit != TALLY_KILLED && exit != TALLY_NO_RUN;

    return (is_code ? json_put_member_int(out, "exit", exit)
                    : json_put_member_null(out, "exit")) &&
           json_put_member_bool(out, "killed", exit == TALLY_KILLED);
}

static bool put_exits(struct buf *out, const struct tally_runs *runs)
{
    bool ok = open_member(out, "exits", '[');

    for (size_t i = 0; ok && i < runs->exit_count; i++) {
        const struct tally_exit *exit = &runs->exits[i];

        ok = open_element(out) && put_exit(out, exit->code) &&
             json_put_member_int(out, "runs", exit->runs) &&
             put_time(out, "last_at", exit->last_at) && buf_putc(out, '}');
    }
    return ok && buf_putc(out, ']');
}

static bool put_stops(struct buf *out, const struct tally_runs *runs)
{
    bool ok = open_member(out, "stopped", '[');

    for (size_t i = 0; ok && i < runs->stop_count; i++) {
        const struct tally_stop *stop = &runs->stops[i];

        ok = open_element(out) && json_put_member_text(out, "why", stop->why) &&
             put_time(out, "from", stop->from) &&
             put_time(out, "to", stop->to) &&
             json_put_member_int(out, "runs", stop->runs) &&
             json_put_member_bool(out, "over", stop->over) &&
             buf_putc(out, '}');
    }
    return ok && buf_putc(out, ']');
}

static bool put_runs(struct buf *out, const struct tally_runs *runs)
{
    return open_member(out, "runs", '{') &&
           json_put_member_int(out, "count", runs->count) &&
           json_put_member_int(out, "idle", runs->idle) &&
           json_put_member_int(out, "longest_ms", runs->longest_ms) &&
           (runs->last
                   ? json_put_member_int(out, "last", runs->last) &&
                         put_time(out, "last_at", runs->last_at) &&
                         json_put_member_int(out, "last_ms", runs->last_ms) &&
                         json_put_member_int(out, "last_exit", runs->last_exit)
                   : json_put_member_null(out, "last")) &&
           put_exits(out, runs) && put_stops(out, runs) &&
           json_put_member_int(out, "stops_before", runs->stops_before) &&
           buf_putc(out, '}');
}

static bool put_groups(
    struct buf *out, const char *name, const struct tally_groups *groups)
{
    bool ok = open_member(out, name, '[');

    for (size_t i = 0; ok && i < groups->len; i++) {
        const struct tally_group *group = &groups->list[i];

        ok = open_element(out) &&
             json_put_member_text(out, "kind", group->kind) &&
             json_put_member_text(out, "words", group->words) &&
             json_put_member_text(out, "example", group->example) &&
             json_put_member_int(out, "count", group->count) &&
             put_time(out, "last_at", group->last_at) && buf_putc(out, '}');
    }
    return ok && buf_putc(out, ']');
}

static bool put_rows(struct buf *out, const char *name,
    const struct tally_rows *rows, const char *at)
{
    bool ok = open_member(out, name, '[');

    for (size_t i = 0; ok && i < rows->len; i++) {
        const struct tally_row *row = &rows->list[i];

        ok = open_element(out) &&
             json_put_member_int(out, "order_item_id", row->order_item_id) &&
             json_put_member_text(out, "code", row->code) &&
             json_put_member_text(
                 out, "state", journal_state_name(row->state)) &&
             json_put_member_text(out, "message", row->message) &&
             json_put_member_text(out, "name", row->name) &&
             json_put_member_text(out, "source", row->source) &&
             json_put_member_int(out, "ms", row->ms) &&
             put_time(out, at, row->at) && buf_putc(out, '}');
    }
    return ok && buf_putc(out, ']');
}

static bool put_open(
    struct buf *out, const char *name, const struct tally_open *open)
{
    return open_member(out, name, '{') &&
           json_put_member_int(out, "count", open->count) &&
           (open->count ? put_time(out, "oldest_at", open->oldest)
                        : json_put_member_null(out, "oldest_at")) &&
           put_rows(out, "rows", &open->rows, "since") && buf_putc(out, '}');
}

static bool put_all_open(struct buf *out, const struct tally *t)
{
    return open_member(out, "open", '{') &&
           put_open(out, "unknown", &t->unknown) &&
           put_open(out, "rejected", &t->rejected) &&
           put_open(out, "conflict", &t->conflicts) &&
           put_open(out, "pending", &t->pending) && buf_putc(out, '}');
}

static bool put_sums(struct buf *out, const struct tally_cell *sum)
{
    return json_put_member_int(out, "runs", sum->runs) &&
           put_exit(out, sum->exit) && put_states(out, sum->by_state) &&
           put_took(out, &sum->took);
}

static bool put_spans(struct buf *out, const struct tally *t)
{
    const struct calendar *c = &t->calendar;
    bool ok = open_member(out, "spans", '[');

    for (size_t i = 0; ok && i < c->span_count; i++) {
        struct tally_cell sum;

        tally_span(t, i, &sum);
        ok = open_element(out) &&
             put_time(out, "from", c->cells[c->spans[i].first].from) &&
             json_put_member_int(out, "cells", (int64_t)c->spans[i].len) &&
             put_sums(out, &sum) && buf_putc(out, '}');
    }
    return ok && buf_putc(out, ']');
}

static bool put_cells(struct buf *out, const struct tally *t)
{
    const struct calendar *c = &t->calendar;
    bool ok = open_member(out, "cells", '[');

    for (size_t i = 0; ok && i < c->cell_count; i++)
        ok = open_element(out) && put_time(out, "from", c->cells[i].from) &&
             json_put_member_int(out, "row", c->cells[i].row) &&
             json_put_member_int(out, "column", c->cells[i].column) &&
             put_sums(out, &t->cells[i]) && buf_putc(out, '}');
    return ok && buf_putc(out, ']');
}

/* The stretch: what its spans and its cells are, and all of them. */
static bool put_stretch(struct buf *out, const struct tally *t)
{
    static const char *const units[] = {[CALENDAR_HOUR] = "hour",
        [CALENDAR_DAY] = "day",
        [CALENDAR_WEEK] = "week",
        [CALENDAR_MONTH] = "month"};

    return json_put_member_text(out, "span", units[t->calendar.span]) &&
           put_spans(out, t) &&
           json_put_member_text(out, "cell", units[t->calendar.cell]) &&
           put_cells(out, t);
}

static bool put_releases(
    struct buf *out, const char *name, const int64_t by_state[JOURNAL_STATES])
{
    return open_member(out, name, '{') && put_states(out, by_state) &&
           buf_putc(out, '}');
}

static bool put_all_groups(struct buf *out, const struct tally *t)
{
    return put_groups(out, "refused", &t->refused) &&
           put_groups(out, "inputs", &t->inputs) &&
           put_groups(out, "tries", &t->tries) &&
           put_groups(out, "decisions", &t->decisions) &&
           put_groups(out, "scripts", &t->runs.scripts) &&
           open_member(out, "others", '{') &&
           json_put_member_int(out, "refused", t->refused.others) &&
           json_put_member_int(out, "inputs", t->inputs.others) &&
           json_put_member_int(out, "tries", t->tries.others) &&
           json_put_member_int(out, "decisions", t->decisions.others) &&
           json_put_member_int(out, "scripts", t->runs.scripts.others) &&
           buf_putc(out, '}');
}

bool tally_json_put(const struct tally *t, const char *host, struct buf *out)
{
    return buf_putc(out, '{') && json_put_member_text(out, "host", host) &&
           put_time(out, "from", t->calendar.from) &&
           put_time(out, "to", t->calendar.to) &&
           json_put_member_bool(out, "from_start", t->from_start) &&
           json_put_member_bool(out, "run_alive", t->run_alive) &&
           put_runs(out, &t->runs) &&
           put_releases(out, "releases", t->by_state) &&
           put_releases(out, "journal", t->all) && put_all_open(out, t) &&
           put_stretch(out, t) && open_member(out, "took", '{') &&
           put_took(out, &t->took) && buf_putc(out, '}') &&
           put_rows(out, "slowest", &t->slowest, "at") &&
           put_all_groups(out, t) && buf_putc(out, '}');
}
