#include "session/plan_run.h"

#include "base/protected.h"
#include "ending/watchdog.h"
#include "history/lookup.h"
#include "session/script_fault.h"
#include "session/signals.h"

#include <signal.h>
#include <stdio.h>

enum { AT_ONCE = 8 };

struct planning {
    const struct plan_run_options *options;
    struct plan_run_result *result;
    struct lookup *journal;
    struct token *token;
    struct loop loop;
    struct script host;
    struct state state;
    int signal; // that ended it
};

static void on_row(void *arg, const struct plan_row *row)
{
    struct planning *p = arg;

    p->result->book.account = &p->host.account;
    plan_book_add(&p->result->book, row);
}

static void on_note(void *arg, const char *text)
{
    struct planning *p = arg;

    plan_book_note(&p->result->book, text);
}

/* What is a problem in a run is a row here. */
static void on_problem(void *arg, const struct script_problem *problem)
{
    (void)arg, (void)problem;
}

static void on_progress(void *arg)
{
    (void)arg;
}

static void on_fault(void *arg, lua_State *co)
{
    struct planning *p = arg;

    if (!p->state.tasks.stopped)
        script_fault_keep(p->result->fault, sizeof p->result->fault, co);
}

static void on_end(lua_State *co, int status, void *arg)
{
    if (status != LUA_OK)
        on_fault(arg, co);
}

static bool open_plan(struct planning *p, struct error *err)
{
    const struct profile *profile = p->options->profile;
    struct judge_rules rules = {
        profile->retry_rejected_ms, profile->when_unknown == PROFILE_RESEND, 0};

    if (p->options->journal) {
        p->journal = lookup_open(p->options->journal, err);
        if (!p->journal ||
            !protected_add(PROTECTED_JOURNAL, p->options->journal, err))
            return false;
    }
    p->result->plan = plan_new(p->journal, &rules, profile->unique_codes);
    if (!p->result->plan)
        return error_memory(err);
    plan_take_from(p->result->plan, &p->host.account);
    return true;
}

/* For what a script reads of the API; nothing is released with it. */
static bool open_token(struct planning *p, struct error *err)
{
    const struct plan_run_options *o = p->options;
    struct token_options options = {.given = o->token,
        .username = o->username,
        .password = o->password,
        .journal_path = o->journal,
        .visit = request_options_of(o->profile, o->origin)};

    if (o->origin)
        p->token = token_new(p->loop.net, &options, err);
    return !o->origin || p->token;
}

static void fill_host(struct planning *p)
{
    const struct plan_run_options *o = p->options;

    p->host = (struct script){.loop = &p->loop,
        .profile = o->profile,
        .planning = true,
        .plan = p->result->plan,
        .mock = o->mock,
        .token = p->token,
        .no_token = o->no_token,
        .origin = o->origin,
        .name = o->host,
        .only = o->only,
        .limit = -1,
        .at_once = AT_ONCE,
        .problem = on_problem,
        .progress = on_progress,
        .planned = on_row,
        .plan_note = on_note,
        .fault = on_fault,
        .arg = p};
    p->loop.tasks = &p->state.tasks;
}

static bool open_all(struct planning *p, struct error *err)
{
    if (!open_plan(p, err))
        return false;
    p->loop.net = net_open(err);
    if (!p->loop.net || !open_token(p, err))
        return false;
    fill_host(p);
    net_watch(p->loop.net, p->options->signal_fd);
    bool ok =
        state_open(&p->state, &p->host, &p->options->script, on_end, p, err);
    p->state.tasks.stopping = watchdog_stops;
    return ok;
}

static void turn_to_end(struct planning *p)
{
    while (
        !p->signal && !p->result->fault[0] && tasks_open(&p->state.tasks) > 0) {
        loop_turn(&p->loop);
        p->signal = signals_take(p->options->signal_fd);
        if (p->signal)
            watchdog_leave(p->signal == SIGINT ? EXIT_SIGINT : EXIT_SIGTERM);
        watchdog_turned(false);
    }
    tasks_close(&p->state.tasks);
}

/* As a run would end, but for what only sending can tell. */
static bool judge_exit(struct planning *p, struct error *err)
{
    struct plan_run_result *r = p->result;
    const int64_t *n = r->book.by_would;

    r->missed = only_missed(p->options->only) && !r->fault[0] && !p->signal;
    enum exit_code code = EXIT_DONE;

    if (p->journal && !lookup_unknown(p->journal, &r->unknown, err))
        return false;
    if (n[PLAN_RELEASE] || n[PLAN_RESEND] || n[PLAN_TAKE_BACK] ||
        r->book.writes)
        code = EXIT_PLANNED;
    if (n[PLAN_CONFLICT] || n[PLAN_REJECTED] || n[PLAN_INVALID] ||
        n[PLAN_FAILED] || r->missed)
        code = exit_first(code, EXIT_ROWS);
    if (r->unknown)
        code = exit_first(code, EXIT_UNKNOWN);
    if (r->fault[0])
        code = exit_first(code, p->host.misused ? EXIT_SETUP : EXIT_SCRIPT);
    if (p->signal) {
        code =
            exit_first(code, p->signal == SIGINT ? EXIT_SIGINT : EXIT_SIGTERM);
        if (!r->fault[0])
            snprintf(r->fault, sizeof r->fault,
                "a signal ended the plan: it is not whole");
    }
    r->exit = code;
    return true;
}

static bool close_books(struct planning *p, struct error *err)
{
    struct plan_run_result *r = p->result;

    r->rows = p->host.rows;
    r->left_alone = p->host.left_alone;
    r->unread_rows =
        p->host.csv_rows - p->host.rows.rows - p->host.direct_releases;
    if (r->left_alone || r->fault[0] || p->signal)
        r->unread_rows = 0;
    return judge_exit(p, err);
}

bool plan_run(const struct plan_run_options *options,
    struct plan_run_result *result, struct error *err)
{
    struct planning p = {.options = options, .result = result};
    bool ok;

    *result = (struct plan_run_result){0};
    ok = open_all(&p, err);
    if (ok) {
        turn_to_end(&p);
        ok = close_books(&p, err);
    }
    state_close(&p.state);
    timers_fini(&p.loop.timers);
    token_free(p.token);
    net_close(p.loop.net);
    lookup_close(p.journal);
    result->book.account = NULL; // it has ended
    if (!ok)
        result->exit = exit_of_error(err);
    return ok;
}

void plan_run_fini(struct plan_run_result *result)
{
    plan_book_fini(&result->book);
    plan_free(result->plan);
}
