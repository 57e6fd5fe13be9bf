#include "session/run.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/log.h"
#include "ending/counts.h"
#include "ending/ping.h"
#include "ending/summary.h"
#include "ending/watchdog.h"
#include "history/words.h"
#include "journal/inputs.h"
#include "modules/test.h"
#include "session/progress_line.h"
#include "session/test_watch.h"

#include <stddef.h>
#include <stdio.h>

struct run {
    struct session session; // in front
    const struct run_options *options;
    struct run_result *result;
    struct buf text; // of the script
    struct timer deadline;
    struct ping *ping; // owns: that it began
    bool last_words;   // the tasks that what was in flight woke have run
};

static void on_problem(void *arg, const struct script_problem *problem)
{
    struct run *run = arg;

    problems_add(&run->result->problems, problem);
}

/* No script hears of it, and a person may have to. */
static void on_carried(void *arg, const struct release_result *result)
{
    char item[24];

    if (!counts_needs_person((int)result->verdict) &&
        result->verdict != VERDICT_UNKNOWN)
        return;
    snprintf(item, sizeof item, "%lld", (long long)result->order_item_id);
    on_problem(arg, &(struct script_problem){
                        .what = verdict_name(result->verdict),
                        .at = "",
                        .name = "",
                        .item = item,
                        .message = result->message,
                        .place = "",
                        .kept_by = result->kept_by,
                    });
}

static void on_progress(void *arg)
{
    const struct run *run = arg;
    const struct session *s = &run->session;

    run->options->progress(&(struct run_progress){.rows = &s->script.rows,
        .tally = delivery_tally(s->loop.delivery),
        .expected = s->script.rows_expected,
        .in_flight = delivery_flying(s->loop.delivery)});
}

static void fill_script(struct run *run)
{
    const struct run_options *o = run->options;
    struct script *script = &run->session.script;

    script->live_erp = o->live_erp;
    script->test = o->test;
    script->limit = o->limit;
    script->problem = on_problem;
    if (o->progress)
        script->progress = on_progress;
    script->wants_expected = o->progress != NULL;
    run->session.loop.skips_time = o->test != NULL;
}

/* The bytes that the journal has the digest of are those that run. */
static bool lock(struct run *run, struct error *err)
{
    char hash[DIGEST_TEXT_MAX];

    digest_text(buf_text(&run->text), run->text.len, hash);
    if (!session_lock(
            &run->session, run->options->session->script.path, hash, err))
        return false;
    run->result->run = journal_run(run->session.loop.journal);
    return true;
}

static bool go_live(struct run *run, struct error *err)
{
    struct session *s = &run->session;
    int at_once = run->options->session->profile->at_once;

    s->script.at_once = at_once ? at_once : GOVERNOR_MOST;
    return session_go_live(s, at_once, on_carried, err);
}

/* Whom another run keeps from beginning has not begun. */
static void start_ping(struct run *run)
{
    const struct run_options *o = run->options;

    if (o->ping)
        run->ping = ping_start(run->session.loop.net, o->ping, "start",
            o->session->profile->route.proxy);
}

static void on_deadline(struct timer *timer)
{
    struct run *run =
        (struct run *)(void *)((char *)timer - offsetof(struct run, deadline));

    session_leave(&run->session, EXIT_PENDING);
}

static bool set_deadline(struct run *run, struct error *err)
{
    int64_t ms = run->options->deadline_ms;

    watchdog_set_deadline(ms, run->options->session->profile->route.timeout_ms);
    return ms <= 0 ||
           timer_set(&run->session.loop.timers, &run->deadline,
               clock_monotonic_ms() + ms, on_deadline) ||
           error_memory(err);
}

static bool open_run(struct run *run, struct error *err)
{
    const struct session_options *o = run->options->session;
    struct session *s = &run->session;

    if (!state_read_script(o->script.path, &run->text, err) ||
        !session_open(s, o, err))
        return false;
    fill_script(run);
    if (!lock(run, err))
        return false;
    start_ping(run);
    /* Without memory for it, nothing of its kind is kept. */
    s->script.inputs = inputs_new(s->loop.journal);
    bool ok = go_live(run, err) && set_deadline(run, err) &&
              session_start(s, &run->text, err);
    buf_free(&run->text);
    return ok;
}

/* A test fails by what it leaves behind, too. */
static void watch_test(struct run *run)
{
    struct session *s = &run->session;
    struct error err;

    if (s->script.test && !s->fault[0] &&
        !test_watch(s->script.test, &s->loop, &err))
        snprintf(s->fault, sizeof s->fault, "%s", err.text);
}

/* Leaving, the tasks go on as long as what was in flight wakes them: releases,
 * and for a moment what a script writes to its ERP, which nobody could tell was
 * done. */
static bool goes_on(struct run *run)
{
    struct session *s = &run->session;
    struct error ignored;

    if (s->fault[0] || tasks_open(&s->state.tasks) == 0 ||
        journal_failed(s->loop.journal, &ignored))
        return false;
    if (!s->script.leaving || delivery_open(s->loop.delivery) > 0 ||
        (net_open_writes(s->loop.net) > 0 && !watchdog_is_late())) {
        run->last_words = false;
        return true;
    }
    bool last = !run->last_words && tasks_ready(&s->state.tasks);
    if (last)
        net_wake(s->loop.net); // that turn sleeps for nothing
    run->last_words = true;
    return last;
}

/* What earlier runs left goes out without the input that brought it, but
 * not when these rows alone were asked for. */
static void carry(struct session *s)
{
    if (!s->script.leaving && !s->script.only && s->script.limit < 0)
        delivery_carry(s->loop.delivery);
}

/* After a fault the tasks end, and what was accepted still goes its way. */
static void turn_to_end(struct run *run)
{
    struct session *s = &run->session;

    while (goes_on(run)) {
        session_turn(s);
        watch_test(run);
    }
    tasks_close(&s->state.tasks);
    if (s->script.inputs)
        inputs_submit(s->script.inputs);
    carry(s);
    while (loop_busy(&s->loop))
        session_turn(s);
}

/* "rules.lua:6 did not come back …", once it was stopped. */
static void note_held(struct run *run)
{
    const struct tasks *tasks = &run->session.state.tasks;
    struct run_result *r = run->result;

    if (!tasks->stopped_at[0])
        return;
    snprintf(r->held, sizeof r->held,
        "%s did not come back within a second of %s%s%s%s", tasks->stopped_at,
        watchdog_reason(r->left_with), tasks->stopped_row[0] ? " (at " : "",
        tasks->stopped_row, tasks->stopped_row[0] ? ")" : "");
}

/* What the session knows, also when the journal has failed. */
static void note_end(struct run *run)
{
    const struct session *s = &run->session;
    struct run_result *r = run->result;

    r->left_with = s->left_with;
    snprintf(r->fault, sizeof r->fault, "%s", s->fault);
    r->missed = session_missed(s);
    r->rows = s->script.rows;
    r->away = s->script.away;
    r->tally = *delivery_tally(s->loop.delivery);
    r->left_alone = s->script.left_alone;
    r->stop = *delivery_stopped(s->loop.delivery);
    note_held(run);
    r->ended_at = clock_wall_ms();
}

/* The sums, and the journal's word, come before the summary is believed. */
static bool close_books(struct run *run, struct error *err)
{
    const struct session_options *o = run->options->session;
    struct journal *journal = run->session.loop.journal;
    struct run_result *r = run->result;
    struct error sums;

    bool counted = journal_count(journal, &r->counts, err);
    r->exit = counted
                  ? exit_first(session_exit(&run->session), run_result_exit(r))
                  : EXIT_DISK;
    if (!r->fault[0] && !summary_adds_up(r, &sums)) {
        snprintf(r->fault, sizeof r->fault, "%s", sums.text);
        r->exit = EXIT_FAULT;
    }
    if (!summary_write(o->endpoint.name, o->script.path, r))
        return error_memory(err);
    return counted &&
           journal_end_run(journal, buf_text(&r->summary), (int)r->exit, err);
}

/* What the run wrote can be found by `why`: nothing of the run depends on it,
 * and one that has to end leaves it to the next. */
static void index_words(struct run *run)
{
    const struct words_order order = {
        .stops = watchdog_stops, .enough = WORDS_ENOUGH};
    struct session *s = &run->session;
    struct error err;

    if (!s->script.leaving && run->options->session->journal &&
        !words_fill(s->loop.journal, &order, &err))
        log_warn("what `why` finds releases by is not complete: %s", err.text);
}

static bool work(struct run *run, struct error *err)
{
    turn_to_end(run);
    note_end(run);
    if (journal_failed(run->session.loop.journal, err) ||
        !close_books(run, err))
        return false;
    index_words(run);
    return true;
}

/* The ping last: the journal is free for the next run then. */
static void close_run(struct run *run)
{
    struct session *s = &run->session;
    struct inputs *inputs = s->script.inputs;

    session_end(s);
    problems_name_kept(&run->result->problems, run->options->session->journal);
    inputs_free(inputs);
    buf_free(&run->text);
    ping_finish(run->ping);
    session_close(s);
}

bool run_script(const struct run_options *options, struct run_result *result,
    struct error *err)
{
    struct run run = {.options = options, .result = result};

    *result = (struct run_result){.started_at = clock_wall_ms()};
    bool ok = open_run(&run, err) && work(&run, err);
    close_run(&run);
    if (!ok)
        result->exit = exit_of_error(err);
    return ok;
}
