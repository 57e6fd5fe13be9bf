#include "history/health.h"

#include "base/file_path.h"
#include "journal/bind.h"
#include "journal/lock.h"
#include "journal/place.h"
#include "journal/rollback.h"
#include "journal/run_row.h"
#include "journal/view.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { PATH_ROOM = PATH_MAX + 16 };

static bool is_fine(const struct error *err)
{
    return err->text[0] == '\0';
}

/* The disk counts where there is no journal, too: one is to come. */
static void look_at_disk(
    const char *where, const char *name, struct journal_health *health)
{
    struct statfs fs;

    if (!place_check_kind(where, name, &health->disk) ||
        statfs(where, &fs) != 0)
        return;
    health->free = (uint64_t)fs.f_bavail * (uint64_t)fs.f_bsize;
    place_enough(health->free, &health->disk);
}

/* A run that begins while the lock is looked at would take that for a run; so
 * it is only asked when the process that wrote its name there is alive. */
static void look_at_lock(const char *real, struct journal_health *health)
{
    struct journal_holder holder = {0};

    if (!lock_holder(real, &holder) || holder.process <= 0 ||
        (kill((pid_t)holder.process, 0) != 0 && errno == ESRCH) ||
        !lock_held(real))
        return;
    health->held = true;
    health->holder = holder;
}

static bool may_use(const char *path, int mode, const char *name, bool must_be,
    struct error *err)
{
    if (access(path, mode) == 0 || (!must_be && errno == ENOENT))
        return true;
    return error_set(err, place_blame(errno),
        "%s cannot be %s: %s. The journal %s and its folder must be this "
        "user's to write.",
        path, mode & W_OK ? "written" : "read", strerror(errno), name);
}

/* What a run writes: the journal, its folder, and what lies beside it. */
static bool check_rights(const char *real, const char *name, struct error *err)
{
    static const char *const ends[] = {"-wal", "-shm", ".lock"};
    char folder[PATH_MAX], path[PATH_ROOM];
    bool ok;
    size_t i;

    (void)file_path_folder(real, folder);
    ok = may_use(real, R_OK, name, true, err) &&
         may_use(real, W_OK, name, true, err) &&
         may_use(folder, W_OK | X_OK, name, true, err);
    for (i = 0; ok && i < sizeof ends / sizeof *ends; i++) {
        snprintf(path, sizeof path, "%s%s", real, ends[i]);
        ok = may_use(path, R_OK | W_OK, name, false, err);
    }
    return ok;
}

static bool read_runs(
    struct store *store, struct journal_health *health, struct error *err)
{
    return store_number(store, "SELECT coalesce(max(id), 0) FROM run",
               &health->runs, err) &&
           store_number(store, "SELECT coalesce(max(started_at), 0) FROM run",
               &health->latest_at, err);
}

static bool look_at_host(struct store *store, const char *host,
    struct journal_health *health, struct error *err)
{
    if (!host || run_host_fits(store, host, &health->fresh, &health->host))
        return true;
    if (health->host.kind == ERROR_USAGE)
        return true; // it can be told apart
    *err = health->host;
    health->host.text[0] = '\0';
    return false;
}

static bool look_once(struct view *view, const char *host,
    struct journal_health *health, struct error *err)
{
    health->host.text[0] = '\0';
    return store_whole(&view->store, view->real, err) &&
           read_runs(&view->store, health, err) &&
           look_at_host(&view->store, host, health, err) &&
           rollback_check(&view->store, err);
}

static void look_inside(
    const char *path, const char *host, struct journal_health *health)
{
    struct view view;
    bool ok;

    if (!view_open(&view, path, &health->file))
        return;
    health->old = view.old;
    ok = look_once(&view, host, health, &health->file);
    if (!view_settled(&view))
        ok = view_again(&view, &health->file) &&
             look_once(&view, host, health, &health->file);
    if (ok)
        health->file.text[0] = '\0';
    view_close(&view);
}

void journal_examine(
    const char *path, const char *host, struct journal_health *health)
{
    char real[PATH_MAX], folder[PATH_MAX];

    *health = (struct journal_health){0};
    if (!place_find(path, real, &health->file)) {
        (void)file_path_folder(path, folder);
        if (access(folder, F_OK) == 0)
            look_at_disk(folder, path, health);
        return;
    }
    look_at_disk(real, path, health);
    look_at_lock(real, health);
    look_inside(path, host, health);
    if (is_fine(&health->file))
        check_rights(real, path, &health->file);
}

static bool find_note(
    struct store *store, const char *note, int64_t *item, int64_t *at)
{
    struct error ignored;
    struct bind bind = {.stmt = store_prepare(store,
                            "SELECT order_item_id, at FROM audit WHERE note = ?"
                            " ORDER BY id DESC LIMIT 1",
                            &ignored)};
    bool found;

    if (!bind.stmt)
        return false;
    bind_text(&bind, note);
    found = bind_row(&bind) == SQLITE_ROW;
    *item = sqlite3_column_int64(bind.stmt, 0);
    *at = sqlite3_column_int64(bind.stmt, 1);
    sqlite3_finalize(bind.stmt);
    return found;
}

bool journal_noted(
    const char *path, const char *note, int64_t *item, int64_t *at)
{
    struct error ignored;
    struct view view;
    bool found;

    if (!view_open(&view, path, &ignored))
        return false;
    found = find_note(&view.store, note, item, at);
    if (!view_settled(&view))
        found = view_again(&view, &ignored) &&
                find_note(&view.store, note, item, at);
    view_close(&view);
    return found;
}
