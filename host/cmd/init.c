/* omnitron init: a customer's folder to start from. Its files are those of
 * scripts/init, inside the binary: init/all, and init/KIND. */
#include "cli/command.h"
#include "cli/show.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/json_put.h"
#include "journal/journal.h"
#include "lua/embedded.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct kind {
    const char *name;
    const char *templates; // in front of the names of its embedded files
    const char *secret;    // a file beside the token, or NULL
    bool takes_files;      // has an inbox, and an archive
};

/* scripts/cmd/init.lua says what each has. */
static const struct kind kinds[] = {
    {"csv", "init/csv/", NULL, true},
    {"odoo", "init/odoo/", "odoo.key", false},
    {"orders", "init/orders/", "erp.key", false},
    {0},
};

static const struct kind *find_kind(const char *name)
{
    const struct kind *kind = kinds;

    while (kind->name && strcmp(kind->name, name) != 0)
        kind++;
    return kind->name ? kind : NULL;
}

/* The name becomes a line of a crontab and of a shell. */
static bool check_name(const char *name, struct error *err)
{
    size_t good = strspn(name, "abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789._-/");

    if (name[0] == '\0' || name[0] == '-' || name[good] != '\0')
        return error_set(err, ERROR_USAGE,
            "\"%s\" is no name for a folder: it is made of a to z, digits, "
            "and . _ - between them, as in acme-tr",
            name);
    return true;
}

static bool make_folder(const char *path, struct error *err)
{
    if (mkdir(path, 0777) == 0)
        return true;
    if (errno == EEXIST)
        return error_set(err, ERROR_USAGE,
            "%s is there already: choose another name, or remove it", path);
    return error_set(err, ERROR_USAGE, "cannot make %s: %s", path,
        errno == ENOENT ? "the folder that it is to be in is not there"
                        : strerror(errno));
}

static bool write_file(const char *path, const void *bytes, size_t len,
    mode_t mode, struct error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    bool ok = fd >= 0 && file_write(fd, bytes, len);

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

static bool make_folder_in(
    const char *folder, const char *name, struct error *err)
{
    char path[PATH_MAX];

    return join(path, folder, name, err) && make_folder(path, err);
}

/* The text with @NAME@ filled in. */
static bool fill_in(
    const struct embedded *file, const char *folder, struct buf *out)
{
    const char *at = (const char *)file->bytes;
    const char *end = at + file->len;
    bool ok = true;

    while (ok && at < end) {
        const char *mark = memchr(at, '@', (size_t)(end - at));
        size_t plain = (size_t)((mark ? mark : end) - at);
        ok = buf_add(out, at, plain);
        at += plain;
        if (!mark)
            break;
        bool name = end - at >= 6 && memcmp(at, "@NAME@", 6) == 0;
        ok = ok && (name ? buf_puts(out, folder) : buf_putc(out, '@'));
        at += name ? 6 : 1;
    }
    return ok;
}

/* One of the kind's files; a folder that it lies in is made before. */
static bool write_template(const struct embedded *file, const char *name,
    const char *folder, struct error *err)
{
    char path[PATH_MAX], whole[PATH_MAX];
    struct buf text = {0};
    const char *slash = strchr(name, '/');

    if (slash) {
        snprintf(
            whole, sizeof whole, "%s/%.*s", folder, (int)(slash - name), name);
        if (access(whole, F_OK) != 0 && !make_folder(whole, err))
            return false;
    }
    if (!join(path, folder, name, err))
        return false;
    bool ok = fill_in(file, folder, &text)
                  ? write_file(path, text.data, text.len, 0666, err)
                  : error_memory(err);
    buf_free(&text);
    return ok;
}

static bool write_templates(
    const char *prefix, const char *folder, struct error *err)
{
    size_t len = strlen(prefix);

    for (const struct embedded *f = embedded_files; f->name; f++)
        if (strncmp(f->name, prefix, len) == 0 &&
            !write_template(f, f->name + len, folder, err))
            return false;
    return true;
}

/* What the editor completes scripts from, where .luarc.json looks for it. */
static bool write_types(const char *folder, struct error *err)
{
    const struct embedded *types = embedded_find("types/omnitron.lua");

    return write_template(types, ".types/omnitron.lua", folder, err);
}

static bool write_secret(
    const char *folder, const char *name, struct error *err)
{
    char path[PATH_MAX];

    return join(path, folder, name, err) && write_file(path, "", 0, 0600, err);
}

static bool fill(const char *folder, const struct kind *kind, struct error *err)
{
    char path[PATH_MAX];

    if (!write_templates("init/all/", folder, err) ||
        !write_templates(kind->templates, folder, err) ||
        !write_types(folder, err) || !write_secret(folder, "token", err))
        return false;
    if (kind->secret && !write_secret(folder, kind->secret, err))
        return false;
    if (kind->takes_files && (!make_folder_in(folder, "inbox", err) ||
                                 !make_folder_in(folder, "archive", err)))
        return false;
    return join(path, folder, "journal.db", err) && journal_make(path, err);
}

static bool make_all(
    const char *folder, const struct kind *kind, struct error *err)
{
    struct error why;

    if (!make_folder(folder, err))
        return false;
    return fill(folder, kind, &why) ||
           error_set(err, why.kind,
               "%s. What is in %s is not whole: remove it and try again",
               why.text, folder);
}

static bool say(const char *folder, const struct kind *kind, struct error *err)
{
    struct buf record = {0}, out = {0};
    bool ok = buf_putc(&record, '{') &&
              json_put_member_text(&record, "folder", folder) &&
              json_put_member_text(&record, "kind", kind->name) &&
              buf_putc(&record, '}');

    ok = (ok || error_memory(err)) &&
         show_once("init", NULL, &record, &out, err);
    if (ok)
        command_print(&out);
    buf_free(&record);
    buf_free(&out);
    return ok;
}

static int run(const struct arguments *args)
{
    const char *from = arguments_text(args, "from");
    const struct kind *kind = find_kind(from ? from : "csv");
    struct error err;
    char folder[PATH_MAX];
    bool ok = true;

    if (args->plain_count != 1)
        ok = error_set(
            &err, ERROR_USAGE, "init needs one name: omnitron init acme");
    else if (!kind)
        ok = error_set(&err, ERROR_USAGE,
            "--from is csv, odoo or orders, not \"%s\"", from);
    else
        ok = check_name(args->plain[0], &err);
    if (!ok)
        return command_fail(&err);
    snprintf(folder, sizeof folder, "%s", args->plain[0]);
    for (size_t n = strlen(folder); n > 1 && folder[n - 1] == '/';)
        folder[--n] = '\0';
    ok = journal_init(&err) && make_all(folder, kind, &err) &&
         say(folder, kind, &err);
    return ok ? 0 : command_fail(&err);
}

static const struct option_row options[] = {
    {"from", 0, "KIND", false, true,
        "csv (the default), odoo, orders: who has the data"},
    {0},
};

static bool values(const char *option, struct buf *out)
{
    bool ok = true;

    for (const struct kind *kind = kinds;
         ok && strcmp(option, "from") == 0 && kind->name; kind++)
        ok = buf_printf(out, "%s\n", kind->name);
    return ok;
}

const struct command command_init = {
    .name = "init",
    .usage = "init NAME [--from csv|odoo|orders]",
    .summary = "a customer folder to start from, with its journal",
    .options = options,
    .values = values,
    .run = run,
};
