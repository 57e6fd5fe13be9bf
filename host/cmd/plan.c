/* omnitron plan: what a run would do, and nothing is done. */
#include "session/plan_run.h"

#include "base/log.h"
#include "cli/command.h"
#include "cmd/missed.h"
#include "cmd/setup.h"
#include "ending/watchdog.h"
#include "session/plan_show.h"
#include "session/script_path.h"
#include "terminal/terminal.h"

#include <unistd.h>

/* Without a journal nothing is known of earlier runs, which is right for who
 * tries a rule; a customer's folder should have one. */
static void find_journal(struct setup *s)
{
    const char *named = arguments_text(s->args, "journal");
    const char *path = named ? named : s->customer.profile.journal;
    bool mock = arguments_given(s->args, "mock");

    if (mock && !named)
        return;
    if (named || access(path, F_OK) == 0)
        s->session.journal = path;
    else if (s->customer.profile.path)
        log_warn("there is no journal at %s: nothing is known of earlier "
                 "runs. New customer: omnitron journal new",
            path);
}

/* A script that asks nothing of the API is planned without a token, too. */
static bool find_omnitron(struct setup *s, struct error *err)
{
    if (s->session.endpoint.mock)
        return setup_mock(s, err);
    setup_unlock_if_can(s);
    return true;
}

static bool prepare(struct setup *s, struct error *err)
{
    const struct arguments *args = s->args;

    if (!script_named(args, "plan", &s->session.script, err) ||
        !setup_load(s, args->plain[0], err))
        return false;
    setup_fill(s);
    find_journal(s);
    return find_omnitron(s, err);
}

static void show_json(struct plan_run_result *result, const char *open)
{
    struct buf out = {0};

    if (!plan_show_json(&result->book, &out) || !command_print_json(&out))
        log_error("out of memory: the plan is not whole");
    if (result->book.more)
        log_warn("%zu more rows were only counted: they need more than memory "
                 "in profile.lua",
            result->book.more);
    if (result->c_modules[0])
        log_warn(
            "not held back by a plan, since it is C: %s", result->c_modules);
    if (result->unknown)
        log_warn("unknown in the journal: %lld; see %s",
            (long long)result->unknown, open);
    if (result->refused)
        log_warn("rejected or in conflict in the journal: %lld; see %s",
            (long long)result->refused, open);
    buf_free(&out);
}

static void show_text(const struct arguments *args,
    struct plan_run_result *result, const char *open)
{
    struct plan_show show = {.book = &result->book,
        .plan = result->plan,
        .rows = &result->rows,
        .unread_rows = result->unread_rows,
        .unknown = result->unknown,
        .refused = result->refused,
        .c_modules = result->c_modules,
        .open = open,
        .all = arguments_given(args, "all"),
        .verbose = arguments_given(args, "verbose"),
        .left_alone = result->left_alone,
        .columns = terminal_columns(STDOUT_FILENO)};
    struct buf out = {0};
    struct error err;

    if (!plan_show_text(&show, &out, &err))
        log_error("%s: the plan is not whole", err.text);
    command_print(&out);
}

static void show(const struct setup *s, struct plan_run_result *result)
{
    struct buf open = {0};

    if (!script_command(s->args, "journal open", &open))
        log_error("out of memory: the plan is not whole");
    else if (arguments_given(s->args, "json"))
        show_json(result, buf_text(&open));
    else
        show_text(s->args, result, buf_text(&open));
    buf_free(&open);
}

static int plan(struct setup *s, struct error *err)
{
    struct plan_run_result result;
    bool ok = plan_run(&s->session, &result, err);

    if (ok)
        show(s, &result);
    if (!ok)
        log_error("%s", err->text);
    if (ok && result.missed)
        missed_say(&s->only, s->session.script.path);
    if (ok && result.fault[0])
        log_error("%s", result.fault);
    int code = (int)result.exit;
    plan_run_fini(&result);
    return code;
}

static int run(const struct arguments *args)
{
    struct setup s = {0};
    struct error err;
    int code;

    if (setup_open(&s, args, watchdog_open, &err) && prepare(&s, &err))
        code = plan(&s, &err);
    else
        code = command_fail(&err);
    setup_close(&s);
    return code;
}

static const struct option_row options[] = {
    {"mock", 0, NULL, false, false,
        "without a profile; no real Omnitron is asked"},
    {"all", 0, NULL, false, false, "every row, also the dull middle"},
    {"json", 0, NULL, false, false, "one JSON object per row"},
    {"only", 0, "ITEM|CODE", true, false,
        "this alone, may be repeated; 3 if it is in no line"},
    {"journal", 0, "FILE", false, false, "another journal than the profile's"},
    {"profile", 0, "FILE", false, false,
        "another profile than the one beside the script"},
    COMMAND_LOG_OPTIONS,
    {0},
};

const struct command command_plan = {
    .name = "plan",
    .usage = "plan [OPTION...] SCRIPT [ARG...]",
    .summary = "what run would do; nothing is sent, written or moved",
    .details =
        "Options come before SCRIPT; what follows it is the script's own.\n"
        "\n"
        "Runs the script for real up to every door and shows what each row\n"
        "would come to, against the journal. Towards the ERP only GET, HEAD\n"
        "and what is marked reads = true leave the program. A script's print\n"
        "goes to stderr.\n"
        "\n"
        "Exit codes: 0 nothing to do, 10 something to release and nothing\n"
        "wrong, otherwise as run.\n",
    .options = options,
    .script = true,
    .run = run,
};
