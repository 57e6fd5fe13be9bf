/* omnitron doctor: is this set-up right? */
#include "base/log.h"
#include "base/mem.h"
#include "base/secret.h"
#include "doctor/doctor_own.h"
#include "journal/journal.h"

#include <stdio.h>
#include <sys/stat.h>

/* In this order; each says what it found. */
static const struct {
    const char *name;
    doctor_check *check;
} checks[] = {
    {"profile", doctor_profile},
    {"token", doctor_token},
    {"network", doctor_network},
    {"clock", doctor_clock},
    {"first look", doctor_first_look},
    {"unknown", doctor_unknown},
    {"journal", doctor_journal},
    {"script", doctor_script},
    {"modules", doctor_modules},
    {"environment", doctor_environment},
};

static bool find_folder(struct doctor *d, struct error *err)
{
    const struct arguments *args = d->args;
    struct stat st;

    if (arguments_given(args, "yes"))
        return error_set(err, ERROR_USAGE, "--yes belongs to --repeat");
    if (args->plain_count > 1)
        return error_set(err, ERROR_USAGE, "doctor takes one folder");
    d->folder = args->plain_count ? args->plain[0] : NULL;
    return !d->folder || stat(d->folder, &st) == 0 ||
           error_set(err, ERROR_USAGE, "there is no folder %s", d->folder);
}

static bool start(struct doctor *d, char **beside, struct error *err)
{
    const char *named = arguments_text(d->args, "profile");

    if (!find_folder(d, err) || !journal_init(err))
        return false;
    *beside = named ? NULL : profile_beside(d->folder);
    d->profile_path = named ? named : *beside;
    return d->profile_path ? doctor_open(d, err) : error_memory(err);
}

static int examine(const struct arguments *args)
{
    struct doctor d = {.args = args, .exit = EXIT_DONE};
    char *beside = NULL;
    struct error err;

    if (!start(&d, &beside, &err)) {
        mem_free(beside);
        return command_fail(&err);
    }
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        log_debug("doctor: %s", checks[i].name);
        checks[i].check(&d);
        fflush(stdout);
    }
    doctor_verdict(&d);
    doctor_close(&d);
    contact_close(&d.contact);
    customer_free(&d.customer);
    mem_free(beside);
    return (int)d.exit;
}

static int repeat(const struct arguments *args)
{
    struct customer customer = {0};
    int code = doctor_repeat(args, &customer);

    customer_free(&customer);
    return code;
}

static int run(const struct arguments *args)
{
    struct error err;

    if (!command_open_log(args, &err))
        return command_fail(&err);
    return arguments_given(args, "repeat") ? repeat(args) : examine(args);
}

static const struct option_row options[] = {
    {"repeat", 0, "ITEM", false, true,
        "release a test ITEM as CODE twice, and tell"},
    {"yes", 0, NULL, false, true, "do it: the stock of that item goes"},
    {"profile", 0, "FILE", false, true, "the profile of the customer"},
    COMMAND_LOG_OPTIONS,
    {0},
};

const struct command command_doctor = {
    .name = "doctor",
    .usage = "doctor [FOLDER] [--repeat ITEM CODE --yes]",
    .summary = "is this set-up right?",
    .details =
        "Looks at the profile, the token and its file, the network and the\n"
        "host's certificate, this machine's clock, the prefix, the journal "
        "and\n"
        "its disk, the scripts and the environment. A line for each: ok, "
        "look,\n"
        "or bad with the way out. It logs in and reads as a run does before\n"
        "its first release, and releases nothing.\n"
        "\n"
        "--repeat does. Nobody has written down what an Omnitron does with a\n"
        "second release of one item. Ask it, with a test item on a test "
        "tenant:\n"
        "that is the evidence for when_unknown in the profile. Both attempts "
        "go\n"
        "into the journal.\n"
        "\n"
        "Exit codes: 0 when nothing is bad, else what a run would end with:\n"
        "    1  a script does not compile\n"
        "    2  profile, token file, rights, no journal or another's\n"
        "    5  no answer: the name, the network, the certificate\n"
        "    6  a person must act: token, prefix, redirect, the clock\n"
        "    7  the journal or its disk\n"
        "   11  another run has held the journal for more than an hour\n",
    .options = options,
    .run = run,
};
