#include "runtime/run.h"

#include "base/clock.h"
#include "base/log.h"
#include "delivery/wire.h"
#include "runtime/summary.h"

#include <stdio.h>
#include <string.h>

enum { AT_ONCE_AUTO = 8 };

/* What a run is made of, in the order of its making. */
struct run {
    const struct run_options *options;
    struct run_result *result;
    struct loop loop;
    struct wire *wire;
    struct host host;
    struct state state;
};

static void on_problem(void *arg, const struct host_problem *problem)
{
    struct run *run = arg;

    report_add(&run->result->report, problem);
}

static void on_progress(void *arg)
{
    struct run *run = arg;

    if (run->options->progress)
        run->options->progress(run->options->progress_arg, &run->host.rows,
            delivery_tally(run->loop.delivery));
}

/* The error may be any value; to make text of one could raise. */
static void keep_fault(struct run *run, lua_State *co)
{
    const char *text =
        lua_type(co, -1) == LUA_TSTRING ? lua_tostring(co, -1) : NULL;

    if (!run->result->fault[0])
        snprintf(run->result->fault, sizeof run->result->fault, "%s",
            text ? text : "the script raised an error that is no text");
}

static void on_fault(void *arg, lua_State *co)
{
    keep_fault(arg, co);
}

static void on_end(lua_State *co, int status, void *arg)
{
    if (status != LUA_OK)
        keep_fault(arg, co);
}

static void port_submit(void *self, struct journal_op *op)
{
    struct run *run = self;

    journal_submit(run->loop.journal, op);
}

static bool port_send(void *self, struct wire_call *call, struct error *err)
{
    struct run *run = self;

    return wire_send(run->wire, call, err);
}

static int64_t port_wall_ms(void *self)
{
    (void)self;
    return clock_wall_ms();
}

static int64_t port_ticks_us(void *self)
{
    (void)self;
    return clock_monotonic_us();
}

/* The last chance to say it: the journal cannot keep it any more. */
static void port_lost(
    void *self, const struct release_result *result, const char *outcome)
{
    (void)self;
    log_error("not in the journal, keep this line: item %lld, code \"%s\", "
              "update_stock %s: %s, mapping %lld",
        (long long)result->order_item_id, result->code,
        result->update_stock ? "true" : "false", outcome,
        result->mapping.known ? (long long)result->mapping.pk : 0LL);
}

static void wake(void *net)
{
    net_wake(net);
}

static bool open_journal(struct run *run, struct error *err)
{
    struct journal_options options = {.path = run->options->journal,
        .host = run->options->journal_host,
        .script = run->options->script.path,
        .wake = wake,
        .wake_arg = run->loop.net};

    run->loop.journal = journal_open(&options, err);
    if (!run->loop.journal)
        return false;
    run->result->run = journal_run(run->loop.journal);
    return true;
}

static bool open_delivery(struct run *run, struct error *err)
{
    const struct profile *p = run->options->profile;
    int at_once = p->at_once ? p->at_once : AT_ONCE_AUTO;
    struct wire_options wire = {.origin = run->options->origin,
        .prefix = p->prefix,
        .token = run->options->token,
        .at_once = at_once,
        .timeout_ms = (long)p->timeout_ms,
        .connect_timeout_ms = (long)p->connect_timeout_ms,
        .ca_file = p->ca_file,
        .proxy = p->proxy};
    struct delivery_ports ports = {
        run, port_submit, port_send, port_wall_ms, port_ticks_us, port_lost};
    struct delivery_rules rules = {.at_once = at_once,
        .retry_rejected_ms = p->retry_rejected_ms,
        .not_done = p->not_done};

    run->host.at_once = at_once;
    run->wire = wire_new(run->loop.net, &wire, err);
    if (!run->wire)
        return false;
    run->loop.delivery = delivery_new(&ports, &rules);
    return run->loop.delivery || error_memory(err);
}

static void fill_host(struct run *run)
{
    const struct run_options *o = run->options;

    run->host.loop = &run->loop;
    run->host.profile = o->profile;
    run->host.mock = o->mock;
    run->host.live_erp = o->live_erp;
    run->host.only = o->only;
    run->host.only_count = o->only_count;
    run->host.limit = o->limit;
    run->host.problem = on_problem;
    run->host.progress = on_progress;
    run->host.fault = on_fault;
    run->host.arg = run;
    run->loop.tasks = &run->state.tasks;
}

static bool open_run(struct run *run, struct error *err)
{
    fill_host(run);
    run->loop.net = net_open(err);
    return run->loop.net && open_journal(run, err) && open_delivery(run, err) &&
           state_open(&run->state, &run->host, &run->options->script, on_end,
               run, err);
}

static bool goes_on(const struct run *run)
{
    return !run->result->fault[0] && tasks_open(&run->state.tasks) > 0;
}

/* After a fault the tasks end, and what was accepted still goes its way. */
static void turn_to_end(struct run *run)
{
    struct error err;

    while (goes_on(run) && !journal_failed(run->loop.journal, &err))
        loop_turn(&run->loop);
    if (journal_failed(run->loop.journal, &err))
        delivery_halt(run->loop.delivery);
    tasks_close(&run->state.tasks);
    while (loop_busy(&run->loop)) {
        loop_turn(&run->loop);
        if (journal_failed(run->loop.journal, &err))
            delivery_halt(run->loop.delivery);
    }
}

static enum exit_code judge_exit(const struct run *run)
{
    const struct run_result *r = run->result;
    const int64_t *verdicts = r->tally.by_verdict;
    enum exit_code code = EXIT_DONE;

    if (r->fault[0])
        code = exit_first(code, run->host.misused ? EXIT_SETUP : EXIT_SCRIPT);
    if (r->counts.by_state[JOURNAL_UNKNOWN])
        code = exit_first(code, EXIT_UNKNOWN);
    if (r->rows.failed || r->rows.invalid || verdicts[VERDICT_REJECTED] ||
        verdicts[VERDICT_CONFLICT])
        code = exit_first(code, EXIT_ROWS);
    if (r->counts.by_state[JOURNAL_PENDING])
        code = exit_first(code, EXIT_PENDING);
    return code;
}

/* The sums, and the journal's word, come before the summary is believed. */
static bool close_books(struct run *run, struct error *err)
{
    struct run_result *r = run->result;
    struct error sums;

    r->rows = run->host.rows;
    r->tally = *delivery_tally(run->loop.delivery);
    r->left_alone = run->host.left_alone;
    r->ended_at = clock_wall_ms();
    bool counted = journal_count(run->loop.journal, &r->counts, err);
    r->exit = counted ? judge_exit(run) : EXIT_DISK;
    if (!r->fault[0] && !summary_adds_up(r, &sums)) {
        snprintf(r->fault, sizeof r->fault, "%s", sums.text);
        r->exit = EXIT_FAULT;
    }
    if (!summary_write(run->options, r))
        return error_memory(err);
    return counted && journal_end_run(run->loop.journal, buf_text(&r->summary),
                          (int)r->exit, err);
}

/* Lua first: what it collects still holds releases. */
static void close_run(struct run *run)
{
    state_close(&run->state);
    wire_free(run->wire);
    journal_close(run->loop.journal);
    delivery_free(run->loop.delivery);
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

void run_fini(struct run_result *result)
{
    report_fini(&result->report);
    buf_free(&result->summary);
}
