/* SQLite's online backup, in steps. Between two of them nothing is held, so
 * that the WAL of a run can be reused; but "if the source database is modified
 * by an external process or via a database connection other than the one being
 * used by the backup operation, then the backup will be automatically
 * restarted by the next call" (SQLite, sqlite3_backup_step). A run that never
 * rests would never let it end, so after some restarts one moment is kept
 * until it is copied: no commit waits for that, and the WAL grows only for as
 * long as the copying takes. */
#include "history/backup.h"

#include "base/file_path.h"
#include "base/move.h"
#include "history/backup_target.h"
#include "journal/place.h"
#include "journal/row.h"
#include "journal/schema.h"
#include "journal/tempdb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { STEP_PAGES = 256, RESTARTS_MOST = 3 };

struct copying {
    struct view view; // of the journal
    const char *to;
    struct buf draft; // its name until it is complete
    bool there;       // an earlier copy is replaced
    struct backup_result *result;
};

static bool say(const struct copying *c, const char *why, struct error *err)
{
    return error_set(err, place_blame(errno), "cannot %s the backup %s: %s",
        why, c->to, strerror(errno));
}

/* Of two files at work, which one has failed shows in how. */
static bool say_copying(struct copying *c, int rc, struct error *err)
{
    int primary = rc & 0xff;

    if (primary == SQLITE_FULL || primary == SQLITE_IOERR)
        return error_set(err, ERROR_DISK,
            "the backup %s was not made: %s. Look after its disk and the "
            "journal's.",
            c->to, sqlite3_errstr(rc));
    return store_fail(&c->view.store, rc, err);
}

static bool is_kept(const struct copying *c)
{
    return !sqlite3_get_autocommit(c->view.store.db);
}

static bool keep_moment(struct copying *c, struct error *err)
{
    int64_t rows;

    return store_exec(&c->view.store, "BEGIN", err) &&
           store_number(
               &c->view.store, "SELECT count(*) FROM meta", &rows, err);
}

/* A step that leaves no less than the one before it was a new beginning. */
static bool count_restart(struct copying *c, struct error *err)
{
    c->result->restarts++;
    return c->result->restarts < RESTARTS_MOST || is_kept(c) ||
           keep_moment(c, err);
}

static bool copy_all(
    struct copying *c, sqlite3_backup *backup, struct error *err)
{
    int rc = SQLITE_OK, before = INT_MAX;

    while (rc == SQLITE_OK) {
        rc = sqlite3_backup_step(backup, STEP_PAGES);
        int left = sqlite3_backup_remaining(backup);
        if (rc == SQLITE_OK && left >= before && !count_restart(c, err))
            return false;
        before = left;
    }
    return rc == SQLITE_DONE || say_copying(c, rc, err);
}

static bool copy_into(struct copying *c, struct store *store, struct error *err)
{
    sqlite3_backup *backup =
        sqlite3_backup_init(store->db, "main", c->view.store.db, "main");
    bool ok;

    if (!backup)
        return say_copying(c, sqlite3_errcode(store->db), err);
    ok = copy_all(c, backup, err);
    int rc = sqlite3_backup_finish(backup);
    store_rollback(&c->view.store);
    return ok && (rc == SQLITE_OK || say_copying(c, rc, err));
}

/* Opens the copy in one way, and does one thing with it. */
static bool with_draft(struct copying *c, const char *how, int flags,
    bool (*use)(struct copying *c, struct store *store, struct error *err),
    struct error *err)
{
    struct store store = {.name = c->to};
    struct buf uri = {0};
    bool ok = store_uri(&uri, buf_text(&c->draft), how)
                  ? store_open(&store, uri.data, flags | SQLITE_OPEN_URI, err)
                  : error_memory(err);

    ok = ok && use(c, &store, err);
    store_close(&store, false);
    buf_free(&uri);
    return ok;
}

/* No locks: nobody knows the file's name, and where it is going (a disk of
 * another machine, often) there may be none. */
static bool copy_once(struct copying *c, struct error *err)
{
    return with_draft(
        c, "vfs=unix-none", SQLITE_OPEN_READWRITE, copy_into, err);
}

/* What was read of a journal that a run has begun to write does not count. */
static bool copy(struct copying *c, struct error *err)
{
    bool ok = copy_once(c, err);

    if (view_settled(&c->view))
        return ok;
    c->result->restarts++;
    return view_again(&c->view, err) && copy_once(c, err);
}

static bool is_whole(struct store *store, bool *whole, struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(store, "PRAGMA integrity_check(1)", err);
    const char *words = NULL;
    int rc;

    if (!stmt)
        return false;
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        words = row_text(stmt, 0);
    *whole = words && strcmp(words, "ok") == 0;
    if (!words)
        store_fail(store, rc == SQLITE_ROW ? SQLITE_NOMEM : rc, err);
    sqlite3_finalize(stmt);
    return words != NULL;
}

static bool look_at_copy(
    struct copying *c, struct store *store, struct error *err)
{
    struct backup_result *result = c->result;
    int64_t pages = 0, page = 0;
    bool whole = false;
    int version;

    if (!schema_look(store, &version, err) || !is_whole(store, &whole, err))
        return false;
    if (!whole)
        return error_set(err, ERROR_DISK,
            "the backup %s was not made: its copy is damaged. See whether "
            "the journal is: omnitron journal verify.",
            c->to);
    if (!store_number(store, "SELECT coalesce(max(id), 0) FROM run",
            &result->runs, err) ||
        !store_number(
            store, "SELECT count(*) FROM release", &result->releases, err) ||
        !store_number(store, "PRAGMA page_count", &pages, err) ||
        !store_number(store, "PRAGMA page_size", &page, err))
        return false;
    result->bytes = pages * page;
    return true;
}

static bool check_copy(struct copying *c, struct error *err)
{
    return with_draft(
        c, "immutable=1", SQLITE_OPEN_READONLY, look_at_copy, err);
}

static bool sync_copy(struct copying *c, struct error *err)
{
    int fd = open(buf_text(&c->draft), O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (!ok)
        say(c, "keep", err);
    if (fd >= 0)
        close(fd);
    return ok;
}

/* Where none was, none that came meanwhile is replaced; but for file systems
 * that know neither that nor links. */
static bool give_name(struct copying *c, struct error *err)
{
    const char *from = buf_text(&c->draft);
    char folder[PATH_MAX];
    bool ok = !c->there && move_to_new(from, c->to);

    if (!ok &&
        (c->there || errno == EPERM || errno == ENOSYS || errno == EOPNOTSUPP))
        ok = rename(from, c->to) == 0;
    if (!ok)
        return say(c, "name", err);
    (void)file_path_folder(c->to, folder);
    return place_sync_folder(folder, err);
}

static bool make_copy(struct copying *c, struct error *err)
{
    if (!buf_printf(&c->draft, "%s.new-%ld", c->to, (long)getpid()))
        return error_memory(err);
    if (!tempdb_make(buf_text(&c->draft)))
        return say(c, "make", err);
    if (copy(c, err) && check_copy(c, err) && sync_copy(c, err) &&
        give_name(c, err))
        return true;
    tempdb_remove(buf_text(&c->draft));
    return false;
}

bool backup(const char *path, const char *to, struct backup_result *result,
    struct error *err)
{
    struct copying c = {.to = to, .result = result};
    bool ok;

    *result = (struct backup_result){0};
    if (!view_open(&c.view, path, err))
        return false;
    ok = backup_target_check(&c.view, to, &c.there, err) && make_copy(&c, err);
    buf_free(&c.draft);
    view_close(&c.view);
    return ok;
}
