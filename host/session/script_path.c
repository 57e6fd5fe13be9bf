#include "session/script_path.h"

#include "base/escape.h"
#include "base/file_path.h"
#include "base/trust.h"

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
    if (access(path, R_OK) != 0)
        return error_set(
            err, ERROR_USAGE, "cannot open %s: %s", path, strerror(errno));
    return trust_path(path, err);
}

/* Where an option of the command's own stands among what a script is given; 0
 * when none does. */
static int find_misplaced(const struct arguments *args)
{
    for (int i = 1; i < args->open_count; i++)
        if (arguments_row(args->rows, args->plain[i]))
            return i;
    return 0;
}

/* Adds " --only 46761" of the words from plain[*at]; it ends at the last. */
static bool put_option(const struct arguments *args, int *at, struct buf *out)
{
    const char *word = args->plain[*at], *equals = strchr(word, '=');
    const struct option_row *row = arguments_row(args->rows, word);
    const char *value = row->value;

    if (equals)
        value = equals + 1;
    else if (value && *at + 1 < args->open_count)
        value = args->plain[++*at];
    return buf_printf(out, " --%s", row->name) &&
           (!value || (buf_putc(out, ' ') && escape_put_word(out, value)));
}

static bool put_word(struct buf *out, const char *word)
{
    return buf_putc(out, ' ') && escape_put_word(out, word);
}

/* Adds the command line that was meant: with all options in front. */
static bool put_meant(
    const struct arguments *args, const char *command, struct buf *out)
{
    struct buf rest = {0};
    bool ended = args->open_count < args->plain_count;
    bool ok = buf_printf(out, "omnitron %s", command);

    for (char **word = args->words; ok && word < args->plain; word++)
        ok = put_word(out, *word);
    for (int i = 0; ok && i < args->plain_count; i++) {
        if (ended && i == args->open_count)
            ok = buf_puts(&rest, " --");
        ok = ok && (i > 0 && i < args->open_count &&
                               arguments_row(args->rows, args->plain[i])
                           ? put_option(args, &i, out)
                           : put_word(&rest, args->plain[i]));
    }
    ok = ok && buf_add(out, rest.data, rest.len);
    buf_free(&rest);
    return ok;
}

static bool refuse_misplaced(const struct arguments *args, const char *command,
    int at, struct error *err)
{
    const char *word = args->plain[at];
    struct buf meant = {0};
    bool ok = put_meant(args, command, &meant);

    if (ok)
        error_set(err, ERROR_USAGE,
            "%.*s stands behind the script, where it would be the script's "
            "own. Write: %.500s; or put -- before it, if the script wants it. "
            "Nothing was sent.",
            (int)strcspn(word, "="), word, meant.data);
    else
        error_memory(err);
    buf_free(&meant);
    return false;
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
    int misplaced = find_misplaced(args);
    return script_readable(script->path, err) &&
           (!misplaced || refuse_misplaced(args, command, misplaced, err));
}

void script_label(const char *script, char *out)
{
    char folder[PATH_MAX], real[PATH_MAX];
    const char *name = "";

    if (file_path_folder(script, folder) && realpath(folder, real))
        name = file_path_name(real);
    snprintf(out, SCRIPT_LABEL_MAX, "%s", name[0] ? name : "omnitron");
}

bool script_command(
    const struct arguments *args, const char *command, struct buf *out)
{
    const char *named = arguments_text(args, "profile");
    const char *script = args->plain[0];
    char folder[PATH_MAX];

    if (!buf_printf(out, "omnitron %s", command))
        return false;
    if (named)
        return buf_puts(out, " --profile ") && escape_put_word(out, named);
    if (file_path_head(script) == 0)
        return true;
    return file_path_folder(script, folder) && buf_putc(out, ' ') &&
           escape_put_word(out, folder);
}
