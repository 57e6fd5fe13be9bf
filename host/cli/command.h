/* command.h: the commands, one row each. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/arguments.h"

struct command {
    const char *name;
    const char *usage;             // behind "omnitron "
    const char *summary;           // one line
    const char *details;           // more lines of --help, or NULL
    bool (*more)(struct buf *out); // adds lines behind those; or NULL
    const struct option_row *options;
    bool script; // what follows the first plain word is a script's own
    /* A word that the command takes first, from 0, and the options that
     * belong to it but for --profile and --journal, to a NULL; NULL behind the
     * last. Or NULL. */
    const char *(*word)(size_t n, const char *const **options);
    /* Adds a line for each value that is known of an option, the value in
     * front; none for the others. Or NULL. */
    bool (*values)(const char *option, struct buf *out);
    /* Returns the exit code; says itself what went wrong. NULL: help, which
     * needs the other commands. */
    int (*run)(const struct arguments *args);
};

/* Ends with a NULL name. */
extern const struct command command_run, command_plan, command_check,
    command_mock, command_init, command_journal, command_doctor, command_test,
    command_repl, command_why, command_report, command_recall, command_remember,
    command_forget, command_cron, command_status, command_help;

/* Says an error as people see it and returns its exit code. */
int command_fail(const struct error *err);

/* --log-file, --log-format, -v, -q: opens the log by them. */
bool command_open_log(const struct arguments *args, struct error *err);

/* Prints to stdout, secrets masked; frees the text. */
void command_print(struct buf *text);

/* The same for JSON, which hides nothing from who reads it on a terminal.
 * False: no memory, and nothing was printed. */
bool command_print_json(struct buf *text);

/* What every command that runs understands. */
#define COMMAND_LOG_OPTIONS                                                    \
    {"verbose", 'v', NULL, false, false, "say more"},                          \
        {"quiet", 'q', NULL, false, false, "say errors only"},                 \
        {"log-file", 0, "FILE", false, false, "append what is said to FILE"},  \
    {                                                                          \
        "log-format", 0, "text|json", false, false, "how lines on stderr look" \
    }

#endif
