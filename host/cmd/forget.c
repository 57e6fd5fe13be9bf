/* omnitron forget: a cursor is taken away by a person. */
#include "cli/command.h"
#include "cmd/cursor_change.h"

static bool say(const char *key, const struct buf *was, struct error *err)
{
    struct buf out = {0};
    bool ok = buf_printf(&out, "%s was ", key) && cursor_put_value(&out, was) &&
              buf_puts(&out, ", and is forgotten.\n");

    command_print(&out);
    return ok || error_memory(err);
}

static bool forget(const struct arguments *args, struct error *err)
{
    struct buf was = {0};

    if (args->plain_count != 1)
        return error_set(err, ERROR_USAGE, "forget takes a key");
    const char *key = args->plain[0];
    bool ok = cursor_change(args, "omnitron forget", key, NULL, &was, err);
    if (ok && !was.len)
        ok = error_set(err, ERROR_USAGE,
            "nothing is remembered under \"%s\": omnitron recall lists what is",
            key);
    ok = ok && say(key, &was, err);
    buf_free(&was);
    return ok;
}

static int run(const struct arguments *args)
{
    struct error err;

    return forget(args, &err) ? 0 : command_fail(&err);
}

static const struct option_row options[] = {
    {"profile", 0, "FILE", false, true, "the profile whose journal it is"},
    {"journal", 0, "FILE", false, true, "another journal than the profile's"},
    {0},
};

const struct command command_forget = {
    .name = "forget",
    .usage = "forget KEY [OPTION...]",
    .summary = "take a cursor away: the script begins anew",
    .details =
        "Says what it was; that, who and when is kept in the journal. Waits\n"
        "up to 10 seconds for a run to end (then exit code 11).\n",
    .options = options,
    .run = run,
};
