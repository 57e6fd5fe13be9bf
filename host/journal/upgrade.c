#include "journal/upgrade.h"

#include "base/file_path.h"
#include "base/log.h"
#include "base/move.h"
#include "journal/place.h"
#include "journal/schema.h"
#include "journal/tempdb.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
    COPIES_MOST = 100, // of one version
    STEP_PAGES = 1024,
    SPARE_BYTES = 64 << 20, // what a run wants to find free anyway
    MIB = 1 << 20
};

struct keeping {
    struct store *store;
    const char *real;
    int version;
    char name[PATH_MAX + 24];  // of the copy
    char draft[PATH_MAX + 64]; // its name until it is complete
};

static bool say(const struct keeping *k, const char *why, struct error *err)
{
    return error_set(err, place_blame(errno),
        "the journal %s is of version %d, and the copy that is kept of it "
        "before it is brought up cannot be %s: %s. Nothing was changed.",
        k->store->name, k->version, why, strerror(errno));
}

static bool is_empty(struct store *store, bool *empty, struct error *err)
{
    int64_t rows = 0;

    if (!store_number(store,
            "SELECT (SELECT count(*) FROM (SELECT 1 FROM release LIMIT 1)) +"
            " (SELECT count(*) FROM run)",
            &rows, err))
        return false;
    *empty = rows == 0;
    return true;
}

static bool check_room(const struct keeping *k, struct error *err)
{
    int64_t pages = 0, page = 0;
    struct statvfs fs;

    if (!store_number(k->store, "PRAGMA page_count", &pages, err) ||
        !store_number(k->store, "PRAGMA page_size", &page, err))
        return false;
    if (statvfs(k->real, &fs) != 0)
        return say(k, "made", err);
    int64_t needed = pages * page + SPARE_BYTES;
    int64_t room = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
    return room >= needed ||
           error_set(err, ERROR_DISK,
               "the journal %s is of version %d, and a copy of it is kept "
               "before it is brought up: that needs %lld MiB on its disk, "
               "where %lld are free. Free some space; nothing was changed.",
               k->store->name, k->version, (long long)(needed / MIB + 1),
               (long long)(room / MIB));
}

static bool fail_copy(const struct keeping *k, int rc, struct error *err)
{
    return error_set(err, ERROR_DISK,
        "the journal %s is of version %d, and the copy that is kept of it "
        "before it is brought up was not made: %s. Look after its disk; "
        "nothing was changed.",
        k->store->name, k->version, sqlite3_errstr(rc));
}

static bool copy_into(
    const struct keeping *k, struct store *copy, struct error *err)
{
    sqlite3_backup *backup =
        sqlite3_backup_init(copy->db, "main", k->store->db, "main");
    int rc = SQLITE_OK;

    if (!backup)
        return fail_copy(k, sqlite3_errcode(copy->db), err);
    while (rc == SQLITE_OK)
        rc = sqlite3_backup_step(backup, STEP_PAGES);
    int end = sqlite3_backup_finish(backup);
    if (rc == SQLITE_DONE && end == SQLITE_OK)
        return true;
    return fail_copy(k, rc == SQLITE_DONE ? end : rc, err);
}

/* No locks: nobody knows the file's name. */
static bool copy(const struct keeping *k, struct error *err)
{
    struct store store = {.name = k->draft};
    struct buf uri = {0};
    bool ok = store_uri(&uri, k->draft, "vfs=unix-none")
                  ? store_open(&store, uri.data,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI, err)
                  : error_memory(err);

    ok = ok && copy_into(k, &store, err);
    store_close(&store, false);
    buf_free(&uri);
    return ok;
}

static bool make_durable(const struct keeping *k, struct error *err)
{
    int fd = open(k->draft, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (!ok)
        say(k, "made durable", err);
    if (fd >= 0) {
        place_hand_over(fd, k->real);
        close(fd);
    }
    return ok;
}

/* The first name that is free: what is there is an earlier copy. */
static bool give_name(struct keeping *k, struct error *err)
{
    char folder[PATH_MAX];

    for (int n = 1; n <= COPIES_MOST; n++) {
        char nth[16] = "";
        if (n > 1)
            snprintf(nth, sizeof nth, "-%d", n);
        snprintf(k->name, sizeof k->name, "%s.v%d%s", k->real, k->version, nth);
        if (move_to_new(k->draft, k->name))
            return file_path_folder(k->name, folder) &&
                   place_sync_folder(folder, err);
        if (errno != EEXIST)
            break;
    }
    return say(k, "named", err);
}

static bool keep(struct keeping *k, struct error *err)
{
    snprintf(k->draft, sizeof k->draft, "%s.v%d.new-%ld", k->real, k->version,
        (long)getpid());
    if (!check_room(k, err))
        return false;
    if (!tempdb_make(k->draft))
        return say(k, "made", err);
    if (copy(k, err) && make_durable(k, err) && give_name(k, err))
        return true;
    tempdb_remove(k->draft);
    return false;
}

bool upgrade(
    struct store *store, const char *real, int version, struct error *err)
{
    struct keeping k = {store, real, version, "", ""};
    bool empty = true;

    if (version == schema_version())
        return true;
    if (!is_empty(store, &empty, err) || (!empty && !keep(&k, err)) ||
        !schema_bring_up(store, version, err))
        return false;
    if (!empty)
        log_warn("the journal %s was of version %d and is brought up to %d, "
                 "which an earlier omnitron cannot read; as it was it is kept "
                 "as %s",
            store->name, version, schema_version(), k.name);
    return true;
}
