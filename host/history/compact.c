#include "history/compact.h"

#include "base/file_path.h"
#include "journal/place.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/vfs.h>

enum {
    LEAST_SHARE = 4,      // not worth it below a quarter of the file
    LEAST_BYTES = 1 << 16 // or below this
};

/* What a run wants to find on its disk. */
static const int64_t spare = INT64_C(64) << 20;

bool compact_bytes(struct store *store, int64_t *bytes, struct error *err)
{
    int64_t page = 0, pages = 0;

    if (!store_number(store, "PRAGMA page_size", &page, err) ||
        !store_number(store, "PRAGMA page_count", &pages, err))
        return false;
    *bytes = page * pages;
    return true;
}

/* Rows that got shorter leave their pages half empty, and those are no free
 * pages. */
static bool look_into_pages(
    struct store *store, int64_t *loose, struct error *err)
{
    *loose = 0;
    return !sqlite3_compileoption_used("ENABLE_DBSTAT_VTAB") ||
           store_number(store,
               "SELECT coalesce(sum(unused), 0) FROM dbstat"
               " WHERE aggregate = 1",
               loose, err);
}

/* `*used` is what the pages in use are: at most so much is written anew. */
static bool look(struct store *store, struct compact_size *size, int64_t *used,
    struct error *err)
{
    int64_t page = 0, empty = 0, loose = 0;

    if (!compact_bytes(store, &size->bytes, err) ||
        !store_number(store, "PRAGMA page_size", &page, err) ||
        !store_number(store, "PRAGMA freelist_count", &empty, err) ||
        !look_into_pages(store, &loose, err))
        return false;
    size->free = page * empty + loose;
    *used = size->bytes - page * empty;
    return true;
}

static bool is_worth_it(const struct compact_size *size)
{
    return size->free >= LEAST_BYTES && size->free >= size->bytes / LEAST_SHARE;
}

static bool look_at_disk(
    struct store *store, const char *folder, int64_t *room, struct error *err)
{
    struct statfs fs;

    if (statfs(folder, &fs) != 0)
        return error_set(err, ERROR_DISK, "cannot look at the disk of %s: %s",
            store->name, strerror(errno));
    *room = (int64_t)((uint64_t)fs.f_bavail * (uint64_t)fs.f_bsize);
    return true;
}

/* SQLite's temporary file goes where the room was looked for. No other
 * connection is open in this process that could be using the name. */
static bool write_anew(
    struct store *store, const char *folder, struct error *err)
{
    bool ok;

    sqlite3_temp_directory = sqlite3_mprintf("%s", folder);
    if (!sqlite3_temp_directory)
        return error_memory(err);
    ok = store_exec(store, "VACUUM", err) &&
         store_exec(store, "PRAGMA wal_checkpoint(TRUNCATE)", err);
    sqlite3_free(sqlite3_temp_directory);
    sqlite3_temp_directory = NULL;
    return ok;
}

bool compact(struct store *store, struct compact_size *size, int64_t *needed,
    struct error *err)
{
    char folder[PATH_MAX];
    int64_t room = 0, used = 0, wanted;

    *needed = 0;
    if (!look(store, size, &used, err))
        return false;
    if (!is_worth_it(size))
        return true;
    (void)file_path_folder(sqlite3_db_filename(store->db, "main"), folder);
    if (!look_at_disk(store, folder, &room, err))
        return false;
    wanted = 2 * used + spare;
    if (room < wanted) {
        *needed = wanted;
        return true;
    }
    size->free = 0;
    return write_anew(store, folder, err) &&
           compact_bytes(store, &size->bytes, err);
}
