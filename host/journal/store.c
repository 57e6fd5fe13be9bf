#include "journal/store.h"

#include "base/file_path.h"
#include "base/mem.h"

#include "journal/journal.h"
#include "journal/place.h"
#include "journal/vfs.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How a primary result code reads. `text` gets the journal's name and
 * SQLite's own words. */
struct fault {
    int code;
    enum error_kind kind;
    const char *text, *way;
};

static const struct fault faults[] = {
    {SQLITE_FULL, ERROR_DISK, "has failed",
        "Free some space on its disk; the next run goes on by itself."},
    {SQLITE_IOERR, ERROR_DISK, "has failed",
        "Look after its disk, then: omnitron journal verify."},
    {SQLITE_CORRUPT, ERROR_DISK, "is damaged",
        "Keep a copy of it and its -wal, then: omnitron journal verify."},
    {SQLITE_NOTADB, ERROR_USAGE, "is not a journal of omnitron",
        "Name the right one with --journal, or in profile.lua."},
    {SQLITE_CANTOPEN, ERROR_USAGE, "cannot be opened",
        "It and its folder must be this user's to write."},
    {SQLITE_PERM, ERROR_USAGE, "cannot be opened",
        "It and its folder must be this user's to write."},
    {SQLITE_READONLY, ERROR_USAGE, "cannot be written",
        "It and its folder must be this user's to write."},
    {SQLITE_BUSY, ERROR_DISK, "was kept locked for 10 seconds",
        "Another program works in it (fuser names it): end that first."},
    {SQLITE_LOCKED, ERROR_DISK, "is locked",
        "Another program works in it (fuser names it): end that first."},
    {SQLITE_TOOBIG, ERROR_DISK, "has a value that this program did not write",
        "Keep a copy of it and its -wal, then: omnitron journal verify."},
    {SQLITE_CONSTRAINT, ERROR_DISK, "refused what was written",
        "Look at it with: omnitron journal verify."},
    {SQLITE_ERROR, ERROR_DISK, "is not as omnitron made it",
        "Somebody changed it: find the last good copy."},
};

static const struct fault other = {
    SQLITE_OK, ERROR_DISK, "has failed", "Try: omnitron journal verify."};

static const struct fault unopened = {SQLITE_CANTOPEN, ERROR_DISK,
    "cannot be opened", "It is this user's to write: look after its disk."};

static bool may_write(const char *path)
{
    return access(path, R_OK | W_OK) == 0 || errno == ENOENT;
}

/* SQLite meets any failure to open a file with an attempt to open it
 * read-only, and what it says is about that one. So the rights are looked at
 * here: where there is nothing amiss, it was the disk. */
static bool has_rights(const char *name)
{
    char real[PATH_MAX], folder[PATH_MAX];

    (void)file_path_folder(realpath(name, real) ? real : name, folder);
    return may_write(name) && may_write(folder);
}

static const struct fault *fault_of(const char *name, int rc)
{
    size_t i;

    if (((rc & 0xff) == SQLITE_CANTOPEN || (rc & 0xff) == SQLITE_READONLY) &&
        has_rights(name))
        return &unopened;
    for (i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        if (faults[i].code == (rc & 0xff))
            return &faults[i];
    }
    return &other;
}

static int errno_of_file(sqlite3 *db, int which)
{
    sqlite3_file *file = NULL;
    int cause = 0;

    sqlite3_file_control(db, "main", which, &file);
    if (file && file->pMethods)
        file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &cause);
    return cause;
}

/* What the kernel said: SQLite has it for an open that failed, and after a
 * failed commit only the file does. */
static int system_errno(sqlite3 *db, int rc)
{
    int cause = 0;

    if ((rc & 0xff) != SQLITE_IOERR && (rc & 0xff) != SQLITE_CANTOPEN)
        return 0;
    cause = sqlite3_system_errno(db);
    if (cause == 0)
        cause = errno_of_file(db, SQLITE_FCNTL_JOURNAL_POINTER);
    if (cause == 0)
        cause = errno_of_file(db, SQLITE_FCNTL_FILE_POINTER);
    return cause;
}

bool store_fail(struct store *store, int rc, struct error *err)
{
    const struct fault *fault = fault_of(store->name, rc);
    const char *words = sqlite3_errstr(rc);
    int cause = 0;

    if ((rc & 0xff) == SQLITE_NOMEM)
        return error_memory(err);
    if (store->db && (sqlite3_errcode(store->db) & 0xff) == (rc & 0xff)) {
        words = sqlite3_errmsg(store->db);
        cause = system_errno(store->db, rc);
    }
    return error_set(err, fault->kind, "the journal %s %s: %s%s%s. %s",
        store->name, fault->text, words, cause ? ", " : "",
        cause ? strerror(cause) : "", fault->way);
}

/* A statement of ours has some 2,000 bytes, and a value at most what a script
 * has it remember. */
static void set_limits(sqlite3 *db)
{
    static const struct {
        int limit, value;
    } limits[] = {
        {SQLITE_LIMIT_LENGTH, STORE_VALUE_MAX},
        {SQLITE_LIMIT_SQL_LENGTH, 64 << 10},
        {SQLITE_LIMIT_EXPR_DEPTH, 100},
        {SQLITE_LIMIT_COLUMN, 100},
        {SQLITE_LIMIT_VARIABLE_NUMBER, 100},
        {SQLITE_LIMIT_ATTACHED, 1}, // for VACUUM
        {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
        {SQLITE_LIMIT_WORKER_THREADS, 0},
    };

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        sqlite3_limit(db, limits[i].limit, limits[i].value);
}

static void harden(sqlite3 *db)
{
    static const struct {
        int option, value;
    } options[] = {
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
        {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    };
    size_t i;

    for (i = 0; i < sizeof options / sizeof options[0]; i++)
        sqlite3_db_config(db, options[i].option, options[i].value, NULL);
    sqlite3_exec(db, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0", NULL,
        NULL, NULL);
    set_limits(db);
}

bool store_open(
    struct store *store, const char *path, int flags, struct error *err)
{
    int rc = sqlite3_open_v2(path, &store->db, flags, VFS_NAME);

    if (rc != SQLITE_OK) {
        store_fail(store, rc, err);
        store_close(store, false);
        return false;
    }
    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_busy_timeout(store->db, STORE_BUSY_MS);
    harden(store->db);
    return true;
}

bool store_uri(struct buf *uri, const char *path, const char *how)
{
    bool ok = buf_puts(uri, "file:");

    for (; ok && *path; path++)
        ok = strchr("%?#", *path) != NULL
                 ? buf_printf(uri, "%%%02X", (unsigned)*path)
                 : buf_putc(uri, *path);
    return ok && buf_printf(uri, "?%s", how);
}

void store_close(struct store *store, bool checkpoint)
{
    if (!store->db)
        return;
    if (!checkpoint)
        sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_close(store->db);
    store->db = NULL;
}

bool store_exec(struct store *store, const char *sql, struct error *err)
{
    int rc = sqlite3_exec(store->db, sql, NULL, NULL, NULL);

    return rc == SQLITE_OK || store_fail(store, rc, err);
}

void store_rollback(struct store *store)
{
    if (!sqlite3_get_autocommit(store->db))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

sqlite3_stmt *store_prepare(
    struct store *store, const char *sql, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v3(
        store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);

    if (rc != SQLITE_OK)
        store_fail(store, rc, err);
    return stmt;
}

bool store_number(
    struct store *store, const char *sql, int64_t *number, struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(store, sql, err);
    int rc;

    if (!stmt)
        return false;
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        *number = sqlite3_column_int64(stmt, 0);
    else
        store_fail(store, rc == SQLITE_DONE ? SQLITE_CORRUPT : rc, err);
    sqlite3_finalize(stmt);
    return rc == SQLITE_ROW;
}

static bool has_log(const char *real)
{
    char path[PATH_MAX + 8];
    struct stat st;

    snprintf(path, sizeof path, "%s-wal", real);
    return stat(path, &st) == 0 && st.st_size > 0;
}

/* SQLite takes the end of a file that was cut inside its last page for zeros,
 * and the rows that were there for none. A log still has the page whole:
 * that is a checkpoint which a crash has cut. */
bool store_whole(struct store *store, const char *real, struct error *err)
{
    struct stat st;
    int64_t page = 0;

    if (!store_number(store, "PRAGMA page_size", &page, err))
        return false;
    if (stat(real, &st) != 0)
        return error_set(err, place_blame(errno),
            "cannot look at the journal %s: %s", store->name, strerror(errno));
    if (page <= 0 || st.st_size % page == 0 || has_log(real))
        return true;
    return error_set(err, ERROR_DISK,
        "the journal %s is damaged: its end is cut off. "
        "Keep a copy of it, and find the last good one.",
        store->name);
}

const char *journal_version(void)
{
    return sqlite3_libversion();
}

static void *heap_alloc(int size)
{
    return mem_alloc((size_t)size);
}

static void *heap_realloc(void *block, int size)
{
    return mem_realloc(block, (size_t)size);
}

static int heap_size(void *block)
{
    return block ? (int)mem_size(block) : 0;
}

static int heap_roundup(int size)
{
    return (size + 7) & ~7;
}

static int heap_init(void *arg)
{
    (void)arg;
    return SQLITE_OK;
}

static void heap_shutdown(void *arg)
{
    (void)arg;
}

const sqlite3_mem_methods *store_memory(void)
{
    static const sqlite3_mem_methods methods = {
        .xMalloc = heap_alloc,
        .xFree = mem_free,
        .xRealloc = heap_realloc,
        .xSize = heap_size,
        .xRoundup = heap_roundup,
        .xInit = heap_init,
        .xShutdown = heap_shutdown,
    };

    return &methods;
}
