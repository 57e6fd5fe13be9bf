#include "session/run.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/protected.h"
#include "ending/ping.h"
#include "ending/summary.h"
#include "ending/watchdog.h"
#include "journal/inputs.h"
#include "session/ports.h"
#include "session/script_fault.h"
#include "session/signals.h"
#include "session/test_watch.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>

/* What a run is made of, in the order of its making. */
struct run {
    const struct run_options *options;
    struct run_result *result;
    struct loop loop;
    struct ports ports;
    struct script host;
    struct buf script; // its bytes
    struct state state;
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

    if (result->verdict != VERDICT_REJECTED &&
        result->verdict != VERDICT_CONFLICT &&
        result->verdict != VERDICT_UNKNOWN)
        return;
    snprintf(item, sizeof item, "%lld", (long long)result->order_item_id);
    on_problem(arg, &(struct script_problem){
                        .what = verdict_name(result->verdict),
                        .at = "",
                        .name = "",
                        .item = item,
                        .message = result->message,
                        .kept_by = result->kept_by,
                    });
}

static void on_progress(void *arg)
{
    struct run *run = arg;

    if (!run->options->progress)
        return;
    run->options->progress(&(struct run_progress){.rows = &run->host.rows,
        .tally = delivery_tally(run->loop.delivery),
        .expected = run->host.rows_expected,
        .in_flight = delivery_flying(run->loop.delivery)});
}

/* What was stopped since the run has to end is no fault. */
static void on_fault(void *arg, lua_State *co)
{
    struct run *run = arg;

    if (!run->state.tasks.stopped)
        script_fault_keep(run->result->fault, sizeof run->result->fault, co);
}

static void on_end(lua_State *co, int status, void *arg)
{
    struct run *run = arg;

    if (status != LUA_OK)
        on_fault(run, co);
    if (run->options->test)
        run->options->test->ended = true;
}

static void wake(void *net)
{
    net_wake(net);
}

/* Once it is open, too: what lies beside it was not there before. */
static bool protect(const struct run *run, struct error *err)
{
    const char *path = run->options->journal;

    return !path || protected_add(PROTECTED_JOURNAL, path, err);
}

static bool open_journal(struct run *run, struct error *err)
{
    char hash[DIGEST_TEXT_MAX];
    struct journal_options options = {.path = run->options->journal,
        .host = run->options->journal_host,
        .script = run->options->script.path,
        .script_hash = hash,
        .unique_codes = run->options->profile->unique_codes,
        .wake = wake,
        .wake_arg = run->loop.net};

    digest_text(buf_text(&run->script), run->script.len, hash);
    if (!protect(run, err) || !log_check(err))
        return false;
    run->loop.journal = journal_open(&options, err);
    if (!run->loop.journal)
        return false;
    run->result->run = journal_run(run->loop.journal);
    return protect(run, err);
}

static bool open_delivery(struct run *run, struct error *err)
{
    const struct run_options *o = run->options;
    int at_once = o->profile->at_once;
    struct ports_options options = {.profile = o->profile,
        .origin = o->origin,
        .host = o->host,
        .journal_path = o->journal,
        .token = o->token,
        .username = o->username,
        .password = o->password,
        .at_once = at_once,
        .carried = on_carried,
        .carried_arg = run,
        .account = &run->host.account};

    run->host.at_once = at_once ? at_once : GOVERNOR_MOST;
    run->ports.net = run->loop.net;
    run->ports.journal = run->loop.journal;
    if (!ports_open(&run->ports, &options, err))
        return false;
    run->loop.delivery = run->ports.delivery;
    run->host.token = run->ports.token;
    return true;
}

static void fill_host(struct run *run)
{
    const struct run_options *o = run->options;

    run->host.loop = &run->loop;
    run->host.profile = o->profile;
    run->host.origin = o->origin;
    run->host.name = o->host;
    run->host.mock = o->mock;
    run->host.live_erp = o->live_erp;
    run->host.wants_expected = o->progress != NULL;
    run->host.test = o->test;
    run->loop.skips_time = o->test != NULL;
    run->host.only = o->only;
    run->host.limit = o->limit;
    run->host.problem = on_problem;
    run->host.progress = on_progress;
    run->host.fault = on_fault;
    run->host.arg = run;
    run->loop.tasks = &run->state.tasks;
}

/* Whom another run keeps from beginning has not begun. */
static void start_ping(struct run *run)
{
    const struct run_options *o = run->options;

    if (o->ping)
        run->ping =
            ping_start(run->loop.net, o->ping, "start", o->profile->proxy);
}

/* Nothing is taken or sent any more; what is in flight comes to its end. */
static void leave(struct run *run, enum exit_code code)
{
    if (run->host.leaving)
        return;
    run->host.leaving = true;
    run->result->left_with = code;
    watchdog_leave(code);
    delivery_leave(run->loop.delivery);
}

static void on_deadline(struct timer *timer)
{
    leave(
        (struct run *)(void *)((char *)timer - offsetof(struct run, deadline)),
        EXIT_PENDING);
}

static bool set_deadline(struct run *run, struct error *err)
{
    int64_t ms = run->options->deadline_ms;

    watchdog_set_deadline(ms, run->options->profile->timeout_ms);
    return ms <= 0 ||
           timer_set(&run->loop.timers, &run->deadline,
               clock_monotonic_ms() + ms, on_deadline) ||
           error_memory(err);
}

/* The bytes that the journal has the digest of are those that run. */
static bool open_script(struct run *run, struct error *err)
{
    struct state_script script = run->options->script;

    script.text = &run->script;
    bool ok = state_open(&run->state, &run->host, &script, on_end, run, err);
    run->state.tasks.stopping = watchdog_stops;
    buf_free(&run->script);
    return ok;
}

static bool open_run(struct run *run, struct error *err)
{
    if (!state_read_script(run->options->script.path, &run->script, err))
        return false;
    fill_host(run);
    run->loop.net = net_open(err);
    if (!run->loop.net)
        return false;
    net_watch(run->loop.net, run->options->signal_fd);
    if (!open_journal(run, err))
        return false;
    start_ping(run);
    /* Without memory for it, nothing of its kind is kept. */
    run->host.inputs = inputs_new(run->loop.journal);
    return open_delivery(run, err) && set_deadline(run, err) &&
           open_script(run, err);
}

/* What the end of a run waits for: releases, and then the journal. */
static bool is_in_flight(const struct run *run)
{
    return delivery_open(run->loop.delivery) > 0 ||
           (tasks_open(&run->state.tasks) == 0 && loop_busy(&run->loop));
}

static void turn(struct run *run)
{
    struct error ignored;

    loop_turn(&run->loop);
    on_progress(run);
    int number = signals_take(run->options->signal_fd);
    if (number)
        leave(run, number == SIGINT ? EXIT_SIGINT : EXIT_SIGTERM);
    if (journal_failed(run->loop.journal, &ignored))
        delivery_halt(run->loop.delivery);
    watchdog_turned(is_in_flight(run));
}

/* A test fails by what it leaves behind, too. */
static void watch_test(struct run *run)
{
    struct run_result *r = run->result;
    struct error err;

    if (run->options->test && !r->fault[0] &&
        !test_watch(run->options->test, &run->loop, &err))
        snprintf(r->fault, sizeof r->fault, "%s", err.text);
}

/* Leaving, the tasks go on as long as what was in flight wakes them: releases,
 * and for a moment what a script writes to its ERP, which nobody could tell was
 * done. */
static bool goes_on(struct run *run)
{
    struct error ignored;

    if (run->result->fault[0] || tasks_open(&run->state.tasks) == 0 ||
        journal_failed(run->loop.journal, &ignored))
        return false;
    if (!run->host.leaving || delivery_open(run->loop.delivery) > 0 ||
        (net_open_writes(run->loop.net) > 0 && !watchdog_is_late())) {
        run->last_words = false;
        return true;
    }
    bool last = !run->last_words && tasks_ready(&run->state.tasks);
    if (last)
        net_wake(run->loop.net); // that turn sleeps for nothing
    run->last_words = true;
    return last;
}

/* What earlier runs left goes out without the input that brought it, but
 * not when these rows alone were asked for. */
static void carry(struct run *run)
{
    const struct run_options *o = run->options;

    if (!run->host.leaving && !o->only && o->limit < 0)
        delivery_carry(run->loop.delivery);
}

/* After a fault the tasks end, and what was accepted still goes its way. */
static void turn_to_end(struct run *run)
{
    while (goes_on(run)) {
        turn(run);
        watch_test(run);
    }
    tasks_close(&run->state.tasks);
    if (run->host.inputs)
        inputs_submit(run->host.inputs);
    carry(run);
    while (loop_busy(&run->loop))
        turn(run);
}

static enum exit_code exit_of_stop(const struct run_result *r)
{
    if (r->stop.why == STOP_NONE || r->stop.why == STOP_LEAVE)
        return EXIT_DONE;
    return stop_reason_needs_person(r->stop.why) ? EXIT_STOPPED : EXIT_PENDING;
}

bool run_missed(const struct run_options *o, const struct run_result *r)
{
    return only_missed(o->only) && !r->fault[0] && r->left_with == EXIT_DONE;
}

static enum exit_code judge_exit(const struct run *run)
{
    const struct run_result *r = run->result;
    const int64_t *verdicts = r->tally.by_verdict;
    enum exit_code code = exit_first(r->left_with, exit_of_stop(r));

    if (r->fault[0])
        code = exit_first(code, run->host.misused ? EXIT_SETUP : EXIT_SCRIPT);
    if (r->counts.by_state[JOURNAL_UNKNOWN])
        code = exit_first(code, EXIT_UNKNOWN);
    if (r->rows.failed || r->rows.invalid || verdicts[VERDICT_REJECTED] ||
        verdicts[VERDICT_CONFLICT] || run_missed(run->options, r))
        code = exit_first(code, EXIT_ROWS);
    if (r->counts.by_state[JOURNAL_PENDING])
        code = exit_first(code, EXIT_PENDING);
    return code;
}

/* "rules.lua:6 did not come back …", once it was stopped. */
static void note_held(const struct run *run)
{
    const struct tasks *tasks = &run->state.tasks;
    struct run_result *r = run->result;

    if (!tasks->stopped_at[0])
        return;
    snprintf(r->held, sizeof r->held,
        "%s did not come back within a second of %s%s%s%s", tasks->stopped_at,
        watchdog_reason(r->left_with), tasks->stopped_row[0] ? " (at " : "",
        tasks->stopped_row, tasks->stopped_row[0] ? ")" : "");
}

/* The sums, and the journal's word, come before the summary is believed. */
static bool close_books(struct run *run, struct error *err)
{
    struct run_result *r = run->result;
    struct error sums;

    note_held(run);
    r->rows = run->host.rows;
    r->tally = *delivery_tally(run->loop.delivery);
    r->left_alone = run->host.left_alone;
    r->stop = *delivery_stopped(run->loop.delivery);
    r->ended_at = clock_wall_ms();
    bool counted = journal_count(run->loop.journal, &r->counts, err);
    r->exit = counted ? judge_exit(run) : EXIT_DISK;
    if (!r->fault[0] && !summary_adds_up(r, &sums)) {
        snprintf(r->fault, sizeof r->fault, "%s", sums.text);
        r->exit = EXIT_FAULT;
    }
    if (!summary_write(run->options->host, run->options->script.path, r))
        return error_memory(err);
    return counted && journal_end_run(run->loop.journal, buf_text(&r->summary),
                          (int)r->exit, err);
}

/* Lua first: what it collects still holds releases. The ping last: the journal
 * is free for the next run then. */
static void close_run(struct run *run)
{
    state_close(&run->state);
    ports_stop(&run->ports);
    journal_close(run->loop.journal);
    problems_name_kept(&run->result->problems, run->options->journal);
    ports_close(&run->ports);
    inputs_free(run->host.inputs);
    buf_free(&run->script);
    ping_finish(run->ping);
    timers_fini(&run->loop.timers);
    net_close(run->loop.net);
}

bool run_script(const struct run_options *options, struct run_result *result,
    struct error *err)
{
    struct run run = {.options = options, .result = result};
    bool started;

    *result = (struct run_result){.started_at = clock_wall_ms()};
    bool ok = started = open_run(&run, err);
    if (started)
        turn_to_end(&run);
    if (started && !journal_failed(run.loop.journal, err))
        ok = close_books(&run, err);
    else if (started)
        ok = false;
    close_run(&run);
    if (!ok)
        result->exit = exit_of_error(err);
    return ok;
}
