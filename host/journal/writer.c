#include "journal/writer.h"

#include "base/clock.h"
#include "journal/bus.h"
#include "journal/home.h"
#include "journal/place.h"
#include "journal/rollback.h"
#include "journal/schema.h"
#include "journal/upgrade.h"

#include <poll.h>
#include <string.h>

enum { LOOK_MS = 100 }; // how often a lock that is waited for is tried

static bool is_wal(struct store *store, bool *wal, struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(store, "PRAGMA journal_mode = WAL", err);
    const unsigned char *mode;
    int rc;

    if (!stmt)
        return false;
    rc = sqlite3_step(stmt);
    mode = rc == SQLITE_ROW ? sqlite3_column_text(stmt, 0) : NULL;
    *wal = mode && strcmp((const char *)mode, "wal") == 0;
    if (!mode)
        store_fail(store, rc == SQLITE_ROW ? SQLITE_NOMEM : rc, err);
    sqlite3_finalize(stmt);
    return mode != NULL;
}

static bool make_durable(struct store *store, struct error *err)
{
    int64_t synchronous = 0;
    bool wal = false;

    if (!is_wal(store, &wal, err) ||
        !store_exec(store, "PRAGMA synchronous = FULL", err) ||
        !store_number(store, "PRAGMA synchronous", &synchronous, err))
        return false;
    if (!wal || synchronous != 2)
        return error_set(err, ERROR_USAGE,
            "the journal %s cannot be kept safe where it is: SQLite has %s "
            "there. Put it on a disk of this machine.",
            store->name, wal ? "no synchronous=FULL" : "no write-ahead log");
    return true;
}

/* That it lacks runs says more than where it is. */
static bool is_at_home(struct store *store, const char *real, struct error *err)
{
    return rollback_check(store, err) && home_check(store, real, err);
}

/* Looks before it writes: a file that is not ours is left untouched. */
static bool open_file(
    struct writer *writer, const char *real, struct error *err)
{
    struct store *store = &writer->store;
    int version = 0;

    if (!store_open(store, real, SQLITE_OPEN_READWRITE, err) ||
        !schema_look(store, &version, err) || !store_whole(store, real, err))
        return false;
    if (sqlite3_db_readonly(store->db, "main") == 1)
        return store_fail(store, SQLITE_READONLY, err);
    if (!make_durable(store, err) || !upgrade(store, real, version, err) ||
        (!writer->anywhere && !is_at_home(store, real, err)))
        return false;
    /* SQLite's own automatic checkpoint keeps its failures to itself */
    sqlite3_wal_autocheckpoint(store->db, 0);
    writer->sound = true;
    return true;
}

static bool take_lock(struct writer *writer, const char *script,
    int64_t wait_ms, struct error *err)
{
    int64_t end = clock_monotonic_ms() + wait_ms;
    const char *name = writer->store.name;
    bool ok = lock_take(&writer->lock, writer->real, name, script, err);

    while (!ok && err->kind == ERROR_HELD && clock_monotonic_ms() < end) {
        poll(NULL, 0, LOOK_MS);
        ok = lock_take(&writer->lock, writer->real, name, script, err);
    }
    return ok;
}

static bool open_path(struct writer *writer, const char *path,
    const char *script, int64_t wait_ms, struct error *err)
{
    return place_find(path, writer->real, err) &&
           place_check_kind(writer->real, path, err) &&
           place_check_beside(writer->real, path, err) &&
           take_lock(writer, script, wait_ms, err) &&
           place_check_room(writer->real, err) &&
           open_file(writer, writer->real, err);
}

static bool open_at(struct writer *writer, const char *path, const char *script,
    int64_t wait_ms, struct error *err)
{
    if (open_path(writer, path, script, wait_ms, err))
        return true;
    writer_fail(writer, err);
    return false;
}

bool writer_open(struct writer *writer, const char *path, const char *script,
    int64_t wait_ms, struct error *err)
{
    *writer = (struct writer){.store.name = path, .lock = LOCK_NONE};
    return open_at(writer, path, script, wait_ms, err);
}

bool writer_open_anywhere(struct writer *writer, const char *path,
    const char *script, int64_t wait_ms, struct error *err)
{
    *writer = (struct writer){
        .store.name = path, .lock = LOCK_NONE, .anywhere = true};
    return open_at(writer, path, script, wait_ms, err);
}

bool writer_open_memory(
    struct writer *writer, const char *name, struct error *err)
{
    *writer = (struct writer){.store.name = name, .lock = LOCK_NONE};
    return store_open(&writer->store,
               ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err) &&
           schema_create(&writer->store, err);
}

void writer_fail(struct writer *writer, const struct error *err)
{
    if (err->kind != ERROR_USAGE)
        writer->sound = false;
}

void writer_leave(struct writer *writer)
{
    bus_leave(writer->store.db);
    writer->store.db = NULL;
    writer->lock = LOCK_NONE;
    writer->sound = false;
}

static void close_store(void *arg)
{
    struct writer *writer = arg;

    store_close(&writer->store, writer->sound);
}

/* What is lost with a -shm by now is nothing but the checkpoint. */
void writer_close(struct writer *writer)
{
    if (bus_guard(close_store, writer))
        lock_release(&writer->lock);
    else
        writer_leave(writer);
}
