/* omnitron repl: lines that a person types. */
#include "repl/repl.h"

#include "base/log.h"
#include "cli/command.h"
#include "cmd/setup.h"
#include "ending/watchdog.h"

#include <string.h>
#include <unistd.h>

/* "acme" and "acme/" are "acme/". */
static bool name_folder(
    const struct arguments *args, struct buf *folder, struct error *err)
{
    const char *named = args->plain_count ? args->plain[0] : "";
    size_t len = strlen(named);

    if (args->plain_count > 1)
        return error_set(
            err, ERROR_USAGE, "repl takes one folder: omnitron repl [FOLDER]");
    if (!buf_puts(folder, named) ||
        (len && named[len - 1] != '/' && !buf_putc(folder, '/')))
        return error_memory(err);
    return len == 0 || access(buf_text(folder), X_OK) == 0 ||
           error_set(err, ERROR_USAGE, "%s is no folder", named);
}

static bool prepare(struct setup *s, struct buf *folder, struct error *err)
{
    const struct arguments *args = s->args;

    if (!name_folder(args, folder, err) ||
        !setup_load(s, args->plain_count ? args->plain[0] : NULL, err))
        return false;
    setup_fill(s);
    s->session.script.path = buf_text(folder);
    if (s->session.endpoint.mock)
        return setup_mock(s, err) && setup_journal(s, err);
    setup_unlock_if_can(s);
    return setup_journal(s, err);
}

static int run(const struct arguments *args)
{
    struct setup s = {0};
    struct buf folder = {0};
    struct error err;
    int code;

    if (setup_open(&s, args, watchdog_open_repl, &err) &&
        prepare(&s, &folder, &err)) {
        code = (int)repl_run(&s.session, &err);
        if (err.text[0])
            log_error("%s", err.text);
    } else
        code = command_fail(&err);
    setup_close(&s);
    buf_free(&folder);
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
