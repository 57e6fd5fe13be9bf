#include "cmd/script.h"

#include "base/quote.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool script_readable(const char *path, struct error *err)
{
    struct stat st;

    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return error_set(err, ERROR_USAGE,
            "%s is a folder: name a script in it, as %s/release.lua", path,
            path);
    return access(path, R_OK) == 0 ||
           error_set(
               err, ERROR_USAGE, "cannot open %s: %s", path, strerror(errno));
}

bool script_named(const struct arguments *args, const char *command,
    struct state_script *script, struct error *err)
{
    if (args->plain_count == 0)
        return error_set(err, ERROR_USAGE,
            "%s needs a script: omnitron %s SCRIPT [ARG...]", command, command);
    script->path = args->plain[0];
    script->args = args->plain + 1;
    script->argc = args->plain_count - 1;
    return script_readable(script->path, err);
}

void script_label(const char *script, char *out)
{
    char folder[PATH_MAX], real[PATH_MAX];
    const char *slash = strrchr(script, '/');
    const char *name = NULL;

    snprintf(folder, sizeof folder, "%.*s",
        slash ? (int)(slash - script + 1) : 1, slash ? script : ".");
    if (realpath(folder, real))
        name = strrchr(real, '/') + 1;
    snprintf(out, SCRIPT_LABEL_MAX, "%s", name && name[0] ? name : "omnitron");
}

bool script_command(
    const struct arguments *args, const char *command, struct buf *out)
{
    const char *named = arguments_text(args, "profile");
    const char *script = args->plain[0], *slash = strrchr(script, '/');
    char folder[PATH_MAX];

    if (!buf_printf(out, "omnitron %s", command))
        return false;
    if (named)
        return buf_puts(out, " --profile ") && quote_put(out, named);
    if (!slash)
        return true;
    snprintf(folder, sizeof folder, "%.*s",
        slash == script ? 1 : (int)(slash - script), script);
    return buf_putc(out, ' ') && quote_put(out, folder);
}
