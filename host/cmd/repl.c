/* omnitron repl: lines that a person types. */
#include "repl/repl.h"

#include "base/log.h"
#include "base/secret.h"
#include "cli/command.h"
#include "cli/customer.h"
#include "ending/watchdog.h"
#include "journal/journal.h"
#include "mock/mock.h"
#include "session/signals.h"

#include <string.h>
#include <unistd.h>

struct session {
    const struct arguments *args;
    struct customer customer;
    struct mock *mock;
    struct error no_token;
    struct buf folder;
    struct repl_options repl;
};

/* Without a token rules can be tried all the same. */
static void find_host(struct session *s)
{
    struct customer *c = &s->customer;

    s->repl.journal = arguments_text(s->args, "journal");
    if (!s->repl.journal)
        s->repl.journal = c->profile.journal;
    if (access(s->repl.journal, F_OK) == 0)
        s->repl.known = s->repl.journal;
    s->repl.no_token = s->no_token.text;
    if (!customer_unlock(c, &s->no_token))
        return;
    s->repl.origin = s->repl.journal_host = c->profile.origin;
    s->repl.host = c->profile.host;
    s->repl.token = c->token ? secret_text(c->token) : NULL;
    s->repl.username = c->profile.username;
    s->repl.password = c->password ? secret_text(c->password) : NULL;
}

/* As with run, a journal that was named is made if it is missing. */
static bool find_mock(struct session *s, struct error *err)
{
    struct mock_options options = {0};

    s->repl.journal = s->repl.known = arguments_text(s->args, "journal");
    if (s->repl.journal && access(s->repl.journal, F_OK) != 0 &&
        !journal_make(s->repl.journal, err))
        return false;
    profile_forget_public("mock");
    s->mock = mock_start(&options, err);
    if (!s->mock)
        return false;
    s->repl.mock = true;
    s->repl.origin = mock_url(s->mock);
    s->repl.host = s->repl.journal_host = s->repl.token = "mock";
    return true;
}

/* "acme" and "acme/" are "acme/". */
static bool name_folder(struct session *s, struct error *err)
{
    const char *named = s->args->plain_count ? s->args->plain[0] : "";
    size_t len = strlen(named);

    if (s->args->plain_count > 1)
        return error_set(
            err, ERROR_USAGE, "repl takes one folder: omnitron repl [FOLDER]");
    if (!buf_puts(&s->folder, named) ||
        (len && named[len - 1] != '/' && !buf_putc(&s->folder, '/')))
        return error_memory(err);
    s->repl.folder = buf_text(&s->folder);
    if (len && access(s->repl.folder, X_OK) != 0)
        return error_set(err, ERROR_USAGE, "%s is no folder", named);
    return true;
}

static bool prepare(struct session *s, struct error *err)
{
    const struct arguments *args = s->args;

    if (!journal_init(err) || !name_folder(s, err) ||
        !customer_load(&s->customer, arguments_text(args, "profile"),
            args->plain_count ? args->plain[0] : NULL, err))
        return false;
    s->repl.profile = &s->customer.profile;
    if (arguments_given(args, "mock"))
        return find_mock(s, err);
    find_host(s);
    return true;
}

static int run(const struct arguments *args)
{
    struct session s = {.args = args};
    struct error err;
    int code;

    if (!command_open_log(args, &err) ||
        !signals_open(&s.repl.signal_fd, &err) || !watchdog_open_repl(&err))
        return command_fail(&err);
    if (prepare(&s, &err)) {
        code = (int)repl_run(&s.repl, &err);
        if (err.text[0])
            log_error("%s", err.text);
    } else
        code = command_fail(&err);
    signals_close(s.repl.signal_fd);
    mock_stop(s.mock);
    customer_free(&s.customer);
    buf_free(&s.folder);
    return code;
}

static const struct option_row options[] = {
    {"mock", 0, NULL, false, false,
        "with a simulated Omnitron in this process"},
    {"profile", 0, "FILE", false, false,
        "another profile than the one in the folder"},
    {"journal", 0, "FILE", false, false, "another journal than the profile's"},
    COMMAND_LOG_OPTIONS,
    {0},
};

const struct command command_repl = {
    .name = "repl",
    .usage = "repl [OPTION...] [FOLDER]",
    .summary = "try Lua line by line, with the profile of a folder",
    .details =
        "All that a script has, and require from FOLDER. An expression is\n"
        "shown, `_` is the last value, Tab completes, Ctrl-C stops a line. A\n"
        "release is shown and not sent until `:live`, which takes the lock\n"
        "of the journal; `:plan` gives it back, `:help` says more.\n"
        "Without a terminal lines are read from stdin, and the first error\n"
        "ends it with exit code 1.\n",
    .options = options,
    .run = run,
};
