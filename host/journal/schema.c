#include "journal/schema.h"

#include "base/clock.h"
#include "journal/bind.h"
#include "journal/bus.h"
#include "journal/shape.h"

#include <stdio.h>

/* A row of `release` holds the latest attempt: `started_at` NULL means that
 * there was none. `attempt_stock` is what that attempt asked for;
 * `update_stock` may change with its outcome.
 *
 * Both indexes are on the path of every release, so they are as small as they
 * can be. release_open has no confirmed row: it stays one or two pages, and a
 * million confirmed rows do not slow the counting of the others. release_run
 * grows at its end only, gives a run its rows, and being the smallest full
 * index it is what count(*) walks. The states are joined by OR: for IN with
 * more than two SQLite makes a table of them each time a row is written. */
static const char first[] =
    "CREATE TABLE meta ("
    " id INTEGER PRIMARY KEY CHECK (id = 1),"
    " host TEXT,"
    " created_at INTEGER NOT NULL"
    ") STRICT;"

    "CREATE TABLE release ("
    " order_item_id INTEGER PRIMARY KEY,"
    " code TEXT NOT NULL"
    "  CHECK (length(CAST(code AS BLOB)) BETWEEN 1 AND 255),"
    " update_stock INTEGER NOT NULL CHECK (update_stock IN (0, 1)),"
    " state TEXT NOT NULL CHECK (state = 'sending' OR state = 'confirmed'"
    "  OR state = 'pending' OR state = 'rejected' OR state = 'unknown'"
    "  OR state = 'cancelled'),"
    " attempts INTEGER NOT NULL CHECK (attempts >= 0),"
    " attempt_stock INTEGER CHECK (attempt_stock IN (0, 1)),"
    " applied_stock INTEGER CHECK (applied_stock IN (0, 1)),"
    " started_at INTEGER,"
    " ms INTEGER,"
    " sent INTEGER CHECK (sent IN (0, 1)),"
    " curl INTEGER,"
    " http_status INTEGER,"
    " outcome TEXT,"
    " why TEXT,"
    " message TEXT,"
    " reply BLOB,"
    " mapping_pk INTEGER,"
    " content_type INTEGER,"
    " integration_type TEXT,"
    " source TEXT,"
    " name TEXT,"
    " seen TEXT,"
    " run INTEGER NOT NULL,"
    " first_at INTEGER NOT NULL,"
    " last_at INTEGER NOT NULL,"
    " CHECK (state <> 'confirmed' OR applied_stock IS NOT NULL),"
    " CHECK (state <> 'sending' OR started_at IS NOT NULL)"
    ") STRICT;"
    "CREATE INDEX release_open ON release (state)"
    " WHERE state <> 'confirmed';"
    "CREATE INDEX release_run ON release (run);"

    "CREATE TABLE attempt ("
    " order_item_id INTEGER NOT NULL,"
    " n INTEGER NOT NULL CHECK (n > 0),"
    " started_at INTEGER NOT NULL,"
    " ms INTEGER,"
    " code TEXT NOT NULL,"
    " update_stock INTEGER NOT NULL CHECK (update_stock IN (0, 1)),"
    " sent INTEGER CHECK (sent IN (0, 1)),"
    " curl INTEGER,"
    " http_status INTEGER,"
    " reply BLOB,"
    " outcome TEXT,"
    " why TEXT,"
    " PRIMARY KEY (order_item_id, n)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE audit ("
    " id INTEGER PRIMARY KEY,"
    " order_item_id INTEGER NOT NULL,"
    " at INTEGER NOT NULL,"
    " who TEXT NOT NULL,"
    " what TEXT NOT NULL,"
    " note TEXT"
    ") STRICT;"
    "CREATE INDEX audit_item ON audit (order_item_id);"

    "CREATE TABLE conflict ("
    " order_item_id INTEGER NOT NULL,"
    " code TEXT NOT NULL,"
    " update_stock INTEGER NOT NULL CHECK (update_stock IN (0, 1)),"
    " source TEXT,"
    " name TEXT,"
    " run INTEGER NOT NULL,"
    " first_at INTEGER NOT NULL,"
    " last_at INTEGER NOT NULL,"
    " PRIMARY KEY (order_item_id, code, update_stock)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE run ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " started_at INTEGER NOT NULL,"
    " ended_at INTEGER,"
    " script TEXT,"
    " host TEXT,"
    " pid INTEGER NOT NULL,"
    " exit INTEGER,"
    " summary TEXT"
    ") STRICT;"

    "CREATE TABLE cursor ("
    " key TEXT PRIMARY KEY,"
    " value TEXT NOT NULL,"
    " at INTEGER NOT NULL,"
    " run INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;";

/* `resent`: the row was unknown and the profile's when_unknown = "resend" has
 * spent its one further attempt. */
static const char second[] =
    "ALTER TABLE release ADD COLUMN resent INTEGER NOT NULL DEFAULT 0"
    " CHECK (resent IN (0, 1));";

/* `input`: the rows of an input that did not become a release, one for each
 * (source, name, item). The rows are long and the key is not their order, so
 * it is no WITHOUT ROWID table. */
static const char third[] =
    "ALTER TABLE run ADD COLUMN script_hash TEXT;"

    "CREATE TABLE input ("
    " source TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " item TEXT NOT NULL,"
    " what TEXT NOT NULL CHECK (what = 'failed' OR what = 'invalid'"
    "  OR what = 'later' OR what = 'skipped'),"
    " message TEXT NOT NULL,"
    " place TEXT NOT NULL,"
    " seen TEXT,"
    " first_run INTEGER NOT NULL,"
    " run INTEGER NOT NULL,"
    " first_at INTEGER NOT NULL,"
    " last_at INTEGER NOT NULL,"
    " times INTEGER NOT NULL CHECK (times > 0),"
    " PRIMARY KEY (source, name, item)"
    ") STRICT;";

/* `home`: where the file was when it was last written. `pause`: a row while a
 * person has stopped the sending. `word`: the fields of the rows that rules
 * saw, of the runs up to meta.words_run; what later runs kept is looked
 * through. */
static const char fourth[] =
    "CREATE TABLE home ("
    " id INTEGER PRIMARY KEY CHECK (id = 1),"
    " machine TEXT NOT NULL,"
    " device INTEGER NOT NULL,"
    " inode INTEGER NOT NULL,"
    " born INTEGER NOT NULL,"
    " path TEXT NOT NULL"
    ") STRICT;"

    "CREATE TABLE pause ("
    " id INTEGER PRIMARY KEY CHECK (id = 1),"
    " at INTEGER NOT NULL,"
    " who TEXT NOT NULL,"
    " note TEXT NOT NULL"
    ") STRICT;"

    "CREATE TABLE word ("
    " value TEXT NOT NULL,"
    " order_item_id INTEGER NOT NULL,"
    " PRIMARY KEY (value, order_item_id)"
    ") STRICT, WITHOUT ROWID;"

    "ALTER TABLE meta ADD COLUMN words_run INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE release ADD COLUMN order_number TEXT;";

/* migrations[i] takes a file from user_version i to i + 1. */
static const char *const migrations[] = {first, second, third, fourth};

enum { VERSION = sizeof migrations / sizeof migrations[0] };

/* What shape_known goes by, of a file of version i + 1: a file that does not
 * have it is compared in full, so a wrong one costs time and nothing else. */
static const char *const digests[VERSION] = {
    "794771ece29c4d085aa83727fb5b91bb845ae8dbc2afdd3c5969a071bbea1f37",
    "d3fcc609f9980e1b7c774a5318648c4553e3a3ca65f106c4fb430ab9ef21f57e",
    "5d7e226f3f4705b196c52ba051d49f10794b72dc590eea8f1b56bce1bef89bfe",
    "3180c4d996c5a0f50cafe94e793f561068edce3a6dc9140d7693b0a53a36a8ab",
};

const char *schema_digest(int version)
{
    return version >= 1 && version <= VERSION ? digests[version - 1] : "";
}

int schema_version(void)
{
    return VERSION;
}

static bool take_step(struct store *store, int version, struct error *err)
{
    char stamp[96];

    snprintf(stamp, sizeof stamp,
        "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
        (int)SCHEMA_APPLICATION, version + 1);
    if (store_exec(store, "BEGIN IMMEDIATE", err) &&
        store_exec(store, migrations[version], err) &&
        store_exec(store, stamp, err))
        return true;
    store_rollback(store);
    return false;
}

static bool take_steps(
    struct store *store, int version, int last, struct error *err)
{
    while (version < last) {
        if (!take_step(store, version, err))
            return false;
        version++;
    }
    return true;
}

/* The file is compared with what the same steps make in memory. */
struct comparing {
    struct store *store, made;
    bool ok;
    struct error *err;
};

static void compare(void *arg)
{
    struct comparing *c = arg;

    c->ok = shape_check(c->store, &c->made, c->err);
}

static bool look_at_shape(struct store *store, int version, struct error *err)
{
    struct comparing c = {.store = store, .made.name = store->name, .err = err};
    bool known = false;

    if (!shape_known(store, schema_digest(version), &known, err))
        return false;
    if (known)
        return true;
    if (!store_open(&c.made,
            ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err))
        return false;
    c.ok = take_steps(&c.made, 0, version, err);
    if (c.ok && !bus_guard(compare, &c)) {
        store_close(&c.made, false);
        bus_again();
    }
    store_close(&c.made, false);
    return c.ok;
}

bool schema_look(struct store *store, int *version, struct error *err)
{
    int64_t application = 0, found = 0;

    if (!store_number(store, "PRAGMA application_id", &application, err) ||
        !store_number(store, "PRAGMA user_version", &found, err))
        return false;
    if (application != SCHEMA_APPLICATION || found < 1)
        return error_set(err, ERROR_USAGE,
            "%s is not a journal of omnitron. "
            "Name the right one with --journal, or in profile.lua.",
            store->name);
    if (found > VERSION)
        return error_set(err, ERROR_USAGE,
            "the journal %s has version %lld and this omnitron knows %d. "
            "Install the newer omnitron that wrote it.",
            store->name, (long long)found, (int)VERSION);
    *version = (int)found;
    return look_at_shape(store, *version, err);
}

/* The statements of this program are written for its own version, and who only
 * reads must not bring a file up. So what the file lacks is put over it by
 * temporary views, which live in the connection and go with it: "views in the
 * TEMP schema are always allowed" (SQLite, SQLITE_DBCONFIG_ENABLE_VIEW), and a
 * name without a schema means the temporary one first. */

/* shows[i] gives a file of version i + 1 what version i + 2 added; what it made
 * a view of has what later ones added to that, too. */
static const char *const shows[] = {
    "CREATE TEMP VIEW release AS SELECT *, 0 AS resent, NULL AS order_number"
    " FROM main.release",
    "CREATE TEMP VIEW run AS SELECT *, NULL AS script_hash FROM main.run;"
    "CREATE TEMP VIEW input AS SELECT '' AS source, '' AS name, '' AS item,"
    " '' AS what, '' AS message, '' AS place, NULL AS seen, 0 AS first_run,"
    " 0 AS run, 0 AS first_at, 0 AS last_at, 0 AS times WHERE 0",
    "CREATE TEMP VIEW home AS SELECT 1 AS id, '' AS machine, 0 AS device,"
    " 0 AS inode, 0 AS born, '' AS path WHERE 0;"
    "CREATE TEMP VIEW pause AS SELECT 1 AS id, 0 AS at, '' AS who, '' AS note"
    " WHERE 0;"
    "CREATE TEMP VIEW word AS SELECT '' AS value, 0 AS order_item_id WHERE 0;"
    "CREATE TEMP VIEW meta AS SELECT *, 0 AS words_run FROM main.meta;"
    "CREATE TEMP VIEW IF NOT EXISTS release AS"
    " SELECT *, NULL AS order_number FROM main.release",
};

bool schema_show(struct store *store, int version, struct error *err)
{
    if (version >= VERSION)
        return true;
    if (!store_exec(store, "PRAGMA temp_store = MEMORY", err))
        return false;
    for (; version < VERSION; version++) {
        if (!store_exec(store, shows[version - 1], err))
            return false;
    }
    return true;
}

bool schema_bring_up(struct store *store, int version, struct error *err)
{
    return take_steps(store, version, VERSION, err);
}

bool schema_create(struct store *store, struct error *err)
{
    struct bind bind = {0};

    if (!schema_bring_up(store, 0, err))
        return false;
    bind.stmt = store_prepare(
        store, "INSERT INTO meta (id, created_at) VALUES (1, ?)", err);
    if (!bind.stmt)
        return false;
    bind_number(&bind, clock_wall_ms());
    return bind_once(store, &bind, err);
}
