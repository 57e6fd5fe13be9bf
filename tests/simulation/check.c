#include "check.h"

#include "books.h"
#include "delivery/governor.h"
#include "delivery/pace.h"
#include "ending/run_result.h"
#include "totals.h"

#include <string.h>

enum { FORBIDDEN_ROW = 3, UNKNOWN_ROW = 3, REFUSED_ROW = 20 };

void check_open(struct world *w)
{
    w->need_look = w->rules.first_look;
    w->alone = true;
    w->may_stop = w->must_stop = w->applied_any = false;
    w->unknown_row = w->forbidden_row = 0;
    w->refused_row = w->odd_rows = 0;
    w->answers = w->started = w->taken_up = w->starts = 0;
    w->last_start_us = w->hold_us = -SECOND * (int64_t)1000;
    memset(w->told, 0, sizeof w->told);
    for (int i = 0; i < w->item_count; i++) {
        w->items[i].tries = 0;
        w->items[i].set_back = w->items[i].abandoned = false;
    }
}

/* Whether this may be the second request for what may be applied. */
static void check_doubt(struct world *w, const struct flight *f)
{
    int item = f->item;
    struct item *it = &w->items[item];

    if (!it->doubt)
        return;
    if (!w->rules.resend || it->doubt_run == w->run)
        world_fail(
            w, "item %lld is unknown and sent again", (long long)item_id(item));
    if (f->variant != it->doubt_variant || f->stock != it->doubt_stock)
        world_fail(w, "item %lld is unknown and sent again with more",
            (long long)item_id(item));
    if (it->resent)
        world_fail(w, "item %lld is unknown and sent a third time",
            (long long)item_id(item));
    if (books_audits(w, item) <= it->doubt_audits)
        world_fail(w, "item %lld is sent again and no audit row says so",
            (long long)item_id(item));
    it->resent = true;
}

static void check_gates(struct world *w, int in_flight)
{
    if (delivery_stopped(w->delivery)->why != STOP_NONE)
        world_fail(w, "a request starts after the stop");
    if (w->need_look)
        world_fail(w, "a request starts before the first look");
    if (!w->has_token)
        world_fail(w, "a request starts without a token");
    if (w->alone && in_flight > 0)
        world_fail(w, "a second request before there is an answer");
    if (in_flight >= (w->rules.at_once ? w->rules.at_once : GOVERNOR_MOST))
        world_fail(w, "%d requests at once", in_flight + 1);
    if (w->now_us - w->last_start_us < w->gap_us - PACE_LATE_US ||
        (w->starts > 0 &&
            w->now_us - w->first_start_us < w->starts * w->gap_us))
        world_fail(w, "more requests than per_second allows");
    if (w->now_us < w->hold_us)
        world_fail(w, "a request starts before Retry-After is over");
}

static void check_durable(struct world *w, const struct flight *f)
{
    struct journal_row row;

    if (!books_row(w, f->item, &row))
        world_fail(
            w, "item %lld starts and has no row", (long long)item_id(f->item));
    if (row.state != JOURNAL_SENDING || row.run != w->run ||
        row.update_stock != f->stock ||
        strcmp(row.code, code_of(f->item, f->variant)) != 0)
        world_fail(w, "item %lld starts and its row is %s, %s, run %lld",
            (long long)item_id(f->item), journal_state_name(row.state),
            row.code, (long long)row.run);
}

void check_start(struct world *w, const struct flight *f, int in_flight)
{
    struct item *it = &w->items[f->item];

    check_gates(w, in_flight);
    check_durable(w, f);
    check_doubt(w, f);
    if (it->tries++ == 0)
        it->first_answer = w->answers;
    if (it->tries > w->rules.tries && !it->abandoned)
        world_fail(w, "item %lld: try number %d", (long long)item_id(f->item),
            it->tries);
    if (w->starts++ == 0)
        w->first_start_us = w->now_us;
    w->last_start_us = w->now_us;
}

static void count_rows(
    struct world *w, const struct item *it, enum truth truth, int status)
{
    bool refused = truth == TRUTH_REFUSED;
    bool forbidden = refused && (status == 403 || status == 405);

    if (truth == TRUTH_NOT_SENT)
        return;
    w->applied_any |= truth == TRUTH_APPLIED;
    w->unknown_row = truth == TRUTH_UNKNOWN ? w->unknown_row + 1 : 0;
    w->forbidden_row = forbidden ? w->forbidden_row + 1 : 0;
    if (!refused)
        w->refused_row = 0;
    else if (!it->rejected_before)
        w->refused_row++;
}

static void must_stop(struct world *w, bool must)
{
    w->must_stop |= must;
    w->may_stop |= must;
}

static void count_brakes(struct world *w, const struct flight *f,
    const struct item *it, enum truth truth, int status)
{
    bool no_login = truth == TRUTH_NO_LOGIN;
    bool again = no_login || truth == TRUTH_NOT_SENT ||
                 truth == TRUTH_THROTTLED || truth == TRUTH_NOT_DONE;
    bool last = again && it->tries >= w->rules.tries;

    count_rows(w, it, truth, status);
    must_stop(w, truth == TRUTH_UNKNOWN && status >= 300 && status <= 399);
    must_stop(w, w->unknown_row >= UNKNOWN_ROW);
    must_stop(w, w->forbidden_row >= FORBIDDEN_ROW);
    must_stop(w, !w->applied_any && w->refused_row >= REFUSED_ROW);
    must_stop(w, no_login && !w->rules.logs_in);
    must_stop(w, last && !it->abandoned && it->first_answer == w->answers);
    w->may_stop |= no_login || last;
    if (no_login && w->rules.logs_in && f->token == w->token)
        w->has_token = false;
}

static void count_doubt(
    struct world *w, const struct flight *f, struct item *it, enum truth truth)
{
    if (truth == TRUTH_APPLIED)
        it->doubt = it->resent = false;
    else if (truth == TRUTH_UNKNOWN && !it->doubt) {
        it->doubt = true;
        it->doubt_variant = f->variant;
        it->doubt_stock = f->stock;
        it->doubt_run = w->run;
    } else if (truth == TRUTH_NOT_SENT)
        it->resent = false;
    if (it->doubt)
        it->doubt_audits = books_audits(w, f->item);
}

void check_reply(
    struct world *w, const struct flight *f, enum truth truth, int status)
{
    struct item *it = &w->items[f->item];

    count_brakes(w, f, it, truth, status);
    count_doubt(w, f, it, truth);
    if (truth == TRUTH_APPLIED || truth == TRUTH_REFUSED) {
        w->answers++;
        w->alone &= w->need_look;
    }
    bool odd = w->applied_any && w->refused_row >= REFUSED_ROW;
    if (truth == TRUTH_UNKNOWN || odd) {
        w->need_look = w->rules.first_look;
        w->alone = true;
    }
    if (odd)
        w->refused_row = 0;
    w->odd_rows += odd;
}

void check_stop(struct world *w)
{
    enum stop_reason why = delivery_stopped(w->delivery)->why;

    if (w->must_stop && why == STOP_NONE)
        world_fail(w, "sending goes on and should have stopped");
    if (!w->may_stop && why != STOP_NONE && why != STOP_LEAVE)
        world_fail(w, "sending stopped for nothing: %s", stop_reason_name(why));
}

void check_body(struct world *w, int item)
{
    struct journal_row row;

    if (!books_row(w, item, &row) || row.attempts < w->items[item].bodies)
        world_fail(w, "item %lld: %d bodies, more than attempts",
            (long long)item_id(item), w->items[item].bodies);
}

static void wrong(
    struct world *w, int item, const struct journal_row *row, const char *what)
{
    world_fail(w, "item %lld is %s with %s, update_stock %d: %s",
        (long long)item_id(item), journal_state_name(row->state), row->code,
        row->update_stock, what);
}

static bool is_out(const struct world *w, int item)
{
    for (int i = 0; i < w->flying; i++)
        if (w->flights[i].call && w->flights[i].item == item)
            return true;
    return false;
}

void check_item(struct world *w, int item)
{
    const struct item *it = &w->items[item];
    struct journal_row row;

    if (!books_row(w, item, &row))
        return;
    int variant = variant_of(w, item, row.code);
    bool stock = row.update_stock;
    bool done = it->applied[variant][stock];
    if (row.state != JOURNAL_SENDING && is_out(w, item))
        wrong(w, item, &row, "a request for it is out");
    switch (row.state) {
    case JOURNAL_CONFIRMED:
        if (!done && !it->person[variant][stock])
            wrong(w, item, &row, "nobody applied that");
        if (row.applied_stock != stock)
            wrong(w, item, &row, "not what was applied");
        break;
    case JOURNAL_PENDING:
    case JOURNAL_REJECTED:
    case JOURNAL_CANCELLED:
        if (done)
            wrong(w, item, &row, "the server applied it");
        if (it->doubt)
            wrong(w, item, &row, "an attempt is unknown");
        if (row.applied_stock >= 0 && row.state != JOURNAL_PENDING)
            wrong(w, item, &row, "less of it was confirmed before");
        break;
    default:
        break;
    }
}

/* What a row says to a release that ended so. */
static bool agrees(const struct item *it, const struct release_result *result,
    const struct journal_row *row)
{
    bool same = strcmp(row->code, result->code) == 0;

    switch (result->verdict) {
    case VERDICT_CONFIRMED:
    case VERDICT_ALREADY:
        return same && row->state == JOURNAL_CONFIRMED &&
               row->update_stock == result->update_stock;
    case VERDICT_REJECTED:
        return same && (row->state == JOURNAL_REJECTED ||
                           (row->state == JOURNAL_CONFIRMED &&
                               row->applied_stock == 0) ||
                           (row->state == JOURNAL_PENDING && it->set_back));
    case VERDICT_UNKNOWN:
        return same && row->state == JOURNAL_UNKNOWN;
    case VERDICT_PENDING:
        return same && row->state == JOURNAL_PENDING &&
               row->update_stock == result->update_stock;
    default:
        return true;
    }
}

void check_told(struct ask *ask, const struct release_result *result)
{
    struct world *w = ask->world;
    long long id = (long long)item_id(ask->item);
    const char *told = verdict_name(result->verdict);
    struct journal_row row = {0};

    if (ask->done)
        world_fail(w, "item %lld is told twice", id);
    if (result->left && !w->leaving)
        world_fail(w, "item %lld is left, and the run goes on", id);
    if (result->order_item_id != id ||
        strcmp(result->code, code_of(ask->item, ask->variant)) != 0 ||
        result->update_stock != ask->stock)
        world_fail(w, "item %lld: the answer is another's", id);
    if (result->verdict == VERDICT_LOST) {
        if (!w->disk_failed)
            world_fail(w, "item %lld is lost, and the disk is well", id);
        return;
    }
    bool found = books_row(w, ask->item, &row);
    if (result->verdict == VERDICT_CONFLICT
            ? !books_has_conflict(w, ask->item, result->code)
            : !found || !agrees(&w->items[ask->item], result, &row))
        world_fail(w, "item %lld is told %s (%s) and its row is %s, %s", id,
            told, result->message, journal_state_name(row.state), row.code);
}

static void same(struct world *w, const char *what, int64_t counted, int64_t is)
{
    if (counted != is)
        world_fail(w, "%s: %lld were counted, it is %lld", what,
            (long long)counted, (long long)is);
}

static void check_told_all(struct world *w)
{
    for (int i = 0; i < w->ask_count; i++)
        if (!w->asks[i].done && !w->asks[i].abandoned)
            world_fail(w, "item %lld is told nothing",
                (long long)item_id(w->asks[i].item));
}

/* The rows that this run left in a state are among those counted so. */
static void check_left(struct world *w, const char *sql, int64_t counted)
{
    int64_t rows = books_number(w, sql, w->run);

    if (rows > counted)
        world_fail(w, "%lld counted, and %s is %lld", (long long)counted, sql,
            (long long)rows);
}

/* What is open, by a look at each row; the exit code is none that says all is
 * well, or that a later run gets over it, as long as there is any. */
static void check_exit(struct world *w)
{
    struct run_result result = {.tally = *delivery_tally(w->delivery),
        .stop = *delivery_stopped(w->delivery)};
    int64_t rejected = 0, unknown = 0;
    struct journal_row row;

    books_count(w, &result.counts);
    for (int i = 0; i < w->item_count; i++)
        if (books_row(w, i, &row)) {
            rejected += row.state == JOURNAL_REJECTED;
            unknown += row.state == JOURNAL_UNKNOWN;
        }
    int64_t conflicts = books_number(w,
        "SELECT count(*) FROM conflict c LEFT JOIN release r"
        " USING (order_item_id) WHERE r.state IS NULL"
        " OR ((r.run <= c.run OR r.first_at <= c.last_at) AND (r.code, "
        "r.update_stock)"
        "  <> (c.code, c.update_stock))",
        0);
    enum exit_code code = run_result_exit(&result);
    const int64_t *by = result.tally.by_verdict;
    bool person = by[VERDICT_REJECTED] || by[VERDICT_CONFLICT];

    same(
        w, "open rejected", result.counts.by_state[JOURNAL_REJECTED], rejected);
    same(w, "open conflicts", result.counts.conflicts, conflicts);
    if (code == EXIT_STOPPED)
        return;
    same(w, "exit 4 or not", code == EXIT_UNKNOWN, unknown > 0);
    if (!unknown)
        same(w, "exit 3 or not", code == EXIT_ROWS,
            rejected || conflicts || person);
}

void check_run(struct world *w)
{
    const struct delivery_tally *tally = delivery_tally(w->delivery);
    const int64_t *by = tally->by_verdict;
    int64_t sum = 0;

    for (int i = 0; i < VERDICTS; i++)
        sum += by[i];
    w->stop = delivery_stopped(w->delivery)->why;
    check_told_all(w);
    same(w, "releases", tally->releases, w->ask_count);
    same(w, "requests", tally->attempts, w->started);
    same(w, "carried", tally->carried, w->taken_up);
    same(w, "verdicts", sum, tally->releases + tally->carried);
    totals_add(w);
    for (int i = 0; i < w->item_count; i++)
        check_item(w, i);
    if (w->disk_failed)
        return;
    same(w, "sending",
        books_number(
            w, "SELECT count(*) FROM release WHERE state = 'sending'", 0),
        0);
    check_exit(w);
    check_left(w,
        "SELECT count(*) FROM release WHERE state = 'pending' AND run = ?",
        by[VERDICT_PENDING]);
    check_left(w,
        "SELECT count(*) FROM release WHERE state = 'unknown' AND run = ?",
        by[VERDICT_UNKNOWN]);
}

void check_healed(struct world *w, bool last)
{
    same(w, "stops without faults", w->stop != STOP_NONE, 0);
    if (!last)
        return;
    same(w, "pending after two runs without faults",
        books_number(w,
            "SELECT count(*) FROM release"
            " WHERE state IN ('pending', 'sending')",
            0),
        0);
}

void check_integrity(struct world *w)
{
    same(w, "integrity_check",
        books_number(w,
            "SELECT count(*) FROM pragma_integrity_check"
            " WHERE integrity_check = 'ok'",
            0),
        1);
}
