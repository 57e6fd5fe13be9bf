/* omnitron run: release for real, or against the mock in this process. */
#include "session/run.h"
#include "base/file_path.h"

#include "base/clock.h"
#include "base/exit_code.h"
#include "base/file_replace.h"
#include "base/log.h"
#include "base/target.h"
#include "cli/as_root.h"
#include "cli/command.h"
#include "cmd/notify.h"
#include "cmd/setup.h"
#include "cmd/watch.h"
#include "ending/lock_wait.h"
#include "ending/notice_audience.h"
#include "ending/watchdog.h"
#include "session/progress.h"
#include "session/script_path.h"

#include <stdio.h>
#include <unistd.h>

enum { NAMING_MS = 2000 }; // for a run that has just begun to write its name

/* What this command makes before a run and frees after it. */
struct running {
    struct setup setup;
    int64_t wait_ms; // for another run to end
    struct watch watch;
    struct run_options run;
};

static bool spares_own(const struct running *s, const char *option,
    const char *path, struct error *err)
{
    const struct profile *p = &s->setup.customer.profile;
    const char *const own[] = {
        p->path, p->token_file, p->password_file, s->setup.session.script.path};

    for (size_t i = 0; path && i < sizeof own / sizeof *own; i++)
        if (!target_differs(option, path, own[i], err))
            return false;
    return true;
}

/* Before anything is sent: afterwards it could only be regretted. */
static bool check_targets(struct running *s, struct error *err)
{
    const char *summary = arguments_text(s->setup.args, "summary");
    const char *file = arguments_text(s->setup.args, "log-file");

    if (!spares_own(s, "--log-file", file, err)) {
        log_close(); // why is not written into it
        return false;
    }
    if (!spares_own(s, "--metrics", s->watch.metrics, err)) {
        s->watch.metrics = NULL;
        return false;
    }
    return spares_own(s, "--summary", summary, err) &&
           (!summary || file_replace_check("--summary", summary, err));
}

static bool read_numbers(struct running *s, struct error *err)
{
    const struct arguments *args = s->setup.args;

    return arguments_number(args, "limit", 0, -1, &s->run.limit, err) &&
           arguments_duration(args, "deadline", &s->run.deadline_ms, err) &&
           arguments_duration(args, "wait", &s->wait_ms, err);
}

static bool find_omnitron(struct setup *setup, struct error *err)
{
    return (setup->session.endpoint.mock ? setup_mock(setup, err)
                                         : setup_unlock(setup, err)) &&
           setup_journal(setup, err);
}

static bool prepare(struct running *s, struct error *err)
{
    struct setup *setup = &s->setup;
    const struct arguments *args = setup->args;

    if (!script_named(args, "run", &setup->session.script, err))
        return false;
    s->run.live_erp = arguments_given(args, "live-erp");
    if (s->run.live_erp && !arguments_given(args, "mock"))
        return error_set(err, ERROR_USAGE, "--live-erp belongs to --mock");
    if (!setup_load(setup, args->plain[0], err) || !read_numbers(s, err) ||
        !check_targets(s, err))
        return false;
    setup_fill(setup);
    if (progress_open(args))
        s->run.progress = progress_show;
    s->run.ping = s->watch.ping;
    return find_omnitron(setup, err);
}

/* A second run waits for the first as long as --wait says, and until it can
 * be told from one that died long ago. */
static bool run_when_free(
    struct running *s, struct run_result *result, struct error *err)
{
    int64_t start_ms = clock_monotonic_ms();

    while (!run_script(&s->run, result, err)) {
        if (err->kind != ERROR_HELD)
            return false;
        int64_t wait_ms = s->wait_ms;
        if (wait_ms < NAMING_MS &&
            lock_wait_is_unnamed(s->setup.session.journal))
            wait_ms = NAMING_MS;
        if (!lock_wait_wait(start_ms + wait_ms, s->setup.session.signal_fd))
            return false;
        run_result_fini(result);
    }
    return true;
}

/* No run began, or the journal failed in it. */
static void say_failure(
    const struct running *s, const char *journal, const struct error *err)
{
    enum notice_kind kind =
        err->kind == ERROR_DISK ? NOTICE_DISK : NOTICE_SETUP;

    audience_fail(s->setup.args, journal, kind, audience_about(err), err);
}

/* The journal that was meant, if the profile came so far; or the one beside
 * the script, where there is one. */
static const char *journal_meant(
    const struct running *s, char *beside, size_t cap)
{
    const char *named = arguments_text(s->setup.args, "profile");
    const char *path = named ? named : s->setup.args->plain[0];

    if (s->setup.session.journal)
        return s->setup.session.journal;
    if (arguments_given(s->setup.args, "mock") || !path)
        return NULL;
    if (s->setup.customer.profile.journal)
        return s->setup.customer.profile.journal;
    snprintf(beside, cap, "%.*sjournal.db", (int)file_path_head(path), path);
    return access(beside, F_OK) == 0 ? beside : NULL;
}

static int fail(const struct running *s, const struct error *err)
{
    char beside[PATH_MAX];

    say_failure(s, journal_meant(s, beside, sizeof beside), err);
    return (int)exit_of_error(err);
}

static int run_prepared(struct running *s, struct error *err)
{
    const char *summary = arguments_text(s->setup.args, "summary");
    struct run_result result;

    audience_listen(s->setup.args, s->setup.session.journal);
    bool ok = run_when_free(s, &result, err);
    watchdog_expect(result.exit);
    progress_close();
    if (ok && result.held[0])
        log_error("the run was ended: %s", result.held);
    if (ok && !s->setup.mock)
        as_root_say();
    if (ok && summary &&
        !file_replace_write("--summary", summary, FILE_REPLACE_MODE_KEPT,
            result.summary.data, result.summary.len, err)) {
        log_error("%s", err->text);
        result.exit = exit_first(result.exit, EXIT_DISK);
    }
    if (ok)
        notify_say(&(struct notify){s->setup.args, &s->setup.session, &result});
    else if (err->kind == ERROR_HELD)
        lock_wait_say(s->setup.args, s->setup.session.journal, err);
    else
        say_failure(s, s->setup.session.journal, err);
    int code = (int)result.exit;
    watch_tell(&s->watch, &s->setup.session, ok ? &result : NULL, code);
    run_result_fini(&result);
    return code;
}

static int run(const struct arguments *args)
{
    struct running s = {.run.session = &s.setup.session};
    struct error err, second;
    int code;

    bool ok = setup_open(&s.setup, args, watchdog_open, &err);
    ok = watch_open(&s.watch, args, ok ? &err : &second) && ok;
    if (ok && prepare(&s, &err)) {
        code = run_prepared(&s, &err);
    } else {
        code = fail(&s, &err);
        watch_tell(&s.watch, &s.setup.session, NULL, code);
    }
    setup_close(&s.setup);
    watch_close(&s.watch);
    return code;
}

static const struct option_row options[] = {
    {"mock", 0, NULL, false, false,
        "against a simulated Omnitron in this process"},
    {"journal", 0, "FILE", false, false, "another journal than the profile's"},
    {"profile", 0, "FILE", false, false,
        "another profile than the one beside the script"},
    {"only", 0, "ITEM|CODE", true, false,
        "this alone, may be repeated; 3 if it is in no line"},
    {"limit", 0, "N", false, false, "take N rows at most"},
    {"deadline", 0, "TIME", false, false,
        "end in order after TIME, such as 10m"},
    {"wait", 0, "TIME", false, false,
        "wait so long when another run holds the journal"},
    {"summary", 0, "FILE", false, false, "write the counts as JSON"},
    {"metrics", 0, "FILE", false, false,
        "write them, and the exit code, for Prometheus"},
    {"ping", 0, "URL", false, false,
        "get URL/start, then URL; in trouble URL/EXITCODE"},
    {"live-erp", 0, NULL, false, false,
        "with --mock: let writes to the ERP through"},
    COMMAND_LOG_OPTIONS,
    {0},
};

/* From the table of exit codes. */
static bool help(struct buf *out)
{
    bool ok = buf_puts(out, "\nExit codes:\n");

    for (const struct exit_row *row = exit_rows; ok && row->meaning; row++)
        if (row->code != EXIT_PLANNED)
            ok = buf_printf(out, "  %3d  %s\n", (int)row->code, row->meaning);
    return ok;
}

const struct command command_run = {
    .name = "run",
    .usage = "run [OPTION...] SCRIPT [ARG...]",
    .summary = "release for real",
    .details =
        "SCRIPT is a Lua script, or a rule: a script that returns a function,\n"
        "which is then applied to the CSV files that follow it.\n"
        "Options come before SCRIPT; what follows it is the script's own. If\n"
        "that looks like an option of run, -- goes before it.\n"
        "\n"
        "--metrics: for the textfile collector of node_exporter, which wants\n"
        "  a name in .prom. Also written when nothing could be done.\n"
        "--ping: a dead-man switch, as healthchecks has them. The end is URL\n"
        "  for exit code 0, else URL/CODE. It is https, or http on this\n"
        "  machine. One that fails is no fault: -v and the log file say it.\n"
        "Neither hears of a run that another one kept from beginning (11).\n"
        "\n"
        "Four words for no:\n"
        "  rejected: the host said no.      invalid:  your data.\n"
        "  failed:   your rule.             conflict: the item has another "
        "code already.\n",
    .more = help,
    .options = options,
    .script = true,
    .run = run,
};
