/* omnitron remember: a cursor is set by a person. */
#include "cli/command.h"
#include "cmd/cursor_change.h"

#include <string.h>

static bool say(const char *key, const struct cursor_value *memo,
    const struct buf *was, struct error *err)
{
    struct buf out = {0};
    bool ok =
        buf_printf(&out, "%s is ", key) && cursor_value_show(&out, memo) &&
        (!was->len ||
            (buf_puts(&out, ", and was ") && cursor_put_value(&out, was))) &&
        buf_puts(&out, was->len ? ".\n" : ", and was not there.\n");

    command_print(&out);
    return ok || error_memory(err);
}

static bool remember(const struct arguments *args, struct error *err)
{
    struct buf was = {0};

    if (args->plain_count != 2)
        return error_set(err, ERROR_USAGE,
            "remember takes a key and a value: "
            "omnitron remember KEY VALUE [--text]");
    const char *key = args->plain[0], *value = args->plain[1];
    struct cursor_value memo = cursor_value_of(value, strlen(value));
    if (arguments_given(args, "text"))
        memo = (struct cursor_value){
            CURSOR_VALUE_TEXT, .text = value, .len = strlen(value)};
    bool ok = cursor_change(args, "omnitron remember", key, &memo, &was, err) &&
              say(key, &memo, &was, err);
    buf_free(&was);
    return ok;
}

static int run(const struct arguments *args)
{
    struct error err;

    return remember(args, &err) ? 0 : command_fail(&err);
}

static const struct option_row options[] = {
    {"text", 0, NULL, false, true, "digits are a text, too"},
    {"profile", 0, "FILE", false, true, "the profile whose journal it is"},
    {"journal", 0, "FILE", false, true, "another journal than the profile's"},
    {0},
};

const struct command command_remember = {
    .name = "remember",
    .usage = "remember KEY VALUE [OPTION...]",
    .summary = "set a cursor, as omnitron.remember does",
    .details =
        "Digits are kept as an integer, all else as a text. Says what it was\n"
        "before; that, who and when is kept in the journal. Waits up to 10\n"
        "seconds for a run to end (then exit code 11).\n",
    .options = options,
    .run = run,
};
