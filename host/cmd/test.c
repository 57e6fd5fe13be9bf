/* omnitron test: *_test.lua files, TAP on stdout. Each test has a mock in
 * this process, and so have the replies that it serves. */
#include "base/clock.h"
#include "base/exit_code.h"
#include "base/say.h"
#include "cli/command.h"
#include "cli/customer.h"
#include "cmd/test_files.h"
#include "cmd/test_servers.h"
#include "session/run.h"

#include <stdio.h>
#include <string.h>

/* A mock that says nothing is waited for in earnest. */
enum { RELEASE_MS = 3000 };

struct suite {
    const struct arguments *args;
    size_t passed, failed;
};

/* One name or message, as TAP can bear it: a line, and no directive. */
static bool put_name(struct buf *out, const char *text)
{
    bool ok = true;

    for (; ok && *text; text++)
        if (*text == '#')
            ok = buf_puts(out, "\\#");
        else
            ok = buf_putc(out, (unsigned char)*text < ' ' ? ' ' : *text);
    return ok;
}

static bool put_comment(struct buf *out, const char *text)
{
    bool ok = true;

    while (ok && *text) {
        size_t len = strcspn(text, "\n");
        ok = buf_puts(out, "# ") && buf_add(out, text, len) &&
             buf_putc(out, '\n');
        text += len + (text[len] == '\n');
    }
    return ok;
}

/* `fault` is "" for a test that passed. */
static bool say(struct suite *suite, const char *file, const char *name,
    const char *fault, struct error *err)
{
    struct buf line = {0};
    size_t number = suite->passed + suite->failed + 1;
    bool ok =
        buf_printf(&line, "%s %zu - ", fault[0] ? "not ok" : "ok", number) &&
        put_name(&line, file) &&
        (!name[0] || (buf_puts(&line, ": ") && put_name(&line, name))) &&
        buf_putc(&line, '\n') && put_comment(&line, fault);

    if (ok)
        command_print(&line);
    buf_free(&line);
    if (fault[0])
        suite->failed++;
    else
        suite->passed++;
    return ok || error_memory(err);
}

static struct session_options options_of(const char *file,
    const struct customer *customer, const struct test_servers *servers)
{
    return (struct session_options){.script.path = file,
        .profile = &customer->profile,
        .endpoint = {.origin = test_servers_omnitron(servers),
            .name = "mock",
            .token = "mock",
            .mock = true},
        .signal_fd = -1};
}

/* Runs one test; *test then has its name and the number of all. */
static bool run_one(struct suite *suite, const char *file,
    const struct customer *customer, struct test *test, struct error *err)
{
    struct test_servers servers;
    struct run_result result = {0};
    struct error why = {.text = ""};

    clock_freeze();
    test->begun_ms = clock_running_ms();
    test->started_ms = clock_monotonic_ms();
    if (!test_servers_open(&servers, test, err))
        return false;
    struct session_options session = options_of(file, customer, &servers);
    struct run_options options = {
        .session = &session, .test = test, .limit = -1};
    if (!run_script(&options, &result, &why) && !result.fault[0])
        snprintf(result.fault, sizeof result.fault, "%s", why.text);
    test_servers_close(&servers);
    if (!result.fault[0] && test->count == 0)
        snprintf(result.fault, sizeof result.fault, "there is no test in it");
    bool ok = say(suite, file, test->name, result.fault, err);
    run_result_fini(&result);
    return ok;
}

static bool run_file(struct suite *suite, const char *file, struct error *err)
{
    struct customer customer = {0};
    size_t count = 1;
    bool ok = customer_load(
        &customer, arguments_text(suite->args, "profile"), file, err);

    customer.profile.route.timeout_ms = RELEASE_MS;
    for (size_t i = 1; ok && i <= count; i++) {
        struct test test = {.wanted = i};
        ok = run_one(suite, file, &customer, &test, err);
        count = test.count;
    }
    customer_free(&customer);
    return ok;
}

static void say_end(const struct suite *suite)
{
    size_t all = suite->passed + suite->failed;

    say_format(stdout, "1..%zu\n", all);
    if (suite->failed)
        say_format(stdout, "# %zu of %zu failed\n", suite->failed, all);
}

static int run(const struct arguments *args)
{
    struct suite suite = {.args = args};
    struct test_files files = {0};
    struct error err;

    profile_without_secrets();
    bool ok = command_open_log(args, &err) && journal_init(&err) &&
              test_files_find(&files, args->plain_count, args->plain, &err);

    for (size_t i = 0; ok && i < files.count; i++)
        ok = run_file(&suite, files.paths[i], &err);
    test_files_free(&files);
    if (!ok)
        return command_fail(&err);
    say_end(&suite);
    return suite.failed ? EXIT_SCRIPT : EXIT_DONE;
}

static const struct option_row options[] = {
    {"profile", 0, "FILE", false, false,
        "another profile than the one beside the tests"},
    COMMAND_LOG_OPTIONS,
    {0},
};

const struct command command_test = {
    .name = "test",
    .usage = "test [OPTION...] [PATH...]",
    .summary = "run the *_test.lua files of a folder",
    .details =
        "PATH is a folder, or a *_test.lua file; without one, the current\n"
        "folder. Each test has a mock Omnitron and a journal of its own; time\n"
        "stands still but for what is slept. In such a file:\n"
        "  test(name, fn)              a test\n"
        "  test.eq(got, want)          tables in depth\n"
        "  test.ok(value)              neither nil nor false\n"
        "  test.raises(fn, pattern)    fn raises such an error\n"
        "  test.rule(rule, row)        what release_all makes of a row\n"
        "  test.ledger()               what the mock received\n"
        "  test.mock{ fault, outage, latency, items, repeat, seed }\n"
        "  test.serve{ [\"GET /orders\"] = \"orders.json\" }  -> URL of a "
        "server\n"
        "  test.requests()             what those servers received\n"
        "  test.time()                 seconds that the test has slept\n"
        "TAP goes to stdout. Exit codes: 0 all passed, 1 some failed, 2 "
        "usage.\n",
    .options = options,
    .run = run,
};
