#include "cli/command.h"

#include "base/escape.h"
#include "base/exit_code.h"
#include "base/log.h"
#include "base/say.h"

#include <stdio.h>
#include <string.h>

int command_fail(const struct error *err)
{
    log_error("%s", err->text);
    return (int)exit_of_error(err);
}

bool command_open_log(const struct arguments *args, struct error *err)
{
    const char *format = arguments_text(args, "log-format");
    struct log_options options = {
        .level = arguments_given(args, "quiet")     ? LOG_ERROR
                 : arguments_given(args, "verbose") ? LOG_DEBUG
                                                    : LOG_WARN,
        .json = format && strcmp(format, "json") == 0,
        .file = arguments_text(args, "log-file"),
    };

    if (format && !options.json && strcmp(format, "text") != 0)
        return error_set(err, ERROR_USAGE,
            "--log-format is text or json, not \"%s\"", format);
    return log_open(&options, err);
}

void command_print(struct buf *text)
{
    (void)say_text(stdout, text);
    buf_free(text);
}

bool command_print_json(struct buf *text)
{
    bool ok = escape_json(text, 0);

    if (!ok)
        buf_clear(text);
    command_print(text);
    return ok;
}
