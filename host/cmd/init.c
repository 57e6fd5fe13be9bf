/* omnitron init: a customer's folder to start from. */
#include "cmd/command.h"

#include "base/log.h"
#include "journal/journal.h"
#include "runtime/embedded.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMPLATE "init/csv/"

static bool make_folder(const char *path, struct error *err)
{
    return mkdir(path, 0777) == 0 ||
           error_set(err, ERROR_USAGE,
               errno == EEXIST
                   ? "%s is there already: choose another name, or remove it%s"
                   : "cannot make %s: %s",
               path, errno == EEXIST ? "" : strerror(errno));
}

static bool write_file(const char *path, const void *bytes, size_t len,
    mode_t mode, struct error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    bool ok = fd >= 0 && write(fd, bytes, len) == (ssize_t)len;

    if (fd >= 0)
        ok = close(fd) == 0 && ok;
    return ok || error_set(err, ERROR_USAGE, "cannot write %s: %s", path,
                     strerror(errno));
}

static bool join(
    char *out, const char *folder, const char *name, struct error *err)
{
    int n = snprintf(out, PATH_MAX, "%s/%s", folder, name);

    return (n > 0 && n < PATH_MAX) ||
           error_set(err, ERROR_USAGE, "the name is too long");
}

static bool write_templates(const char *folder, struct error *err)
{
    char path[PATH_MAX];
    size_t prefix = strlen(TEMPLATE);

    for (const struct embedded *f = embedded_files; f->name; f++) {
        if (strncmp(f->name, TEMPLATE, prefix) != 0)
            continue;
        if (!join(path, folder, f->name + prefix, err) ||
            !write_file(path, f->bytes, f->len, 0666, err))
            return false;
    }
    return true;
}

static bool make_all(const char *folder, struct error *err)
{
    char path[PATH_MAX];

    return make_folder(folder, err) && write_templates(folder, err) &&
           join(path, folder, "token", err) &&
           write_file(path, "", 0, 0600, err) &&
           join(path, folder, "inbox", err) && make_folder(path, err) &&
           join(path, folder, "archive", err) && make_folder(path, err) &&
           join(path, folder, "journal.db", err) && journal_make(path, err);
}

static void say(const char *name)
{
    printf("Made %s/:\n"
           "  profile.lua     1. the address of the customer's Omnitron\n"
           "  token           2. the API token (mode 0600, empty now)\n"
           "  rules.lua       3. which ERP code goes with which order item\n"
           "  rules_test.lua     the rule's tests: omnitron test %s\n"
           "  release.lua        what cron runs\n"
           "  inbox/ archive/    where the ERP drops its files, and where "
           "they go\n"
           "  sample.csv         8 lines to try with\n"
           "  journal.db         what was sent. Keep it: without it "
           "everything goes again\n"
           "Try the rule now, no token needed:\n"
           "  omnitron run -v --mock %s/release.lua %s/sample.csv\n"
           "When 1 and 2 are filled in:\n"
           "  omnitron run %s/release.lua %s/inbox/lines.csv\n",
        name, name, name, name, name, name);
}

static int run(const struct arguments *args)
{
    const char *from = arguments_text(args, "from");
    struct error err;
    bool ok = true;

    if (args->plain_count != 1)
        ok = error_set(
            &err, ERROR_USAGE, "init needs one name: omnitron init acme");
    else if (from && strcmp(from, "csv") != 0)
        ok = error_set(&err, ERROR_USAGE, "--from is csv, not \"%s\"", from);
    else
        ok = journal_init(&err) && make_all(args->plain[0], &err);
    if (!ok)
        return command_fail(&err);
    say(args->plain[0]);
    return 0;
}

static const struct option_row options[] = {
    {"from", 0, "csv", false, true, "what the ERP delivers"},
    {0},
};

const struct command command_init = {
    .name = "init",
    .usage = "init NAME",
    .summary = "a customer folder to start from, with its journal",
    .options = options,
    .run = run,
};
