/* omnitron help: see help.h. */
#include "cli/help.h"

#include "base/exit_code.h"

#include <stdio.h>
#include <string.h>

int help_all(const struct command *const *commands)
{
    puts("omnitron releases stock reservations in Akinon's Omnitron.\n");
    for (const struct command *const *c = commands; *c; c++)
        printf("  %-9s %s\n", (*c)->name, (*c)->summary);
    puts("\n`omnitron SCRIPT` is short for `omnitron run SCRIPT`.\n"
         "`omnitron COMMAND --help` says how one is used, omnitron(1) all of "
         "it.\n");
    puts("Four words for no:\n"
         "  rejected: the host said no.\n"
         "  invalid:  your data.\n"
         "  failed:   your rule.\n"
         "  conflict: the item has another code already.");
    return EXIT_DONE;
}

int help_one(const struct command *command)
{
    struct buf options = {0};

    printf("omnitron %s\n  %s\n\n", command->usage, command->summary);
    if (arguments_help(command->options, &options))
        fputs(buf_text(&options), stdout);
    if (command->details)
        printf("\n%s", command->details);
    buf_clear(&options);
    if (command->more && command->more(&options))
        fputs(buf_text(&options), stdout);
    buf_free(&options);
    return EXIT_DONE;
}

static int print(const struct command *const *commands,
    bool (*put)(const struct command *const *commands, struct buf *out))
{
    struct buf out = {0};
    struct error err;

    if (put(commands, &out)) {
        command_print(&out);
        return EXIT_DONE;
    }
    buf_free(&out);
    error_memory(&err);
    return command_fail(&err);
}

int help_run(
    const struct command *const *commands, const struct arguments *args)
{
    const char *name = args->plain_count ? args->plain[0] : NULL;
    struct error err;

    if (arguments_given(args, "json"))
        return print(commands, help_json);
    if (arguments_given(args, "bash"))
        return print(commands, help_bash);
    if (!name)
        return help_all(commands);
    for (const struct command *const *c = commands; *c; c++)
        if (strcmp((*c)->name, name) == 0)
            return help_one(*c);
    error_set(&err, ERROR_USAGE, "there is no command %s", name);
    return command_fail(&err);
}

static const struct option_row options[] = {
    {"json", 0, NULL, false, true,
        "all commands, options, profile keys and exit codes"},
    {"bash", 0, NULL, false, true, "a script that completes them in bash"},
    {0},
};

const struct command command_help = {
    .name = "help",
    .usage = "help [COMMAND] [OPTION...]",
    .summary = "what the commands are, and how each is used",
    .options = options,
};
