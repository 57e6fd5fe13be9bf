/* What is relied on, from SQLite's documentation and tried with 3.40:
 *
 * - A connection with SQLITE_OPEN_READONLY never writes journal.db or its
 *   -wal. It may build the -shm anew, which holds nothing that counts
 *   ("the shm file does not contain any database content and is not required
 *   to recover the database following a crash": WAL-mode File Format). It
 *   cannot checkpoint when it closes, and SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE
 *   forbids it to try.
 * - The last writer to close deletes -wal and -shm, and a reader that comes
 *   then would make both anew ("Write-Ahead Logging", Read-Only Databases:
 *   they must exist, or "those files can be created", or the database is
 *   opened as immutable). Making files is not looking, so then it is opened
 *   with immutable=1: no locks, no WAL. That is wrong as soon as somebody
 *   writes; but a writer makes the -wal before anything else, and when it
 *   goes away again it has changed journal.db. So both are looked at after
 *   the reading: if anything moved, what was read is thrown away and read
 *   again as beside any run.
 * - Looking is stat(): opening and closing the file would drop the locks of
 *   a journal that this process has open.
 *
 * In a folder that this user cannot write, a WAL without a -shm can be read
 * by nobody; then the message says what to copy where. */
#include "journal/view.h"

#include "base/buf.h"
#include "base/mem.h"
#include "journal/place.h"
#include "journal/schema.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Whether a run's file lies beside the journal; unsure counts as there. */
static bool beside(const struct view *view, const char *end)
{
    char path[PATH_MAX + 16];
    struct stat st;

    snprintf(path, sizeof path, "%s%s", view->real, end);
    return stat(path, &st) == 0 || errno != ENOENT;
}

static bool in_use(const struct view *view)
{
    return beside(view, "-wal") || beside(view, "-journal");
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool unchanged(const struct view *view)
{
    struct stat now;

    return stat(view->real, &now) == 0 && now.st_dev == view->before.st_dev &&
           now.st_ino == view->before.st_ino &&
           now.st_size == view->before.st_size &&
           same_time(&now.st_mtim, &view->before.st_mtim) &&
           same_time(&now.st_ctim, &view->before.st_ctim);
}

bool view_settled(struct view *view)
{
    return !view->immutable || (!in_use(view) && unchanged(view));
}

static bool connect_file(struct view *view, struct error *err)
{
    struct buf uri = {0};
    bool ok = store_uri(
        &uri, view->real, view->immutable ? "immutable=1" : "mode=ro");

    ok = ok ? store_open(&view->store, uri.data,
                  SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err)
            : error_memory(err);
    buf_free(&uri);
    return ok;
}

static bool say_locked_in(const struct view *view, struct error *err)
{
    return error_set(err, ERROR_USAGE,
        "the journal %s cannot be read in a folder that this user cannot "
        "write: its last run left a write-ahead log. Copy it and its -wal to "
        "another folder and look there.",
        view->store.name);
}

/* Refuses what is not ours or newer; an older one is read as it is. */
static bool look(struct view *view, struct error *err)
{
    int version = 0;

    if (!schema_look(&view->store, &version, err)) {
        int rc = sqlite3_errcode(view->store.db) & 0xff;

        if (rc == SQLITE_CANTOPEN && beside(view, "-wal"))
            say_locked_in(view, err);
        return false;
    }
    view->old = version < schema_version();
    return schema_show(&view->store, version, err);
}

static bool connect_once(struct view *view, struct error *err)
{
    if (!connect_file(view, err))
        return false;
    if (look(view, err))
        return true;
    store_close(&view->store, false);
    return false;
}

bool view_again(struct view *view, struct error *err)
{
    store_close(&view->store, false);
    view->immutable = false;
    return connect_once(view, err);
}

static bool connect_first(struct view *view, struct error *err)
{
    bool ok;

    if (!place_find(view->name, view->real, err) ||
        !place_check_beside(view->real, view->name, err))
        return false;
    if (stat(view->real, &view->before) != 0)
        return error_set(err, ERROR_USAGE, "cannot look at the journal %s: %s",
            view->name, strerror(errno));
    view->immutable = !in_use(view);
    ok = connect_once(view, err);
    return view_settled(view) ? ok : view_again(view, err);
}

bool view_open(struct view *view, const char *name, struct error *err)
{
    memset(view, 0, sizeof *view);
    view->name = mem_strdup(name);
    if (!view->name)
        return error_memory(err);
    view->store.name = view->name;
    if (connect_first(view, err))
        return true;
    mem_free(view->name);
    view->name = NULL;
    return false;
}

void view_close(struct view *view)
{
    store_close(&view->store, false);
    mem_free(view->name);
}
