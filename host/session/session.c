#include "session/session.h"

#include "ending/leave_signal.h"
#include "ending/watchdog.h"
#include "modules/test.h"
#include "session/script_fault.h"
#include "session/signals.h"

#include <signal.h>

static void on_row(void *arg, const struct plan_row *row)
{
    struct session *s = arg;

    dry_run_add(&s->dry, row, &s->script.account);
}

static void on_note(void *arg, const char *text)
{
    struct session *s = arg;

    plan_book_note(&s->dry.book, text);
}

static void on_problem(void *arg, const struct script_problem *problem)
{
    (void)arg, (void)problem;
}

static void on_progress(void *arg)
{
    (void)arg;
}

/* What was stopped since the session has to end is no fault. */
static void on_fault(void *arg, lua_State *co)
{
    struct session *s = arg;

    if (!s->state.tasks.stopped)
        script_fault_keep(s->fault, sizeof s->fault, co);
}

static void on_end(lua_State *co, int status, void *arg)
{
    struct session *s = arg;

    if (status != LUA_OK)
        on_fault(s, co);
    if (s->script.test)
        s->script.test->ended = true;
}

static void listen(struct session *s)
{
    int number = signals_take(s->options->signal_fd);

    if (number)
        session_leave(s, leave_signal_code(number));
}

static void fill_script(struct session *s)
{
    const struct session_options *o = s->options;

    s->script = (struct script){.loop = &s->loop,
        .profile = o->profile,
        .origin = o->endpoint.origin,
        .name = o->endpoint.name,
        .no_token = o->endpoint.no_token,
        .mock = o->endpoint.mock,
        .only = o->only,
        .limit = -1,
        .at_once = SESSION_AT_ONCE,
        .problem = on_problem,
        .progress = on_progress,
        .planned = on_row,
        .plan_note = on_note,
        .fault = on_fault,
        .arg = s};
    s->loop.tasks = &s->state.tasks;
}

bool session_open(
    struct session *s, const struct session_options *options, struct error *err)
{
    s->options = options;
    s->listen = listen;
    fill_script(s);
    s->loop.net = net_open(err);
    if (!s->loop.net)
        return false;
    net_watch(s->loop.net, options->signal_fd);
    return true;
}

bool session_open_dry(struct session *s, const char *journal, struct error *err)
{
    const struct session_options *o = s->options;
    struct dry_run_options options = {
        o->profile, &o->endpoint, journal, &s->script.account};

    if (!dry_run_open(&s->dry, s->loop.net, &options, err))
        return false;
    s->script.planning = true;
    s->script.plan = s->dry.plan;
    s->script.token = s->dry.token;
    return true;
}

bool session_lock(
    struct session *s, const char *script, const char *hash, struct error *err)
{
    const struct session_options *o = s->options;
    struct journal_options options = {.path = o->journal,
        .host = endpoint_journal_name(&o->endpoint),
        .script = script,
        .script_hash = hash,
        .unique_codes = o->profile->unique_codes};

    bool ok = live_lock(&s->live, s->loop.net, &options, err);
    s->loop.journal = s->live.journal;
    return ok;
}

bool session_go_live(struct session *s, int at_once,
    void (*carried)(void *session, const struct release_result *result),
    struct error *err)
{
    const struct session_options *o = s->options;
    struct ports_options options = {.profile = o->profile,
        .endpoint = &o->endpoint,
        .journal_path = o->journal,
        .at_once = at_once,
        .carried = carried,
        .carried_arg = s,
        .account = &s->script.account};

    if (!live_open(&s->live, &options, err))
        return false;
    s->loop.delivery = s->live.ports.delivery;
    s->script.token = s->live.ports.token;
    return true;
}

void session_end_live(struct session *s)
{
    s->loop.journal = NULL;
    s->loop.delivery = NULL;
    s->script.token = s->dry.token;
    live_close(&s->live);
}

bool session_start(struct session *s, struct buf *text, struct error *err)
{
    struct state_script script = s->options->script;

    script.text = text;
    bool ok = state_open(&s->state, &s->script, &script, on_end, s, err);
    s->state.tasks.stopping = watchdog_stops;
    return ok;
}

bool session_start_bare(struct session *s, struct error *err)
{
    return state_open_bare(&s->state, &s->script, s->options->script.path, err);
}

/* What the end of a session waits for: releases, and then the journal. */
static bool is_in_flight(const struct session *s)
{
    const struct loop *loop = &s->loop;

    return (loop->delivery && delivery_open(loop->delivery) > 0) ||
           (tasks_open(&s->state.tasks) == 0 && loop_busy(loop));
}

void session_turn(struct session *s)
{
    struct error ignored;

    loop_turn(&s->loop);
    s->script.progress(s->script.arg);
    s->listen(s);
    if (s->loop.journal && journal_failed(s->loop.journal, &ignored))
        delivery_halt(s->loop.delivery);
    watchdog_turned(is_in_flight(s));
}

void session_leave(struct session *s, enum exit_code code)
{
    if (s->script.leaving)
        return;
    s->script.leaving = true;
    s->left_with = code;
    watchdog_leave(code);
    if (s->loop.delivery)
        delivery_leave(s->loop.delivery);
}

bool session_missed(const struct session *s)
{
    return only_missed(s->options->only) && !s->fault[0] &&
           s->left_with == EXIT_DONE;
}

/* What ended since a host was away is for a later run to do again. */
static enum exit_code exit_of_fault(const struct script *script)
{
    if (script->away.ended)
        return EXIT_PENDING;
    return script->misused ? EXIT_SETUP : EXIT_SCRIPT;
}

enum exit_code session_exit(const struct session *s)
{
    enum exit_code code = s->left_with;

    if (s->fault[0])
        code = exit_first(code, exit_of_fault(&s->script));
    if (s->script.away.any)
        code = exit_first(code, EXIT_PENDING);
    return session_missed(s) ? exit_first(code, EXIT_ROWS) : code;
}

/* Lua first: what it collects still holds releases. */
void session_end(struct session *s)
{
    state_close(&s->state);
    session_end_live(s);
}

void session_close(struct session *s)
{
    session_end(s);
    timers_fini(&s->loop.timers);
    dry_run_close(&s->dry);
    net_close(s->loop.net);
}
