/* A new journal is made complete under a name of its own and then given its
 * real one: nobody ever sees half of it. */
#include "base/file_path.h"
#include "journal/journal.h"

#include "base/buf.h"
#include "base/move.h"
#include "base/trust.h"
#include "journal/place.h"
#include "journal/rollback.h"
#include "journal/schema.h"
#include "journal/tempdb.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool say(const char *what, const char *path, struct error *err)
{
    return error_set(err, place_blame(errno), "cannot %s the journal %s: %s",
        what, path, strerror(errno));
}

static bool say_there(const char *path, struct error *err)
{
    return error_set(err, ERROR_USAGE,
        "%s is already there and stays as it is. A journal is made once: "
        "name another path for another customer.",
        path);
}

static bool fill(const char *path, const char *name, struct error *err)
{
    struct store store = {.name = name};
    bool ok;

    if (!store_open(&store, path, SQLITE_OPEN_READWRITE, err))
        return false;
    ok = store_exec(&store, "PRAGMA synchronous = FULL", err) &&
         schema_create(&store, err) &&
         store_exec(&store, "PRAGMA journal_mode = WAL", err);
    store_close(&store, true);
    return ok;
}

static bool give_name(const char *from, const char *path, struct error *err)
{
    if (move_to_new(from, path))
        return true;
    return errno == EEXIST ? say_there(path, err) : say("make", path, err);
}

static bool make_as(
    const char *from, const char *path, const char *folder, struct error *err)
{
    if (!tempdb_make(from))
        return say("make", path, err);
    if (!fill(from, path, err) || !give_name(from, path, err)) {
        tempdb_remove(from);
        return false;
    }
    if (place_sync_folder(folder, err)) {
        rollback_forget(path);
        return true;
    }
    tempdb_remove(path);
    return false;
}

bool journal_make(const char *path, struct error *err)
{
    char folder[PATH_MAX];
    struct buf from = {0};
    struct stat st;
    bool ok;

    if (lstat(path, &st) == 0)
        return say_there(path, err);
    if (errno != ENOENT)
        return say("make", path, err);
    (void)file_path_folder(path, folder);
    if (!trust_folder_of(path, err) || !place_check_kind(folder, path, err) ||
        !place_check_room(folder, err))
        return false;
    if (buf_printf(&from, "%s.new-%ld", path, (long)getpid()))
        ok = make_as(from.data, path, folder, err);
    else
        ok = error_memory(err);
    buf_free(&from);
    return ok;
}
