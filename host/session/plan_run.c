#include "session/plan_run.h"

#include "history/lookup.h"

#include <stdio.h>
#include <string.h>

static bool open_all(
    struct session *s, const struct session_options *options, struct error *err)
{
    return session_open(s, options, err) &&
           session_open_dry(s, options->journal, err) &&
           session_start(s, NULL, err);
}

static void turn_to_end(struct session *s)
{
    while (
        !s->script.leaving && !s->fault[0] && tasks_open(&s->state.tasks) > 0)
        session_turn(s);
    tasks_close(&s->state.tasks);
}

/* As a run would end, but for what only sending can tell. */
static enum exit_code exit_of_plan(const struct plan_run_result *r)
{
    const int64_t *n = r->book.by_would;
    enum exit_code code = EXIT_DONE;

    if (n[PLAN_RELEASE] || n[PLAN_RESEND] || n[PLAN_TAKE_BACK] ||
        r->book.writes)
        code = EXIT_PLANNED;
    if (n[PLAN_CONFLICT] || n[PLAN_REJECTED] || n[PLAN_INVALID] ||
        n[PLAN_FAILED] || r->refused)
        code = exit_first(code, EXIT_ROWS);
    return r->unknown ? exit_first(code, EXIT_UNKNOWN) : code;
}

/* The book and the plan become the result's; the book's account ends. */
static void take(struct session *s, struct plan_run_result *r)
{
    r->book = s->dry.book;
    r->book.account = NULL;
    r->plan = s->dry.plan;
    s->dry.book = (struct plan_book){0};
    s->dry.plan = NULL;
}

static void note_fault(const struct session *s, struct plan_run_result *r)
{
    bool left = s->script.leaving && !s->fault[0];

    snprintf(r->fault, sizeof r->fault, "%s",
        left ? "a signal ended the plan: it is not whole" : s->fault);
}

static bool close_books(
    struct session *s, struct plan_run_result *r, struct error *err)
{
    const struct script *script = &s->script;

    r->rows = script->rows;
    r->left_alone = script->left_alone;
    _Static_assert(sizeof r->c_modules == sizeof script->c_modules, "fits");
    memcpy(r->c_modules, script->c_modules, sizeof r->c_modules);
    r->missed = session_missed(s);
    note_fault(s, r);
    if (!r->left_alone && !r->fault[0])
        r->unread_rows =
            script->csv_rows - script->rows.rows - script->direct_releases;
    if (s->dry.journal && !lookup_unknown(s->dry.journal, &r->unknown, err))
        return false;
    r->refused = s->dry.refused > 0 ? s->dry.refused : 0;
    r->exit = exit_first(session_exit(s), exit_of_plan(r));
    return true;
}

bool plan_run(const struct session_options *options,
    struct plan_run_result *result, struct error *err)
{
    struct session s = {0};

    *result = (struct plan_run_result){0};
    bool ok = open_all(&s, options, err);
    if (ok)
        turn_to_end(&s);
    session_end(&s);
    take(&s, result);
    ok = ok && close_books(&s, result, err);
    session_close(&s);
    if (!ok)
        result->exit = exit_of_error(err);
    return ok;
}

void plan_run_fini(struct plan_run_result *result)
{
    plan_book_fini(&result->book);
    plan_free(result->plan);
}
