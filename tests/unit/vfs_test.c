/* The WAL's file: what another connection, which knows nothing of ours, reads
 * beside it; what a write that fails leads to, and a file that was cut. */
#include "journal/vfs.h"
#include "journal_rig.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static struct {
    int calls, bytes;
    int fails; // the call that does, from 1; 0: none
} wal;

static bool is_wal(int fd)
{
    char link[40], path[PATH_MAX];

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, sizeof path);
    return len > 4 && memcmp(path + len - 4, "-wal", 4) == 0;
}

/* In place of the C library's: looks, then does it. */
ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
    if (is_wal(fd)) {
        wal.bytes += (int)len;
        if (++wal.calls == wal.fails) {
            errno = ENOSPC;
            return -1;
        }
    }
    return syscall(SYS_pwrite64, fd, bytes, len, at);
}

static sqlite3 *open_with(const struct rig *rig, const char *vfs)
{
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3 *db;

    assert_int_equal(sqlite3_open_v2(rig->path, &db, flags, vfs), SQLITE_OK);
    return db;
}

static int try(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static void run(sqlite3 *db, const char *sql)
{
    if (try(db, sql) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

static int number(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int n = sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    return n;
}

/* Two connections: one by our VFS, and one by the system's. */
struct pair {
    sqlite3 *ours, *other;
};

/* About one row fits into a page. */
static struct pair open_pair(const struct rig *rig)
{
    struct pair pair = {.ours = NULL};

    memset(&wal, 0, sizeof wal);
    pair.ours = open_with(rig, VFS_NAME);
    run(pair.ours, "PRAGMA journal_mode = WAL;"
                   "PRAGMA synchronous = FULL;"
                   "PRAGMA wal_autocheckpoint = 0;"
                   "CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)");
    pair.other = open_with(rig, "unix");
    memset(&wal, 0, sizeof wal);
    return pair;
}

static void close_pair(struct pair *pair)
{
    assert_int_equal(sqlite3_close(pair->ours), SQLITE_OK);
    assert_int_equal(sqlite3_close(pair->other), SQLITE_OK);
}

#define ROWS(N)                                                                \
    "INSERT INTO t (b) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL "           \
    "SELECT i + 1 FROM n WHERE i < " #N ") SELECT randomblob(3500) FROM n;"

/* The other one finds so many rows, and nothing amiss. */
static void check(const struct pair *pair, int rows)
{
    assert_int_equal(number(pair->other, "SELECT count(*) FROM t"), rows);
    assert_int_equal(
        number(pair->other, "SELECT count(*) FROM pragma_integrity_check "
                            "WHERE integrity_check = 'ok'"),
        1);
}

/* Eight pages of rows, and those above them. */
static void test_commits(void **state)
{
    struct pair pair = open_pair(*state);

    for (int i = 1; i <= 20; i++) {
        memset(&wal, 0, sizeof wal);
        run(pair.ours, ROWS(8));
        assert_in_range(wal.bytes, 8 * 4120, 15 * 4120);
        check(&pair, 8 * i);
    }
    close_pair(&pair);
}

static void test_large(void **state)
{
    struct pair pair = open_pair(*state);

    run(pair.ours, ROWS(1000));
    assert_in_range(wal.bytes, 1000 * 4120, 1100 * 4120);
    check(&pair, 1000);
    close_pair(&pair);
}

/* What does not fit into the cache is written before the commit, and read
 * again. */
static void test_spilled(void **state)
{
    struct pair pair = open_pair(*state);

    run(pair.ours,
        "PRAGMA cache_size = 10; BEGIN;" ROWS(
            300) "UPDATE t SET b = randomblob(3400) WHERE a % 3 = 0;");
    assert_in_range(wal.calls, 10, 4000);
    assert_int_equal(
        number(pair.ours, "SELECT sum(length(b)) FROM t"), 300 * 3500 - 10000);
    check(&pair, 0);
    run(pair.ours, "COMMIT");
    check(&pair, 300);
    close_pair(&pair);
}

static void test_rolled_back(void **state)
{
    struct pair pair = open_pair(*state);

    run(pair.ours, "PRAGMA cache_size = 10;" ROWS(5) "BEGIN;" ROWS(
                       300) "SAVEPOINT s;" ROWS(100) "ROLLBACK TO s; ROLLBACK");
    check(&pair, 5);
    run(pair.ours, ROWS(7));
    check(&pair, 12);
    run(pair.other, ROWS(1));
    run(pair.ours, "BEGIN;" ROWS(300) "ROLLBACK");
    assert_int_equal(sqlite3_close(pair.ours), SQLITE_OK);
    pair.ours = NULL;
    check(&pair, 13);
    close_pair(&pair);
}

/* A log that begins anew, and one that is cut. */
static void test_checkpoints(void **state)
{
    static const char *const ways[] = {
        "PASSIVE", "FULL", "RESTART", "TRUNCATE"};
    struct pair pair = open_pair(*state);
    char sql[80];

    run(pair.ours, "PRAGMA journal_size_limit = 40000");
    for (int i = 1; i <= 40; i++) {
        run(i % 5 ? pair.ours : pair.other, ROWS(20));
        check(&pair, 20 * i);
        snprintf(sql, sizeof sql, "PRAGMA wal_checkpoint(%s)", ways[i % 4]);
        run(i % 3 ? pair.ours : pair.other, sql);
        check(&pair, 20 * i);
    }
    close_pair(&pair);
}

/* At each write of a commit: nothing of it is there, and the next one goes
 * where it would have been. */
static void test_failed_commit(void **state)
{
    struct pair pair = open_pair(*state);
    int fails = 0, rc;

    run(pair.ours, ROWS(3));
    do {
        memset(&wal, 0, sizeof wal);
        wal.fails = ++fails;
        rc = try(pair.ours, ROWS(50));
        if (rc == SQLITE_OK)
            break;
        assert_int_equal(rc, SQLITE_FULL);
        check(&pair, 3);
        assert_int_equal(wal.calls, fails); // that was the last
        run(pair.ours, ROWS(1));
        check(&pair, 4);
        run(pair.ours, "DELETE FROM t WHERE a > 3");
        check(&pair, 3);
    } while (fails < 300);
    assert_in_range(fails, 100, 299);
    check(&pair, 53);
    close_pair(&pair);
}

/* A statement whose pages a full disk takes no more takes the whole
 * transaction with it. */
static void test_failed_spill(void **state)
{
    struct pair pair = open_pair(*state);

    run(pair.ours, "CREATE UNIQUE INDEX i ON t (b);"
                   "PRAGMA cache_size = 10; BEGIN;" ROWS(200));
    wal.fails = wal.calls + 1;
    assert_int_equal(
        try(pair.ours, "UPDATE t SET b = randomblob(3400) WHERE a < 50"),
        SQLITE_FULL);
    assert_int_not_equal(try(pair.ours, "COMMIT"), SQLITE_OK);
    check(&pair, 0);
    run(pair.ours, ROWS(2));
    check(&pair, 2);
    close_pair(&pair);
}

/* No commit makes a file that was cut short grow over the gap. */
static void test_cut(void **state)
{
    const struct rig *rig = *state;
    struct pair pair = open_pair(rig);
    char path[PATH_MAX + 8];
    struct stat st;

    run(pair.ours, ROWS(20));
    snprintf(path, sizeof path, "%s-wal", rig->path);
    assert_int_equal(truncate(path, 10000), 0);
    assert_int_equal(try(pair.ours, ROWS(1)), SQLITE_IOERR_SHORT_READ & 0xFF);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_size, 10000);
    sqlite3_close(pair.ours);
    sqlite3_close(pair.other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_commits, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(test_large, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(test_spilled, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(
            test_rolled_back, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(
            test_checkpoints, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(
            test_failed_commit, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(
            test_failed_spill, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(test_cut, rig_setup, rig_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
