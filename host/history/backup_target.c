/* A journal is known again by the moment it was made. */
#include "history/backup_target.h"

#include "base/beside.h"
#include "base/buf.h"
#include "base/file_path.h"
#include "journal/place.h"
#include "journal/schema.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool refuse(const char *to, const char *why, struct error *err)
{
    return error_set(err, ERROR_USAGE,
        "%s %s. It stays as it is: name another file for the backup.", to, why);
}

/* Its real path, though nothing need be there. */
static bool resolve(const char *to, char real[PATH_MAX], struct error *err)
{
    if (!file_path_real(to, real))
        return error_set(err,
            errno == ENOENT ? ERROR_USAGE : place_blame(errno),
            "cannot make the backup %s: %s", to, strerror(errno));
    return true;
}

/* "journal.db-wal" may be free now, and SQLite's next. */
static bool is_beside(const char *journal, const char *real)
{
    size_t len = strlen(journal);

    if (strncmp(journal, real, len) != 0)
        return false;
    for (size_t i = 0; i < BESIDE_ENDS; i++) {
        if (strcmp(real + len, beside_ends[i]) == 0)
            return true;
    }
    return false;
}

/* A run makes a lock, and SQLite a log, beside what it writes. */
static bool is_in_use(const char *real)
{
    static const char *const ends[] = {"-wal", "-shm", "-journal", ".lock"};
    char path[2 * PATH_MAX + 16];
    struct stat st;

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(path, sizeof path, "%s%s", real, ends[i]);
        if (lstat(path, &st) == 0)
            return true;
    }
    return false;
}

struct identity {
    int64_t made_at, runs;
};

static bool identify(
    struct store *store, struct identity *out, struct error *err)
{
    return store_number(
               store, "SELECT created_at FROM meta", &out->made_at, err) &&
           store_number(
               store, "SELECT coalesce(max(id), 0) FROM run", &out->runs, err);
}

/* False when it is none. */
static bool identify_copy(
    const char *to, const char *real, struct identity *out, struct error *err)
{
    struct store store = {.name = to};
    struct buf uri = {0};
    int version;
    bool ok = store_uri(&uri, real, "immutable=1")
                  ? store_open(&store, uri.data,
                        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err)
                  : error_memory(err);

    ok = ok && schema_look(&store, &version, err) && identify(&store, out, err);
    store_close(&store, false);
    buf_free(&uri);
    return ok;
}

static bool check_copy(
    struct view *journal, const char *to, const char *real, struct error *err)
{
    struct identity mine, other;

    if (!identify(&journal->store, &mine, err))
        return false;
    if (!identify_copy(to, real, &other, err))
        return err->kind != ERROR_MEMORY &&
               refuse(to, "is there and is no backup of a journal", err);
    if (other.made_at != mine.made_at)
        return refuse(to, "is there and is of another journal", err);
    if (other.runs > mine.runs)
        return refuse(to, "is there and knows more runs than the journal", err);
    return !is_in_use(real) ||
           refuse(to, "is there and a run has used it as its journal", err);
}

bool backup_target_check(
    struct view *journal, const char *to, bool *there, struct error *err)
{
    char real[2 * PATH_MAX];
    struct stat st;

    *there = false;
    if (!resolve(to, real, err))
        return false;
    if (is_beside(journal->real, real))
        return refuse(to, "is the journal's own", err);
    if (lstat(real, &st) != 0)
        return errno == ENOENT ||
               error_set(err, place_blame(errno),
                   "cannot make the backup %s: %s", to, strerror(errno));
    *there = true;
    if (st.st_dev == journal->before.st_dev &&
        st.st_ino == journal->before.st_ino)
        return refuse(to, "is the journal's own", err);
    if (!S_ISREG(st.st_mode))
        return refuse(to, "is there and is no file", err);
    return check_copy(journal, to, real, err);
}
