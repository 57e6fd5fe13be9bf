/* main.c: argv -> a row of the command table. */
#include "base/exit_code.h"
#include "base/log.h"
#include "base/protected.h"
#include "base/secret.h"
#include "base/spelling.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cmd/version.h"
#include "journal/bus.h"
#include "net/environment.h"
#include "profile/profile.h"

#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As --help and the manual list them. */
static const struct command *const commands[] = {&command_run, &command_plan,
    &command_check, &command_test, &command_repl, &command_init,
    &command_doctor, &command_cron, &command_journal, &command_why,
    &command_report, &command_status, &command_recall, &command_remember,
    &command_forget, &command_mock, &command_help, NULL};

static const struct command *find(const char *name)
{
    for (const struct command *const *c = commands; *c; c++)
        if (strcmp((*c)->name, name) == 0)
            return *c;
    return NULL;
}

static int run_command(const struct command *command, int argc, char **argv)
{
    struct arguments args;
    struct error err;

    if (!arguments_read(&args, command->options, argc, argv, &err) ||
        (!command->script && !arguments_own(&args, &err)))
        return command_fail(&err);
    if (args.help)
        return help_one(command);
    return command->run ? command->run(&args) : help_run(commands, &args);
}

/* An option in the place of a command: of the program, or none. */
static int run_option(const char *word)
{
    static const char *const names[] = {"--help", "--version"};
    const char *near = spelling_nearest(word, names, 2);
    struct error err;

    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        return help_all(commands);
    if (strcmp(word, "--version") == 0)
        return version_say();
    error_set(&err, ERROR_USAGE,
        "there is no option %s here%s%s%s (there are: --help, --version; a "
        "command comes before its options)",
        word, near ? ", did you mean " : "", near ? near : "", near ? "?" : "");
    return command_fail(&err);
}

static int dispatch(int argc, char **argv)
{
    struct error err;

    if (argc < 2)
        return help_all(commands);
    if (argv[1][0] == '-')
        return run_option(argv[1]);
    const struct command *command = find(argv[1]);
    if (command)
        return run_command(command, argc - 2, argv + 2);
    if (access(argv[1], F_OK) == 0)
        return run_command(&command_run, argc - 1, argv + 1);
    error_set(&err, ERROR_USAGE,
        "there is no command and no script %s; see omnitron --help", argv[1]);
    return command_fail(&err);
}

struct words {
    int argc;
    char **argv;
    int code;
};

static void do_words(void *arg)
{
    struct words *words = arg;

    words->code = dispatch(words->argc, words->argv);
}

/* A journal's -shm that was cut short under a command that looks: what the
 * command had made is left where it is, so nothing is taken down in order. */
static _Noreturn void leave(void)
{
    struct error err;

    bus_fail(NULL, &err);
    int code = command_fail(&err);
    fflush(stdout);
    log_close();
    _exit(code);
}

/* Who reads no further, as head does, has what he wanted; a signal does not
 * wait for who reads nothing. Anything else that kept the output from being
 * written is said, and the code tells it. */
static int finish_output(int code)
{
    struct pollfd reader = {.fd = STDOUT_FILENO, .events = POLLOUT};
    struct error err;

    bool signalled = code == EXIT_SIGINT || code == EXIT_SIGTERM;
    if ((fflush(stdout) == 0 && !ferror(stdout)) || signalled)
        return code;
    if (poll(&reader, 1, 0) == 1 && (reader.revents & POLLERR))
        return code;
    error_set(&err, ERROR_DISK, "what this command says could not be written");
    command_fail(&err);
    return (int)exit_first((enum exit_code)code, EXIT_DISK);
}

/* Nobody is asked for anything by these, and a run must not die of them. */
static void ignore_strange_signals(void)
{
    static const int strange[] = {
        SIGUSR1, SIGUSR2, SIGALRM, SIGPROF, SIGIO, SIGSTKFLT};

    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
        signal(strange[i], SIG_IGN);
    for (int number = SIGRTMIN; number <= SIGRTMAX; number++)
        signal(number, SIG_IGN);
}

int main(int argc, char **argv)
{
    struct words words = {.argc = argc, .argv = argv};
    struct error err;

    secret_forbid_core();
    /* Never the user's: Lua's lower and %a would follow it, and a Turkish one
     * has other letters. Without this one it stays "C", which has the same. */
    setlocale(LC_CTYPE, "C.UTF-8");
    umask(umask(0) | 022); // what others can write is not believed
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); // a limit is as a full disk
    ignore_strange_signals();
    environment_clean();
    if (!profile_take_environment(&err))
        return command_fail(&err);
    if (!bus_guard(do_words, &words))
        leave();
    int code = finish_output(words.code);
    profile_forget_environment();
    log_close();
    protected_forget();
    return code;
}
