/* omnitron check: what can be told of scripts without running them. */
#include "session/check.h"

#include "base/exit_code.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/command.h"
#include "cli/customer.h"
#include "session/script_path.h"

#include <string.h>

static bool all_readable(const struct arguments *args, struct error *err)
{
    if (args->plain_count == 0)
        return error_set(
            err, ERROR_USAGE, "check needs a script: omnitron check SCRIPT...");
    for (int i = 0; i < args->plain_count; i++)
        if (!script_readable(args->plain[i], err))
            return false;
    return true;
}

/* How many scripts from the first on have the same profile. */
static int same_profile(const struct arguments *args, int first)
{
    int n = 1;

    if (arguments_given(args, "profile"))
        return args->plain_count - first;
    char *one = profile_beside(args->plain[first]);
    while (one && first + n < args->plain_count) {
        char *other = profile_beside(args->plain[first + n]);
        bool same = other && strcmp(one, other) == 0;
        mem_free(other);
        if (!same)
            break;
        n++;
    }
    mem_free(one);
    return n;
}

static void say_more(const struct check_result *result)
{
    log_debug(
        "%ld %s checked", result->files, result->files == 1 ? "file" : "files");
}

/* What is not the caller's is ours: no script ran. */
static enum exit_code fail(const struct error *err)
{
    enum exit_code code = (enum exit_code)command_fail(err);

    return err->kind == ERROR_OTHER ? EXIT_FAULT : code;
}

/* A profile that is wrong hides nothing: the scripts are looked at without
 * it. */
static enum exit_code check_some(
    const struct arguments *args, int first, int count)
{
    struct customer customer = {0};
    struct check_result result = {0};
    struct error err;
    enum exit_code code = EXIT_DONE;

    if (!customer_load(&customer, arguments_text(args, "profile"),
            args->plain[first], &err)) {
        code = (enum exit_code)command_fail(&err);
        profile_defaults(&customer.profile);
    }
    struct check_options options = {
        &customer.profile, args->plain + first, count};
    if (!check_scripts(&options, &result, &err))
        code = exit_first(code, fail(&err));
    else if (result.found)
        code = exit_first(code, EXIT_SCRIPT);
    say_more(&result);
    command_print(&result.text);
    customer_free(&customer);
    return code;
}

static int run(const struct arguments *args)
{
    enum exit_code code = EXIT_DONE;
    struct error err;

    if (!command_open_log(args, &err) || !all_readable(args, &err))
        return command_fail(&err);
    for (int i = 0, n; i < args->plain_count; i += n) {
        n = same_profile(args, i);
        code = exit_first(code, check_some(args, i, n));
    }
    return (int)code;
}

static const struct option_row options[] = {
    {"profile", 0, "FILE", false, true,
        "another profile than the one beside the script"},
    COMMAND_LOG_OPTIONS,
    {0},
};

const struct command command_check = {
    .name = "check",
    .usage = "check [OPTION...] SCRIPT...",
    .summary = "look at scripts without running them",
    .details =
        "Whether each compiles, its profile, names that are never defined,\n"
        "fields that a module or a release does not have, modules that are\n"
        "not there; and what luacheck says, with the number by which a "
        "comment\n"
        "takes it back: -- luacheck: ignore 211\n"
        "\n"
        "Exit codes: 0 nothing found, 1 something found, 2 usage or profile.\n",
    .options = options,
    .run = run,
};
