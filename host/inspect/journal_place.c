#include "base/escape.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/protected.h"
#include "inspect/journal_own.h"
#include "profile/profile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { HOST_MAX = 200 };

/* `text` behind `before`, as a shell reads it back. False: it does not fit. */
static bool quote(const char *before, const char *text, char *out, size_t size)
{
    struct buf quoted = {0};
    bool ok = buf_puts(&quoted, before) && escape_put_word(&quoted, text) &&
              quoted.len < size;

    if (ok)
        memcpy(out, quoted.data, quoted.len + 1);
    buf_free(&quoted);
    return ok;
}

static bool by_profile(
    const char *path, struct journal_place *place, struct error *err)
{
    struct profile profile = {0};
    bool ok = profile_load(path, &profile, err);

    if (ok)
        snprintf(place->path, sizeof place->path, "%s", profile.journal);
    profile_free(&profile);
    return ok;
}

/* A folder with neither a profile nor a journal is most likely the wrong one;
 * a new journal there would know nothing of what was sent. */
static bool by_folder(const char *folder, bool is_new,
    struct journal_place *place, struct error *err)
{
    snprintf(place->path, sizeof place->path, "%s%sjournal.db",
        folder ? folder : "", folder ? "/" : "");
    if (folder && !quote("", folder, place->folder, sizeof place->folder))
        return error_memory(err);
    return is_new || access(place->path, F_OK) == 0 ||
           error_set(err, ERROR_USAGE,
               "there is no profile.lua and no journal.db in %s: "
               "--profile FILE says which customer, --journal FILE which "
               "journal",
               folder ? folder : "this folder");
}

static bool by_name(const char *path, const char *folder,
    struct journal_place *place, struct error *err)
{
    if (folder)
        return error_set(err, ERROR_USAGE,
            "a folder or --journal FILE says which journal, not both");
    return ((size_t)snprintf(place->path, sizeof place->path, "%s", path) <
                   sizeof place->path &&
               quote(" --journal ", path, place->named, sizeof place->named)) ||
           error_set(
               err, ERROR_USAGE, "--journal: the name of the file is too long");
}

static bool by_folder_or_profile(const struct arguments *args,
    const char *folder, bool is_new, struct journal_place *place,
    struct error *err)
{
    const char *named = arguments_text(args, "profile");
    char *beside = named ? NULL : profile_beside(folder);
    const char *path = named ? named : beside;
    bool ok;

    if (!path)
        return error_memory(err);
    if (!named && access(path, F_OK) != 0) {
        ok = by_folder(folder, is_new, place, err);
    } else {
        ok = by_profile(path, place, err);
        if (ok && (named || folder) &&
            !quote(" --profile ", path, place->named, sizeof place->named))
            ok = error_memory(err);
    }
    mem_free(beside);
    return ok;
}

static bool find(const struct arguments *args, const char *folder, bool is_new,
    struct journal_place *place, struct error *err)
{
    const char *journal = arguments_text(args, "journal");

    memset(place, 0, sizeof *place);
    return (journal ? by_name(journal, folder, place, err)
                    : by_folder_or_profile(args, folder, is_new, place, err)) &&
           protected_add(PROTECTED_JOURNAL, place->path, err) && log_check(err);
}

/* Who asks about a journal has one somewhere: a new one would know nothing. */
static bool is_there(const struct journal_place *place, struct error *err)
{
    return access(place->path, F_OK) == 0 ||
           (errno != ENOENT && errno != ENOTDIR) ||
           error_set(err, ERROR_USAGE,
               "there is no journal at %s. Look in the customer's folder, or "
               "say which one: --profile FILE, --journal FILE.",
               place->path);
}

bool journal_place_find(const struct arguments *args, const char *folder,
    struct journal_place *place, struct error *err)
{
    return find(args, folder, false, place, err) && is_there(place, err);
}

bool journal_place_of_new(const struct arguments *args, const char *folder,
    struct journal_place *place, struct error *err)
{
    return find(args, folder, true, place, err);
}

bool journal_put_host(const char *url, struct buf *out)
{
    const char *scheme = strstr(url, "://");

    return escape_put(out,
        scheme   ? scheme + 3
        : url[0] ? url
                 : "the host",
        HOST_MAX);
}

bool journal_read_host(
    struct reader *reader, struct buf *out, struct error *err)
{
    struct buf url = {0};
    bool ok = reader_host(reader, &url, err) &&
              (journal_put_host(buf_text(&url), out) || error_memory(err));

    buf_free(&url);
    return ok;
}
